/** `agent`: a run with no person there. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { CODE_CHECKS, type CodeCheck } from '../../agent/checks/check-command.ts';
import type { Limits } from '../../session/events.ts';
import { type OpenPage, withCommandPage } from '../command-page.ts';
import type { AgentEnd, AgentRequest } from '../page-api.ts';
import { callUntilStopped } from '../run-agent-request.ts';
import { StopRequest, stoppable } from '../stop-signals.ts';
import { collect, parseCount, parsePositive, UsageError } from './arguments.ts';
import { addModelOptions, type ModelOptions, modelRequest } from './model-options.ts';

interface Options extends ModelOptions {
  task: string;
  model: string;
  planner?: string;
  executor?: string;
  reviewer?: string;
  strategy: string;
  candidates?: string;
  limit: string[];
  goal?: string;
  checks?: string;
  require?: string;
  out: string;
  apply?: boolean;
}

const LIMITS: readonly (keyof Limits)[] = ['steps', 'attempts', 'seconds', 'tokens', 'cost', 'output'];

export function addAgentCommand(program: Command, root: string): void {
  const command = program
    .command('agent')
    .description('run the agent on a task; exit code 0 only when solved')
    .requiredOption('--task <dir or name>', 'a folder, or the name of a task of the gallery')
    .requiredOption('--model <model>', 'solver, openai:NAME, HOST:NAME or replay:FILE')
    .requiredOption('--out <file>', 'where the session file goes')
    .option('--strategy <name>', 'how the agent works; a wrong name lists them all', 'loop')
    .option('--planner <model>', 'the model that plans; --model where it is not given')
    .option('--executor <model>', "the model that does a plan's steps; --model where it is not given")
    .option('--reviewer <model>', 'the model that reviews; --model where it is not given')
    .option('--candidates <n>', 'how many candidates are made at once')
    .option('--limit <K=V>', `a limit: ${LIMITS.join(', ')} (repeatable)`, collect, [])
    .option('--goal <text>', 'what is to be done, for a folder without task.json')
    .option('--checks <names>', 'also run lint, types or lint,types on the result, as information')
    .option('--require <names>', 'likewise, and what is new must pass')
    .option('--apply', 'write the accepted attempt back into the folder');
  addModelOptions(command).action(async (options: Options) => {
    process.exitCode = await runAgentCommand(root, options);
  });
}

async function runAgentCommand(root: string, options: Options): Promise<number> {
  const folder = await taskFolder(root, options.task);
  if (options.apply && folder === null)
    throw new UsageError('--apply needs --task DIR: a task of the gallery has no folder of yours');
  let stopCode: number | null = null;
  const work = async (open: OpenPage, stop: AbortSignal): Promise<AgentEnd> => {
    const request: AgentRequest = {
      task: folder === null ? { name: options.task } : { pack: await open.publish(folder), name: basename(folder) },
      goal: options.goal ?? null,
      model: await modelRequest(options.model, options, open),
      models: await roleRequests(options, open),
      strategy: options.strategy,
      candidates: options.candidates === undefined ? null : parseCount('--candidates', options.candidates),
      limits: Object.fromEntries(options.limit.map(parseLimit)),
      checks: { run: parseChecks('--checks', options.checks), require: parseChecks('--require', options.require) },
    };
    stop.addEventListener('abort', () => {
      stopCode = stop.reason instanceof StopRequest ? stop.reason.exitCode : 1;
    });
    return callUntilStopped(open, request, stop);
  };
  const end = await stoppable((stop) => withCommandPage(root, report, (open) => work(open, stop)));
  await mkdir(dirname(resolve(options.out)), { recursive: true });
  await writeFile(options.out, end.session);
  const isAccepted = end.outcome === 'solved' && end.hidden !== false;
  const note = end.hidden === false ? ' (the held-out tests fail)' : '';
  process.stdout.write(`${end.outcome}${note}: ${end.explanation}\n`);
  if (options.apply && folder !== null && isAccepted) await applyChanges(folder, end.changes);
  return isAccepted ? 0 : (stopCode ?? 1);
}

const report: Parameters<typeof withCommandPage>[1] = (message) => {
  if (message.type === 'progress') process.stderr.write(`${message.text}\n`);
};

/** The folder, or null for a name of the gallery. */
async function taskFolder(root: string, task: string): Promise<string | null> {
  if ((await stat(task).catch(() => null))?.isDirectory()) return resolve(task);
  if ((await stat(join(root, 'public/tasks', task)).catch(() => null))?.isDirectory() && !task.includes(sep))
    return null;
  throw new UsageError(`--task ${task}: neither a folder nor a task of the gallery`);
}

async function roleRequests(options: Options, open: OpenPage): Promise<AgentRequest['models']> {
  const { planner, executor, reviewer } = options;
  return {
    ...(planner === undefined ? {} : { planner: await modelRequest(planner, options, open) }),
    ...(executor === undefined ? {} : { executor: await modelRequest(executor, options, open) }),
    ...(reviewer === undefined ? {} : { reviewer: await modelRequest(reviewer, options, open) }),
  };
}

function parseLimit(text: string): [keyof Limits, number] {
  const [name, value] = text.split('=', 2);
  const limit = LIMITS.find((candidate) => candidate === name);
  if (!limit || value === undefined)
    throw new UsageError(`--limit ${text}: write it as K=V with K one of ${LIMITS.join(', ')}`);
  return [limit, parsePositive(`--limit ${limit}`, value)];
}

function parseChecks(option: string, text = ''): readonly CodeCheck[] {
  return text
    .split(',')
    .filter((name) => name.trim() !== '')
    .map((name) => {
      const check = CODE_CHECKS.find((one) => one === name.trim());
      if (!check) throw new UsageError(`${option}: "${name}" is no check: use ${CODE_CHECKS.join(', ')}`);
      return check;
    });
}

async function applyChanges(folder: string, changes: AgentEnd['changes']): Promise<void> {
  // A task folder keeps its files in files/; a plain folder is the project itself.
  const hasTask = (await stat(join(folder, 'task.json')).catch(() => null)) !== null;
  const base = hasTask ? join(folder, 'files') : folder;
  for (const { path, base64 } of changes) {
    const target = resolve(base, path);
    if (!target.startsWith(base + sep)) throw new Error(`${path} leads out of the folder: not written`);
    if (base64 === null) await rm(target, { force: true });
    else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, Buffer.from(base64, 'base64'));
    }
  }
}
