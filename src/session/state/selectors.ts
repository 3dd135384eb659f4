/** What is read out of a session's state. */

import { applyChanges } from '../apply-changes.ts';
import type { FileChange, Files } from '../files.ts';
import { diffFiles } from '../tree.ts';
import type { AttemptId, Spent, TestResult, Verdict } from '../values.ts';
import { NOTHING_SPENT } from './reducer.ts';
import type { Attempt, RunState, SessionState } from './session-state.ts';

export interface VerdictChanges {
  /** The attempt compared with: the nearest ancestor that has a verdict. */
  readonly against: AttemptId | null;
  readonly newlyPassing: readonly TestResult[];
  readonly newlyFailing: readonly TestResult[];
  /** Not in the earlier verdict at all. */
  readonly added: readonly TestResult[];
  /** Only in the earlier verdict. */
  readonly missing: readonly TestResult[];
}

export interface AttemptNode {
  readonly attempt: Attempt;
  readonly depth: number;
  readonly isHead: boolean;
  readonly isBest: boolean;
  readonly children: readonly AttemptNode[];
}

const filesByAttempt = new WeakMap<Attempt, Files>();

function attemptOf(state: SessionState, id: AttemptId): Attempt {
  const attempt = Object.hasOwn(state.attempts, id) ? state.attempts[id] : undefined;
  if (!attempt) throw new Error(`There is no attempt "${id}" in this session`);
  return attempt;
}

/** From the start to this attempt. */
function lineage(state: SessionState, id: AttemptId): readonly Attempt[] {
  const line: Attempt[] = [];
  for (let at: AttemptId | null = id; at !== null; ) {
    const attempt = attemptOf(state, at);
    line.unshift(attempt);
    at = attempt.parent;
  }
  return line;
}

/** All files of an attempt. Throws when there is no such attempt. */
export function filesOf(state: SessionState, id: AttemptId): Files {
  let files = state.files;
  for (const attempt of lineage(state, id)) {
    const known = filesByAttempt.get(attempt);
    files = known ?? applyChanges(files, attempt.changes);
    filesByAttempt.set(attempt, files);
  }
  return files;
}

/** What makes attempt `to` out of attempt `from`. */
export function changesBetween(state: SessionState, from: AttemptId, to: AttemptId): readonly FileChange[] {
  return diffFiles(filesOf(state, from), filesOf(state, to));
}

/** A test's results in the earlier verdict and in the later one. */
interface TestPair {
  readonly was: TestResult;
  readonly is: TestResult;
}

/** Most reporters name the file of a failing test only, so no file fits every file. */
const fits = (one: TestResult, other: TestResult) =>
  one.file === undefined || other.file === undefined || one.file === other.file;

/** Pairs the tests of one name: by their order where that fits their files, else those of the same file first. */
function pairSameNamed(before: readonly TestResult[], after: readonly TestResult[]): TestPair[] {
  const byOrder = before.flatMap((was, at): TestPair[] => {
    const is = after[at];
    return is && fits(was, is) ? [{ was, is }] : [];
  });
  if (byOrder.length === before.length && before.length === after.length) return byOrder;
  const left = new Set(before);
  const pairs: TestPair[] = [];
  const take = (rest: readonly TestResult[], goTogether: (was: TestResult, is: TestResult) => boolean) =>
    rest.filter((is) => {
      const was = [...left].find((each) => goTogether(each, is));
      if (was === undefined) return true;
      left.delete(was);
      pairs.push({ was, is });
      return false;
    });
  take(
    take(after, (was, is) => was.file === is.file),
    fits,
  );
  return pairs;
}

function pairTests(before: Verdict, after: Verdict): TestPair[] {
  const nameOf = (test: TestResult) => JSON.stringify(test.name);
  const earlier = Map.groupBy(before.tests, nameOf);
  return [...Map.groupBy(after.tests, nameOf)].flatMap(([name, tests]) =>
    pairSameNamed(earlier.get(name) ?? [], tests),
  );
}

