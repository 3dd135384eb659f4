import type { CommandResult } from '../../sandbox/sandbox.ts';
import type { CheckResult } from '../../session/values.ts';
import { addedProblems, readProblems } from './problems.ts';

/** How a check of the code went on the files that the run started from. */
export type Baseline = Pick<CheckResult, 'exitCode' | 'ended' | 'output'>;

const MOST_ADDED = 50;
/** Exit codes of a shell that found no such program. */
const NO_PROGRAM: ReadonlySet<number> = new Set([126, 127]);

/** Whether the check says anything at all here: its program is there, and ends. */
export function isUsable({ exitCode, ended }: Baseline): boolean {
  return ended === 'exited' && !NO_PROGRAM.has(exitCode);
}

/** Only what the run added counts against it. Without a baseline this is the baseline, and passes. */
export function judgeCode(result: CommandResult, baseline: Baseline | null): Pick<CheckResult, 'passed' | 'problems'> {
  const now = readProblems(result.output);
  const isReadable = result.ended === 'exited' && (result.exitCode === 0 || now.length > 0);
  if (baseline === null) return { passed: true, ...(isReadable ? { problems: { count: now.length, added: [] } } : {}) };
  const added = addedProblems(readProblems(baseline.output), now).map(({ text }) => text);
  const problems = isReadable ? { problems: { count: now.length, added: added.slice(0, MOST_ADDED) } } : {};
  const failed = result.exitCode !== 0 || result.ended !== 'exited';
  // What already failed is only held against the run where it can be read that there is more of it.
  const isOwn = baseline.exitCode === 0 || (isReadable && added.length > 0);
  return { passed: !(failed && isOwn), ...problems };
}
