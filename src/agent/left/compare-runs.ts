/** Two runs of the tests, held against each other test by test, strictly: what cannot be told counts against the later one. */
import type { TestResult, Verdict } from '../../session/values.ts';
import { keysOf, testKey } from '../test-key.ts';

export interface LeftTest {
  readonly before: TestResult;
  readonly now: TestResult;
}

export interface ComparedTests {
  /** Failed before, pass now. */
  readonly mended: readonly TestResult[];
  /** Failed before, fail now. */
  readonly left: readonly LeftTest[];
  /** Fail now, and did not before. */
  readonly broken: readonly TestResult[];
  /** Were reported before, and are not now: how many, and the names as far as there are some. */
  readonly lost: { readonly count: number; readonly names: readonly string[] };
}

/** A sentence where the two cannot be held against each other. */
export function compareTests(before: Verdict, now: Verdict): ComparedTests | string {
  if (before.counts === null || now.counts === null || before.format === null)
    return 'The output of the tests does not name single tests.';
  if (before.format !== now.format) return 'The tests report in another way than at the start.';
  const failedBefore = byKey(before);
  const failing = byKey(now);
  if (failing.size < Math.min(1, now.counts.failed) || failedBefore.size < Math.min(1, before.counts.failed))
    return 'The output does not name the tests that fail.';
  const left = [...failing].flatMap(([key, test]): LeftTest[] => {
    const earlier = failedBefore.get(key);
    return earlier ? [{ before: earlier, now: test }] : [];
  });
  const gone = [...failedBefore].filter(([key]) => !failing.has(key)).map(([, test]) => test);
  const passes = passingIn(now);
  const namesAll = passes.size > 0 && passes.size >= now.counts.passed * 0.9;
  const isThere = (test: TestResult) => !namesAll || isWholeFile(test) || passes.has(steady(test));
  const mended = gone.filter(isThere);
  return {
    mended,
    left,
    broken: [...failing.values()].filter((test) => isBroken(test, before, failedBefore)),
    lost: lostIn(before, now, gone, { namesAll, passes, failing }),
  };
}

function lostIn(
  before: Verdict,
  now: Verdict,
  gone: readonly TestResult[],
  {
    namesAll,
    passes,
    failing,
  }: { namesAll: boolean; passes: ReadonlySet<string>; failing: ReadonlyMap<string, TestResult> },
): ComparedTests['lost'] {
  const failingNow = new Set([...failing.values()].map(steady));
  const passed = before.tests.filter(({ status }) => status === 'passed');
  const names = namesAll
    ? [...passed, ...gone.filter((test) => !isWholeFile(test))]
        .filter((test) => !passes.has(steady(test)) && !failingNow.has(steady(test)))
        .map(({ name }) => name.join(' > '))
    : [];
  const wanted = (before.counts?.passed ?? 0) + (namesAll ? 0 : gone.filter((test) => !isWholeFile(test)).length);
  const fewer = Math.max(0, wanted - (now.counts?.passed ?? 0));
  // What passed and fails now is told as broken.
  const isFailing = [...failing.keys()].filter((key) => !byKey(before).has(key)).length;
  return { count: Math.max(names.length, fewer - isFailing), names };
}

/** A title that tells a time or a number that differs from run to run. */
const steady = ({ name }: TestResult): string => name.join(' > ').replace(/\d+/g, '#');

const passingIn = ({ tests }: Verdict): ReadonlySet<string> =>
  new Set(tests.filter(({ status }) => status === 'passed').map(steady));

function isBroken(test: TestResult, before: Verdict, failedBefore: ReadonlyMap<string, TestResult>): boolean {
  if (failedBefore.has(testKey(test))) return false;
  const passed = keysOf(before, 'passed');
  if (passed.has(testKey(test))) return true;
  // Of a file that did not even load nothing was known.
  const files = [...failedBefore.values()].filter(isWholeFile).map(({ name: [file = ''] }) => file);
  return !files.some((file) => test.file === undefined || sameFile(test.file, file));
}

const sameFile = (one: string, other: string): boolean =>
  one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);

/** Runners report a file that does not load as a test. */
export const isWholeFile = ({ name }: TestResult): boolean =>
  /\.[cm]?[jt]sx?$/.test(name[0] ?? '') && (name.length === 1 || name[1] === 'Test suite failed to run');

const byKey = ({ tests }: Verdict): ReadonlyMap<string, TestResult> =>
  new Map(tests.filter(({ status }) => status === 'failed').map((test) => [testKey(test), test]));