/** Which tests changed their result against the nearest ancestor's verdict; null when the attempt has no verdict. */
export function verdictChanges(state: SessionState, id: AttemptId): VerdictChanges | null {
  const [attempt, ...ancestors] = lineage(state, id).toReversed();
  if (!attempt?.verdict) return null;
  const before = ancestors.find((ancestor) => ancestor.verdict !== null);
  if (!before?.verdict) return { against: null, newlyPassing: [], newlyFailing: [], added: [], missing: [] };
  const pairs = pairTests(before.verdict, attempt.verdict);
  const known = new Set(pairs.flatMap(({ was, is }) => [was, is]));
  const turned = (status: TestResult['status']) =>
    pairs.filter(({ was, is }) => was.status !== status && is.status === status).map(({ is }) => is);
  const added = attempt.verdict.tests.filter((test) => !known.has(test));
  const missing = before.verdict.tests.filter((test) => !known.has(test));
  const unnamed = unnamedPasses(before.verdict, attempt.verdict);
  const [silent, broken] = [unnamed.now ? missing : [], unnamed.before ? added : []].map((tests) =>
    tests.filter(({ status }) => status === 'failed'),
  ) as [TestResult[], TestResult[]];
  return {
    against: before.id,
    newlyPassing: [
      ...turned('passed'),
      ...silent.map(
        ({ name, file }): TestResult => ({ name, ...(file === undefined ? {} : { file }), status: 'passed' }),
      ),
    ],
    newlyFailing: [...turned('failed'), ...broken],
    added: added.filter((test) => !broken.includes(test)),
    missing: missing.filter((test) => !silent.includes(test)),
  };
}

/** Some reporters name what fails and nothing else: where as many tests ran as before, what is not named any more passes. */
function unnamedPasses(before: Verdict, now: Verdict): { readonly before: boolean; readonly now: boolean } {
  const ran = ({ counts }: Verdict) => (counts ? counts.passed + counts.failed + counts.skipped : 0);
  const isTerse = ({ counts, tests }: Verdict) =>
    (counts?.passed ?? 0) > 0 && tests.every(({ status }) => status !== 'passed');
  const isSame = ran(before) === ran(now) && ran(now) > 0;
  return { before: isSame && isTerse(before), now: isSame && isTerse(now) };
}

/** Negative when `one` is better: passed, then more passed tests, then fewer failed. */
export function compareVerdicts(one: Verdict, other: Verdict): number {
  if (one.passed !== other.passed) return one.passed ? -1 : 1;
  // No counts: nothing is known about the tests, so whatever has some is better.
  if (!one.counts || !other.counts) return (one.counts ? 0 : 1) - (other.counts ? 0 : 1);
  // An output with no test at all (a file that does not load) is worse than one with failures.
  const ran = (verdict: Verdict) => (verdict.counts && verdict.counts.passed > 0 ? 0 : 1);
  // More passed before fewer failed: a file that no longer loads counts as one failure instead of its tests'.
  return ran(one) - ran(other) || other.counts.passed - one.counts.passed || one.counts.failed - other.counts.failed;
}

/** The attempt with the best verdict, the earliest of equals; null when none was verified. */
export function bestAttempt(state: SessionState): Attempt | null {
  let best: Attempt | null = null;
  for (const id of state.order) {
    const attempt = attemptOf(state, id);
    if (!attempt.verdict) continue;
    if (!best?.verdict || compareVerdicts(attempt.verdict, best.verdict) < 0) best = attempt;
  }
  return best;
}

/** The attempts as a tree to draw, children in the order they were made; null before the session started. */
export function attemptTree(state: SessionState): AttemptNode | null {
  const best = bestAttempt(state)?.id;
  const children = Map.groupBy(
    state.order.map((id) => attemptOf(state, id)),
    (attempt) => attempt.parent,
  );
  const nodeOf = (attempt: Attempt, depth: number): AttemptNode => ({
    attempt,
    depth,
    isHead: attempt.id === state.head,
    isBest: attempt.id === best,
    children: (children.get(attempt.id) ?? []).map((child) => nodeOf(child, depth + 1)),
  });
  const [root] = children.get(null) ?? [];
  return root ? nodeOf(root, 0) : null;
}

/** The sum over all runs; the cost is null when any part of it is unknown. */
export function spentOf(state: SessionState): Spent {
  return state.runs.reduce<Spent>((sum, { spent }) => {
    return {
      steps: sum.steps + spent.steps,
      attempts: sum.attempts + spent.attempts,
      milliseconds: sum.milliseconds + spent.milliseconds,
      inputTokens: sum.inputTokens + spent.inputTokens,
      outputTokens: sum.outputTokens + spent.outputTokens,
      cost: sum.cost === null || spent.cost === null ? null : sum.cost + spent.cost,
    };
  }, NOTHING_SPENT);
}

/** The run without an end, if the last one has none: it is running, or the page was closed in the middle of it. */
export function openRun(state: SessionState): RunState | null {
  const last = state.runs.at(-1);
  return last && last.outcome === null ? last : null;
}
