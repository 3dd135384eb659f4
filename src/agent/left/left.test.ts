import { describe, expect, it } from 'vitest';
import type { TestResult, Verdict } from '../../session/values.ts';
import { compareTests } from './compare-runs.ts';
import { isNamed } from './is-named.ts';
import { judgeClaims } from './judge-claims.ts';
import { leftByTask } from './left-by-task.ts';
import { isSameFailure } from './same-failure.ts';

const failed = (name: string, more: Partial<TestResult> = {}): TestResult => ({
  name: name.split(' > '),
  status: 'failed',
  message: 'no',
  ...more,
});
/** As Jest and vitest report: what passes is a number. */
const silent = (passed: number, ...tests: TestResult[]): Verdict => ({
  exitCode: 1,
  passed: false,
  format: 'jest',
  counts: { passed, failed: tests.length, skipped: 0 },
  tests,
});
const naming = (passed: readonly string[], ...tests: TestResult[]): Verdict => ({
  ...silent(passed.length, ...tests),
  format: 'tap',
  tests: [...passed.map((name) => ({ name: name.split(' > '), status: 'passed' as const })), ...tests],
});

it.each([
  ['cart > adds', true],
  ['cart adds', true],
  ['adds', true],
  ['cart', true],
  ['test/cart.test.js', true],
  ['cart.test.js', true],
  ['test/cart.test.js | cart adds', true],
  ['cart*', true],
  ['* adds', true],
  ['add', false],
  ['art.test.js', false],
  ['', false],
])('the name "%s" means the test: %s', (name, expected) => {
  expect(isNamed(name, { name: ['cart', 'adds'], file: '/home/p/test/cart.test.js' })).toBe(expected);
});

describe('a reporter without the names of what passes', () => {
  const before = silent(10, failed('a'), failed('network'));
  it('takes what fails no more for mended, as far as more tests pass', () => {
    expect(compareTests(before, silent(11, failed('network')))).toMatchObject({
      mended: [{ name: ['a'] }],
      left: [{ now: { name: ['network'] } }],
      broken: [],
      lost: { count: 0 },
    });
    expect(leftByTask({ target: ['a'] }, before, silent(11, failed('network')))).toHaveLength(1);
  });
  it('sees what is broken, and what is gone', () => {
    expect(leftByTask({ target: ['a'] }, before, silent(10, failed('network'), failed('b')))).toMatch(/"b"/);
    expect(leftByTask({ target: ['a'] }, before, silent(4, failed('network')))).toMatch(
      /^7 tests of the start are not/,
    );
  });
  it('knows nothing of the tests of a file that did not load', () => {
    const whole = failed('test/a.test.js > Test suite failed to run', { file: 'test/a.test.js' });
    const start = silent(10, whole, failed('network', { file: 'test/n.test.js' }));
    const now = silent(14, failed('other', { file: 'test/a.test.js' }), failed('network', { file: 'test/n.test.js' }));
    expect(leftByTask({ target: ['a'] }, start, now)).toHaveLength(2);
    expect(leftByTask({ target: ['a'] }, silent(10, failed('network')), now)).toMatch(/did not fail at the start/);
  });
});

describe('a reporter that names all', () => {
  it('misses a test that is not reported any more, be it one that failed', () => {
    const before = naming(['a', 'b'], failed('c'), failed('network'));
    expect(leftByTask({ target: ['c'] }, before, naming(['a', 'c'], failed('network')))).toMatch(
      /passed any more: "b"/,
    );
    const judged = judgeClaims({
      claims: [{ test: 'network', reason: 'There is no network.' }],
      task: { title: '', goal: '', hints: [] },
      before,
      now: naming(['a', 'b'], failed('network')),
    });
    expect(judged).toMatch(/passed any more: "c"/);
  });
  it('does not take a number in a title for another test', () => {
    const before = naming(['took 12 ms', 'b'], failed('c'), failed('network'));
    expect(leftByTask({ target: ['c'] }, before, naming(['took 9 ms', 'b', 'c'], failed('network')))).toHaveLength(1);
  });
});

it.each([
  ['connect ECONNREFUSED 127.0.0.1:34567', 'connect ECONNREFUSED 127.0.0.1:41999', true],
  ['Timeout of 2000ms exceeded', 'Timeout of 2004ms exceeded', true],
  [
    "ENOENT: open '/tmp/a1b2/x.txt'\n    at open (node:fs:1:2)",
    "ENOENT: open '/tmp/c3/x.txt'\n    at open (node:fs:9:9)",
    true,
  ],
  ['expected 3, got 2', 'expected 3, got 1', false],
  ['expected 3, got 2', 'sum is not a function', false],
])('"%s" and "%s" are the same failure: %s', (one, other, expected) => {
  expect(isSameFailure(one, other)).toBe(expected);
});
