/** `agent`: a run with no person there. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { applyChanges } from '../apply-changes.ts';
import { withCommandPage } from '../command-page.ts';
import type { AgentEnd } from '../page-api.ts';
import { callUntilStopped } from '../run-agent-request.ts';
import { stopCode, stoppable } from '../stop-signals.ts';
import { UsageError } from './arguments.ts';
import { addRunOptions, agentRequest, type RunOptions } from './run-options.ts';

interface Options extends RunOptions {
  task: string;
  model: string;
  strategy: string;
  out: string;
  scorecard?: string;
  apply?: boolean;
}

export function addAgentCommand(program: Command, root: string): void {
  const command = program
    .command('agent')
    .description('run the agent on a task; exit code 0 only when solved')
    .requiredOption('--task <dir or name>', 'a folder, or the name of a task of the gallery')
    .requiredOption('--model <model>', 'solver, openai:NAME, HOST:NAME, person or replay:FILE')
    .requiredOption('--out <file>', 'where the session file goes')
    .option('--strategy <name>', 'how the agent works; a wrong name lists them all', 'loop')
    .option('--scorecard <file>', 'where a scorecard of each attempt goes, as JSON')
    .option('--apply', 'write the accepted attempt back into the folder');
  addRunOptions(command).action(async (options: Options) => {
    process.exitCode = await runAgentCommand(root, options);
  });
}

async function runAgentCommand(root: string, options: Options): Promise<number> {
  const folder = await taskFolder(root, options.task);
  if (options.apply && folder === null)
    throw new UsageError('--apply needs --task DIR: a task of the gallery has no folder of yours');
  const { end, code } = await stoppable(async (stop) => {
    const ended = await withCommandPage(root, report, async (open): Promise<AgentEnd> => {
      const task =
        folder === null ? { name: options.task } : { pack: await open.publish(folder), name: basename(folder) };
      return callUntilStopped(open, await agentRequest(open, { ...options, task }, options), stop);
    });
    return { end: ended, code: stopCode(stop) };
  });
  await writeInto(options.out, end.session);
  if (options.scorecard !== undefined) {
    const { outcome, best, scorecards } = end;
    await writeInto(options.scorecard, `${JSON.stringify({ outcome, best, attempts: scorecards }, null, 1)}\n`);
  }
  const isAccepted = end.outcome === 'solved' && end.hidden !== false;
  const note = end.hidden === false ? ' (the held-out tests fail)' : '';
  process.stdout.write(`${end.outcome}${note}: ${end.explanation}\n`);
  if (options.apply && folder !== null && isAccepted) await applyChanges(folder, end.changes);
  return isAccepted ? 0 : (code ?? 1);
}

async function writeInto(file: string, text: string): Promise<void> {
  await mkdir(dirname(resolve(file)), { recursive: true });
  await writeFile(file, text);
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
