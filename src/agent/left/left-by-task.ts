/** Tests that fail and that the task itself says need not pass. */
import type { TestResult, Verdict } from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';
import { keysOf, testKey } from '../test-key.ts';
import { compareTests } from './compare-runs.ts';
import { namedBy } from './is-named.ts';

type Lists = Pick<TaskDescription, 'target' | 'known'>;

export const hasLists = ({ target = [], known = [] }: Lists): boolean => target.length > 0 || known.length > 0;

/** Whether a failing test is one that the task wants to pass. */
export const isAsked = ({ target = [], known = [] }: Lists, test: TestResult): boolean =>
  !namedBy(known, test) && (target.length === 0 || namedBy(target, test));

/**
 * The failing tests, where the task's lists say of each that it need not pass: those of `known`, and where there is a `target` those
 * that failed before. A sentence, where they do not: what is missing. `before`: what the tests said at the start.
 */
export function leftByTask(
  { target = [], known = [] }: Lists,
  before: Verdict | null,
  now: Verdict,
): readonly TestResult[] | string {
  const failing = now.tests.filter(({ status }) => status === 'failed');
  if (now.doubt !== undefined) return now.doubt;
  if (now.counts === null || failing.length === 0 || failing.length < now.counts.failed)
    return 'The output does not name the tests that fail.';
  const rest = failing.filter((test) => !namedBy(known, test));
  if (target.length === 0) return rest.length === 0 ? failing : listed('must pass as well', rest);
  const wanted = rest.filter((test) => namedBy(target, test));
  if (wanted.length > 0) return listed('must pass and still fail', wanted);
  if (before === null) return 'What the tests said at the start is not known.';
  const compared = compareTests(before, now);
  if (typeof compared === 'string') return compared;
  const { broken, lost, mended } = compared;
  const new_ = broken.filter((test) => !namedBy(known, test));
  if (new_.length > 0) return listed('did not fail at the start, and fail now', new_);
  if (lost.count > 0) return describeLost(lost);
  const seen = [...mended, ...now.tests.filter(({ status }) => status === 'passed')];
  // A file that did not load has no tests with names, and where the passing ones have none it cannot be seen which ran.
  const isHidden = seen.every(({ status }) => status !== 'passed') && mended.length > 0;
  const unseen = target.filter((name) => !isHidden && !seen.some((test) => namedBy([name], test)));
  if (unseen.length > 0)
    return `${unseen.map((name) => `"${name}"`).join(', ')} must pass, and no test of that name was reported.`;
  return failing;
}

/** How many names of tests are told. */
const MOST = 8;

export function listed(what: string, tests: readonly Pick<TestResult, 'name'>[]): string {
  const names = [...new Map(tests.map((test) => [testKey(test), test])).values()].map(({ name }) => name.join(' > '));
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : '';
  return `These ${what}: ${names
    .slice(0, MOST)
    .map((name) => `"${name}"`)
    .join(', ')}${more}.`;
}

export function describeLost({ count, names }: { readonly count: number; readonly names: readonly string[] }): string {
  const some = names.slice(0, 3).map((name) => `"${name}"`);
  const which = some.length === 0 ? '' : `: ${some.join(', ')}${names.length > some.length ? ' and more' : ''}`;
  return `${count === 1 ? 'A test' : `${count} tests`} of the start ${count === 1 ? 'is' : 'are'} not reported as passed any more${which}.`;
}

/** What the lists of the task say, as the model reads it beside the tests' results. */
export const describeAsked = (left: readonly TestResult[] | string | null): string => {
  if (left === null) return '';
  if (typeof left === 'string') return `What the task asks for is not reached. ${left}`;
  return `What the task asks for is reached: the ${left.length === 1 ? 'test that fails need not pass' : `${left.length} tests that fail need not pass`}. Call finish.`;
};

/** Keys of the failing tests that the task says need not pass, whatever else fails: with a target only those that failed before. */
export function unaskedIn(lists: Lists, before: Verdict | null, now: Verdict): ReadonlySet<string> {
  const failedBefore = keysOf(before, 'failed');
  const isOld = (test: TestResult) => namedBy(lists.known ?? [], test) || failedBefore.has(testKey(test));
  const failing = now.tests.filter(({ status }) => status === 'failed');
  return new Set(failing.filter((test) => !isAsked(lists, test) && isOld(test)).map(testKey));
}
