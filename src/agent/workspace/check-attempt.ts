import type { CommandResult } from '../../sandbox/sandbox.ts';
import type { Files } from '../../session/files.ts';
import { hashTree, overlayFiles } from '../../session/tree.ts';
import type { CheckName, CheckResult } from '../../session/values.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';
import type { BookedAttempt } from './attempt-book.ts';
import type { TestGround } from './test-ground.ts';

const CHECK_SECONDS = 180;

export interface CheckWork {
  readonly check: CheckName;
  readonly command: string;
  /** Laid over the attempt's files for this check alone. */
  readonly over?: Files;
  readonly judge: (result: CommandResult) => Pick<CheckResult, 'passed' | 'verdict' | 'problems'>;
  readonly signal: AbortSignal;
}

/** A check that runs tests passes where all of them do. */
export function judgeTests({ exitCode, output }: Pick<CommandResult, 'exitCode' | 'output'>) {
  const verdict = parseVerdict(exitCode, output);
  return { passed: verdict.passed, verdict };
}

/**
 * Runs a check on an attempt's files, with others laid over them, and puts back the files as they were before: nothing that it
 * writes stays. Null when it was stopped: then nothing is known, and nothing logged.
 */
export async function checkAttempt(
  ground: TestGround,
  attempt: Pick<BookedAttempt, 'id' | 'files'>,
  work: CheckWork,
): Promise<CheckResult | null> {
  const { check, command, over = {}, judge, signal } = work;
  const { run, emit } = ground.options;
  const files = overlayFiles(attempt.files, over);
  await ground.copy.use((sandbox) => sandbox.restore(files));
  const { output, ...result } = await ground.copy
    .execute(command, CHECK_SECONDS, { signal, files })
    .finally(() => takeAway(ground, over));
  if (result.ended === 'stopped') return null;
  const kept = ground.forLog(output);
  const found: CheckResult = { check, command, ...result, output: kept, ...judge({ ...result, output }) };
  emit({
    type: 'check-finished',
    run,
    attempt: attempt.id,
    ...(Object.keys(over).length > 0 || work.check === 'hidden' ? { files: over } : {}),
    tree: hashTree(files),
    ...found,
  });
  return found;
}

/** The files as they were before others were laid over them. What git ignores no snapshot shows: it is removed by name. */
async function takeAway(ground: TestGround, over: Files): Promise<void> {
  const files = ground.files();
  const laid = Object.keys(over).filter((path) => !Object.hasOwn(files, path));
  await ground.copy.use(async (sandbox) => {
    await sandbox.write(laid.map((path) => ({ path, content: null })));
    await sandbox.restore(files);
  });
}
