/** Tests that the agent says are not of its task: what speaks for it, and what against. */
import type { TestResult, Verdict } from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';
import { testKey } from '../test-key.ts';
import { type ComparedTests, compareTests } from './compare-runs.ts';
import { namedBy } from './is-named.ts';
import { describeLost, listed } from './left-by-task.ts';
import { firstLineOf, isSameFailure } from './same-failure.ts';

/** A test, or a suite or a file of tests, and why it is not of this task. */
export interface Claim {
  readonly test: string;
  readonly reason: string;
}

export interface ClaimedTest {
  readonly test: TestResult;
  readonly reason: string;
  /** What speaks against the claim; null: nothing that can be seen. */
  readonly doubt: string | null;
}

export interface JudgedClaims {
  readonly tests: readonly ClaimedTest[];
  readonly mended: readonly TestResult[];
}

interface Claimed {
  readonly claims: readonly Claim[];
  readonly task: Pick<TaskDescription, 'title' | 'goal' | 'hints'>;
  /** What the tests said before anything was changed. */
  readonly before: Verdict | null;
  readonly now: Verdict;
}

/** The failing tests, each with its claim, where all that can be checked speaks for them; else a sentence that says what does not. */
export function judgeClaims({ claims, task, before, now }: Claimed): JudgedClaims | string {
  if (before === null)
    return 'What the tests said at the start is not known, so nothing can be left to have failed before.';
  if (now.doubt !== undefined) return now.doubt;
  const compared = compareTests(before, now);
  if (typeof compared === 'string') return `${compared} So it cannot be seen what failed before.`;
  const problem = problemOf(compared, before, now);
  if (problem !== null) return problem;
  const { left, mended } = compared;
  const open = left.filter(({ now: test }) => !claims.some(({ test: name }) => namedBy([name], test)));
  if (open.length > 0)
    return listed(
      'still fail and are not named',
      open.map(({ now: test }) => test),
    );
  const all = claims.find(({ test }) => !/\w{3}/.test(test.replaceAll('*', ' ')));
  if (all) return `"${all.test}" names no test: name those that fail, or the suites or files that they are in.`;
  const silent = claims.find(({ reason }) => reason.trim().length < SHORTEST_REASON);
  if (silent)
    return `There is no reason for "${silent.test}": what makes it fail, and why can nothing in this project mend that?`;
  const named = left.map(({ now: test }) => test).filter((test) => isInGoal(test, task));
  if (named.length > 0) return listed('are named by the task itself, so they are of this task', named);
  return {
    mended,
    tests: left.map(({ now: test }) => ({
      test,
      reason: claims.find(({ test: name }) => namedBy([name], test))?.reason.trim() ?? '',
      doubt: doubtOf(test, mended),
    })),
  };
}

const SHORTEST_REASON = 8;

function problemOf({ mended, left, broken, lost }: ComparedTests, before: Verdict, now: Verdict): string | null {
  if (broken.length > 0) return listed('did not fail at the start, and fail now', broken);
  if (lost.count > 0) return describeLost(lost);
  if (left.length === 0 || (now.counts?.failed ?? 0) === 0)
    return 'No test fails, but the command does: the output says why.';
  if (mended.length === 0) return 'No test that failed at the start passes now.';
  const other = left.filter(({ before: was, now: is }) => !isSameFailure(was.message, is.message));
  if (other.length > 0)
    return `${listed(
      'fail in another way than at the start, so the change has to do with them',
      other.map(({ now: test }) => test),
    )} At the start: ${firstLineOf(other[0]?.before.message)} Now: ${firstLineOf(other[0]?.now.message)}`;
  return (now.counts?.failed ?? 0) > (before.counts?.failed ?? 0) ? 'More tests fail than at the start.' : null;
}

/** Titles this short stand in any text. */
const SHORTEST_TITLE = 8;

function isInGoal(test: TestResult, { title, goal, hints }: Claimed['task']): boolean {
  const text = [title, goal, ...hints].join('\n').toLowerCase();
  const own = (test.name.at(-1) ?? '').toLowerCase();
  const file = /[^/\\]+$/.exec(test.file ?? '')?.[0].toLowerCase() ?? '';
  return (own.length >= SHORTEST_TITLE && text.includes(own)) || (file !== '' && text.includes(file));
}

/** What a machine, a network or a version of Node is to blame for mostly looks so. */
const SURROUNDINGS =
  /\b(?:ENOTFOUND|ECONN\w+|EAI_\w+|ENET\w+|EHOST\w+|ETIMEDOUT|EACCES|EPERM|ENOSYS|ENOTSUP|EADDR\w+|ERR_DLOPEN\w*|ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND)\b|\bspawn \S+ ENOENT|cannot find (?:module|package)|time(?:d )?out|timeout|not (?:supported|implemented|available)|network|certificate|permission denied|command not found/i;

function doubtOf(test: TestResult, mended: readonly TestResult[]): string | null {
  if (SURROUNDINGS.test(test.message ?? '')) return null;
  const suite = testKey({ name: test.name.slice(0, -1) });
  const isBeside = mended.some(
    (each) =>
      (each.file !== undefined && each.file === test.file) ||
      (each.name.length > 1 && testKey({ name: each.name.slice(0, -1) }) === suite),
  );
  return isBeside ? 'it stands beside tests that the change mends, and its message speaks of no surroundings' : null;
}
