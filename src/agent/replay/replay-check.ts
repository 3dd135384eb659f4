import { KILLED, SandboxLostError, type WorkingCopy } from '../../sandbox/sandbox.ts';
import type { SessionEvent } from '../../session/events.ts';
import type { Files } from '../../session/files.ts';
import { hashTree } from '../../session/tree.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';
import { createFindings, describeCounts, type ReplayOptions, type ReplayStep } from './replay-report.ts';

type CheckEvent = Extract<SessionEvent, { type: 'check-finished' }>;

const CHECK_SECONDS = 300;

const NAMES: Readonly<Record<CheckEvent['check'], string>> = {
  hidden: 'held-out tests',
  lint: 'lint',
  types: 'type check',
  start: 'the tests once more',
};

/** Does a check again: on the attempt's files, with the held-out ones over them, and nothing of it stays. */
export async function replayCheck(
  event: CheckEvent,
  { checked, after }: { readonly checked: Files; readonly after: Files },
  sandbox: WorkingCopy,
  options: ReplayOptions,
): Promise<ReplayStep> {
  const findings = createFindings();
  const over = event.files ?? {};
  await sandbox.restore(checked);
  // A held-out file that git ignores is there, and no snapshot shows it.
  const seen = { ...(await sandbox.snapshot()).files, ...over };
  findings.compare('tree', hashTree(seen), event.tree);
  const { exitCode, output } = await run(event, checked, sandbox, options);
  options.signal.throwIfAborted();
  findings.compare('exit code', exitCode, event.exitCode);
  if (event.verdict)
    findings.compare('tests', describeCounts(parseVerdict(exitCode, output)), describeCounts(event.verdict));
  const laid = Object.keys(over).filter((path) => !Object.hasOwn(after, path));
  await sandbox.write(laid.map((path) => ({ path, content: null })));
  await sandbox.restore(after);
  const action = `${NAMES[event.check]} on attempt ${event.attempt} (${event.command})`;
  return { seq: event.seq, action, ...findings.result() };
}

async function run(event: CheckEvent, files: Files, sandbox: WorkingCopy, { signal, onOutput }: ReplayOptions) {
  const timeoutSeconds = event.ended === 'exited' ? CHECK_SECONDS : Math.max(1, event.milliseconds / 1000);
  try {
    return await sandbox.run(event.command, { timeoutSeconds, signal, ...(onOutput ? { onOutput } : {}) });
  } catch (error) {
    if (!(error instanceof SandboxLostError)) throw error;
    await sandbox.reboot(files);
    return { exitCode: event.ended === 'timed-out' ? event.exitCode : KILLED, output: error.output };
  }
}
