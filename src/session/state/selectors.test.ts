import { describe, expect, test } from 'vitest';
import { parseVerdict } from '../../agent/verdict/parse-verdict.ts';
import { sampleEvents } from '../session.test-support.ts';
import type { TestResult, Verdict } from '../values.ts';
import { foldEvents } from './reducer.ts';
import { verdictChanges } from './selectors.ts';
import type { SessionState } from './session-state.ts';

/** Attempt "1" with the first verdict, its child "2" with the second. */
function stateWith(before: Verdict, after: Verdict): SessionState {
  const verdicts: Record<string, Verdict> = { '1': before, '2': after };
  return foldEvents(
    'changes',
    sampleEvents().map((event) =>
      event.type === 'verdict-reached' ? { ...event, verdict: verdicts[event.attempt] ?? event.verdict } : event,
    ),
  );
}

const verdictFor = (tests: readonly TestResult[]): Verdict => ({
  exitCode: 1,
  passed: false,
  format: 'spec',
  counts: { passed: 0, failed: 0, skipped: 0 },
  tests,
});
const changesFor = (before: readonly TestResult[], after: readonly TestResult[]) =>
  verdictChanges(stateWith(verdictFor(before), verdictFor(after)), '2');

const failingOutput = `▶ cart
  ✔ adds prices (0.5ms)
  ✖ takes ten percent (1.2ms)
✖ cart (2ms)
ℹ tests 2
ℹ suites 1
ℹ pass 1
ℹ fail 1
ℹ cancelled 0
ℹ skipped 0
ℹ todo 0
ℹ duration_ms 50

✖ failing tests:

test at test/cart.test.js:5:3
✖ takes ten percent (1.2ms)
  AssertionError [ERR_ASSERTION]: 95 !== 90
`;
const passingOutput = `▶ cart
  ✔ adds prices (0.5ms)
  ✔ takes ten percent (1.2ms)
✔ cart (2ms)
ℹ tests 2
ℹ pass 2
ℹ fail 0
`;

describe('changes of verdicts', () => {
  const failing = parseVerdict(1, failingOutput);
  const passing = parseVerdict(0, passingOutput);

  test("node's spec reporter names the file of failing tests only", () => {
    expect(failing.tests.map(({ file }) => file)).toEqual([undefined, 'test/cart.test.js']);
    expect(verdictChanges(stateWith(failing, passing), '2')).toEqual({
      against: '1',
      newlyPassing: [{ name: ['cart', 'takes ten percent'], status: 'passed' }],
      newlyFailing: [],
      added: [],
      missing: [],
    });
    expect(verdictChanges(stateWith(passing, failing), '2')).toMatchObject({
      newlyPassing: [],
      newlyFailing: [{ name: ['cart', 'takes ten percent'] }],
      added: [],
      missing: [],
    });
  });

  test('what a reporter that names failures only does not name any more passes, where as many tests ran', () => {
    const verdict = (failed: readonly string[], passed: number): Verdict => ({
      exitCode: failed.length > 0 ? 1 : 0,
      passed: failed.length === 0,
      format: 'vitest',
      counts: { passed, failed: failed.length, skipped: 0 },
      tests: failed.map((name) => ({ name: [name], status: 'failed' })),
    });
    const changes = (before: Verdict, after: Verdict) => verdictChanges(stateWith(before, after), '2');
    expect(changes(verdict(['a', 'b'], 8), verdict(['c'], 9))).toMatchObject({
      newlyPassing: [{ name: ['a'], status: 'passed' }, { name: ['b'] }],
      newlyFailing: [{ name: ['c'] }],
      added: [],
      missing: [],
    });
    expect(changes(verdict(['a'], 8), verdict([], 5))).toMatchObject({ newlyPassing: [], missing: [{ name: ['a'] }] });
  });

  test('tests of one name in two files are told apart', () => {
    const one: TestResult = { name: ['works'], file: 'a.test.js', status: 'failed' };
    const other: TestResult = { name: ['works'], file: 'b.test.js', status: 'failed' };
    const nowPassing: TestResult = { name: ['works'], status: 'passed' };
    const solved = { newlyPassing: [nowPassing], newlyFailing: [], added: [], missing: [] };
    expect(changesFor([one, other], [nowPassing, other])).toMatchObject(solved);
    expect(changesFor([one, other], [one, nowPassing])).toMatchObject(solved);
    expect(changesFor([one, other], [other, nowPassing])).toMatchObject(solved);
    expect(changesFor([one], [other])).toMatchObject({ newlyPassing: [], added: [other], missing: [one] });
    expect(changesFor([one, other], [other])).toMatchObject({ newlyPassing: [], added: [], missing: [one] });
  });
});
