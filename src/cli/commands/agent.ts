/** `agent`: a run with no person there. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { describeLeftBy } from '../../session/state/describe-left-by.ts';
import { isProven } from '../../session/state/proof.ts';
import { applyChanges } from '../apply-changes.ts';
import { withCommandPage } from '../browser/command-page.ts';
import type { AgentEnd, PageMessage } from '../page-api.ts';
import { callUntilStopped } from '../run-agent-request.ts';
import { createSessionKeeper, type SessionKeeper } from '../session-keeper.ts';
import { stopCode, stoppable } from '../stop-signals.ts';
import { UsageError } from './arguments.ts';
import { addRunOptions, agentRequest, type RunOptions } from './run-options.ts';

/** Exit code: solved by the agent's own word alone. */
const CLAIMED = 3;

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
    .description(`run the agent on a task; exit code 0 only when solved, ${CLAIMED} where the agent alone says so`)
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
  const keeper = await createSessionKeeper(options.out);
  try {
    return await stoppable((stop) => runKept(root, options, { folder, keeper, stop }));
  } finally {
    keeper.close();
  }
}

interface Kept {
  readonly folder: string | null;
  readonly keeper: SessionKeeper;
  readonly stop: AbortSignal;
}

async function runKept(root: string, options: Options, { folder, keeper, stop }: Kept): Promise<number> {
  const onMessage = (message: PageMessage) => {
    if (message.type === 'progress') process.stderr.write(`${message.text}\n`);
    if (message.type === 'logged') keeper.add(message.session, message.event);
  };
  let end: AgentEnd;
  try {
    end = await withCommandPage(root, onMessage, async (open) => {
      const task =
        folder === null ? { name: options.task } : { pack: await open.publish(folder), name: basename(folder) };
      return callUntilStopped(open, await agentRequest(open, { ...options, task }, options), stop);
    });
  } catch (error) {
    return tellCutOff(error, { keeper, stop, out: options.out });
  }
  keepSession(keeper, end.session, options.out);
  if (options.scorecard !== undefined) {
    const { outcome, proof, best, scorecards } = end;
    await writeInto(options.scorecard, `${JSON.stringify({ outcome, proof, best, attempts: scorecards }, null, 1)}\n`);
  }
  const isAccepted = end.outcome === 'solved' && end.hidden !== false;
  process.stdout.write(`${end.outcome}${describeProof(end)}: ${end.explanation}\n`);
  if (options.apply && folder !== null && isAccepted) await applyChanges(folder, end.changes);
  return isAccepted ? (isProven(end.proof) ? 0 : CLAIMED) : (stopCode(stop) ?? 1);
}

function describeProof({ hidden, left, proof }: AgentEnd): string {
  if (hidden === false) return ' (the held-out tests fail)';
  if (left) return ` (${describeLeftBy(left)})`;
  return proof === 'agent' ? ' (no test says so: the test command ended well before any change, too)' : '';
}

interface CutOffRun extends Omit<Kept, 'folder'> {
  readonly out: string;
}

/** The browser or its page died in mid-run. Throws the error when there was no run yet. */
function tellCutOff(error: unknown, { keeper, stop, out }: CutOffRun): number {
  const message = error instanceof Error ? error.message : String(error);
  const cut = stop.aborted
    ? keeper.cutOff({ kind: 'stopped', what: 'The run was stopped, did not end by itself and was cut off' })
    : keeper.cutOff({ kind: 'failed', what: `The page that ran this was lost (${message})` });
  if (!cut) throw error;
  keepSession(keeper, cut.session, out);
  process.stdout.write(`${cut.outcome.kind}: ${cut.outcome.explanation}\n`);
  return stopCode(stop) ?? 1;
}

function keepSession(keeper: SessionKeeper, session: string, out: string): void {
  const file = keeper.keep(session);
  if (file !== resolve(out)) process.stderr.write(`${out} cannot be written: the session is in ${file}.\n`);
}

async function writeInto(file: string, text: string): Promise<void> {
  await mkdir(dirname(resolve(file)), { recursive: true });
  await writeFile(file, text);
}

/** The folder, or null for a name of the gallery. */
async function taskFolder(root: string, task: string): Promise<string | null> {
  if ((await stat(task).catch(() => null))?.isDirectory()) return resolve(task);
  if ((await stat(join(root, 'public/tasks', task)).catch(() => null))?.isDirectory() && !task.includes(sep))
    return null;
  throw new UsageError(`--task ${task}: neither a folder nor a task of the gallery`);
}
