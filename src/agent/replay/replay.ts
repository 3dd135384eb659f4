/** Re-executes what a recorded session did, in a fresh sandbox, and compares what came of it, step by step. */
import {
  type CommandResult,
  KILLED,
  type RunOptions,
  type Sandbox,
  SandboxLostError,
  type WorkingCopy,
} from '../../sandbox/sandbox.ts';
import type { SessionEvent, SessionFile } from '../../session/events.ts';
import type { Files } from '../../session/files.ts';
import {
  EMPTY_WORKING_TREE,
  filesOfBranch,
  hashedFiles,
  nextWorkingTree,
  type WorkingTree,
} from '../../session/state/working-files.ts';
import { diffFiles, hashTree } from '../../session/tree.ts';
import type { Verdict } from '../../session/values.ts';
import { isBeside } from '../policy/audit.ts';
import { createPolicy } from '../policy/policy.ts';
import { type Guard, settle } from '../policy/put-back.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';
import { replayCheck } from './replay-check.ts';
import { createReplayCopies } from './replay-copies.ts';
import { createFindings, describeCounts, type ReplayOptions, type ReplayStep } from './replay-report.ts';

export type { ReplayOptions, ReplayStep } from './replay-report.ts';

export interface ReplayReport {
  readonly steps: readonly ReplayStep[];
  readonly agrees: boolean;
}

const COMMAND_SECONDS = 300;

/** Rejects with the signal's reason when it is aborted, and with SandboxLostError. */
export async function replaySession(
  file: SessionFile,
  sandbox: Sandbox,
  options: ReplayOptions,
): Promise<ReplayReport> {
  const steps: ReplayStep[] = [];
  let tree: WorkingTree = EMPTY_WORKING_TREE;
  const started = file.events.find((event) => event.type === 'session-started');
  const copies = createReplayCopies(sandbox);
  const policy = started ? createPolicy(started.task) : null;
  let guard: Guard | null = policy && { policy, masked: [], exposed: false, links: {}, holds: () => null };
  const furnished = new Set<WorkingCopy>();
  for (const [index, event] of file.events.entries()) {
    options.signal.throwIfAborted();
    const last = tree;
    tree = nextWorkingTree(last, event);
    const copy = await copies.next(event, tree);
    // What begins or ends a working copy does nothing in it.
    if (copy === null) continue;
    // The placeholders of the run, also where the run had the real files: these are in no log.
    if (event.type === 'secrets-masked') {
      if (guard) guard = { ...guard, masked: event.files };
      furnished.clear();
    }
    if (guard && guard.masked.length > 0 && !furnished.has(copy)) {
      await copy.write(guard.masked);
      furnished.add(copy);
    }
    const branch = 'branch' in event ? event.branch : undefined;
    const [before, after] = [filesOfBranch(last, branch), filesOfBranch(tree, branch)];
    const verdict = verdictAfter(file.events, index);
    const checked = hashedFiles(tree, event);
    const step = await replayEvent({ event, before, after, checked, verdict, guard }, copy, options);
    if (step === null) continue;
    steps.push(step);
    options.onStep?.(step);
  }
  await copies.close();
  return { steps, agrees: steps.every((step) => step.differences.length === 0) };
}

interface Recorded {
  readonly event: SessionEvent;
  readonly before: Files;
  /** What the working tree was after the event, by the log. */
  readonly after: Files;
  /** What a check looked at. */
  readonly checked: Files;
  /** The verdict that was read from this command's output, if one was. */
  readonly verdict: Verdict | null;
  readonly guard: Guard | null;
}

