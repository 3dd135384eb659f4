import { expect, it } from 'vitest';
import type { Verdict } from '../../session/values.ts';
import { compareWithStart, describeAgainstStart } from './against-start.ts';

const verdict = (failed: readonly string[], format: string | null = 'tap'): Verdict => ({
  exitCode: 1,
  passed: false,
  format,
  counts: { passed: 5, failed: failed.length, skipped: 0 },
  tests: failed.map((name) => ({ name: [name], status: 'failed' })),
});
const told = (before: Verdict, now: Verdict) => {
  const compared = compareWithStart(before, now);
  return compared === null ? null : describeAgainstStart(compared);
};

it('tells what fails no more, and what fails anew', () => {
  expect(told(verdict(['a', 'b']), verdict(['b', 'c']))).toBe(
    'Since the start: 1 of the 2 tests that failed at the start does not fail any more; 1 that did not fail then does now: "c".',
  );
  expect(told(verdict(['a', 'b', 'c']), verdict(['b']))).toContain('2 of the 3 tests that failed');
  expect(told(verdict(['a']), verdict(['a']))).toContain('no other fails');
});
it('says nothing where tests have no names or the reporter is another', () => {
  expect(told(verdict(['a']), { ...verdict([]), counts: { passed: 1, failed: 3, skipped: 0 } })).toBeNull();
  expect(told(verdict(['a'], 'mocha'), verdict(['b']))).toBeNull();
  expect(compareWithStart(null, verdict(['a']))).toBeNull();
});