async function replayEvent(
  recorded: Recorded,
  sandbox: WorkingCopy,
  options: ReplayOptions,
): Promise<ReplayStep | null> {
  const { event, after } = recorded;
  const findings = createFindings();
  switch (event.type) {
    case 'session-started':
    case 'head-moved':
    case 'run-started': {
      if (event.type === 'run-started' && diffFiles(recorded.before, after).length === 0) return null;
      await sandbox.restore(after);
      const actual = await treeOf(sandbox);
      if (event.type === 'run-started') return null;
      findings.compare('tree', actual, event.tree);
      return {
        seq: event.seq,
        action: event.type === 'head-moved' ? `roll back to attempt ${event.attempt}` : 'the files of the start',
        ...findings.result(),
      };
    }
    case 'files-changed': {
      await sandbox.write(event.changes);
      findings.compare('tree', await treeOf(sandbox), event.tree);
      return {
        seq: event.seq,
        action: `edit of ${event.changes.map(({ path }) => path).join(', ')}`,
        ...findings.result(),
      };
    }
    case 'command-finished':
      return replayCommand(event, recorded, sandbox, options);
    case 'check-finished':
      return replayCheck(event, recorded, sandbox, options);
    case 'changes-undone':
      // What was changed beside the files is gone with a fresh boot, as it was in the run.
      if (event.rebooted || event.undone.some(({ path }) => isBeside(path))) await sandbox.reboot(after);
      return null;
    case 'attempt-made': {
      findings.compare('tree', await treeOf(sandbox), event.tree);
      return { seq: event.seq, action: `attempt ${event.attempt}`, ...findings.result() };
    }
    default:
      return null;
  }
}

async function replayCommand(
  event: Extract<SessionEvent, { type: 'command-finished' }>,
  { before, after, verdict, guard }: Recorded,
  sandbox: WorkingCopy,
  { signal, onOutput }: ReplayOptions,
): Promise<ReplayStep> {
  const findings = createFindings();
  // A command that was killed had its deadline: it gets the time it had, and a little more.
  const timeoutSeconds = event.ended === 'exited' ? COMMAND_SECONDS : Math.max(1, event.milliseconds / 1000);
  if (event.ended === 'stopped') {
    await sandbox.restore(after);
    return {
      seq: event.seq,
      action: event.command,
      agreed: ['stopped by a person in the recording: not run again'],
      differences: [],
    };
  }
  const result = await runOrLose(event, sandbox, { timeoutSeconds, signal, ...(onOutput ? { onOutput } : {}) }, before);
  signal.throwIfAborted();
  findings.compare('exit code', result.exitCode, event.exitCode);
  if (verdict) {
    const now = parseVerdict(result.exitCode, result.output);
    findings.compare('tests', describeCounts(now), describeCounts(verdict));
    // What tests write is no part of an attempt: see the workspace.
    await sandbox.restore(after);
  } else if (event.putBack) await sandbox.restore(after);
  else if (guard) await settle(sandbox, before, guard);
  findings.compare('tree', await treeOf(sandbox), event.tree);
  // The next step starts from what was recorded, so that one difference is told once.
  if (findings.differences.length > 0) await sandbox.restore(after);
  return { seq: event.seq, action: event.command, ...findings.result() };
}

/** A command that takes the sandbox with it, by its memory, counts as killed: as it did in the run. */
async function runOrLose(
  event: Extract<SessionEvent, { type: 'command-finished' }>,
  sandbox: WorkingCopy,
  options: RunOptions,
  before: Files,
): Promise<Pick<CommandResult, 'exitCode' | 'output'>> {
  try {
    return await sandbox.run(event.command, options);
  } catch (error) {
    if (!(error instanceof SandboxLostError)) throw error;
    await sandbox.reboot(before);
    return { exitCode: event.ended === 'timed-out' ? event.exitCode : KILLED, output: error.output };
  }
}

/** The verdict belongs to the command right before it. */
function verdictAfter(events: readonly SessionEvent[], index: number): Verdict | null {
  const next = events[index + 1];
  return events[index]?.type === 'command-finished' && next?.type === 'verdict-reached' ? next.verdict : null;
}

const treeOf = async (sandbox: WorkingCopy): Promise<string> => hashTree((await sandbox.snapshot()).files);
