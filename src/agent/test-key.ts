import type { TestResult, Verdict } from '../session/values.ts';

/** A test by its names. Reporters name the file of a failing test only, so the file says nothing of which test it is. */
export const testKey = ({ name }: Pick<TestResult, 'name'>): string => JSON.stringify(name);

/** The tests that end so; of several with one name, one that fails counts. */
export function keysOf(verdict: Verdict | null, status: 'passed' | 'failed'): ReadonlySet<string> {
  const tests = verdict?.tests ?? [];
  const failed = new Set(tests.filter((test) => test.status === 'failed').map(testKey));
  if (status === 'failed') return failed;
  return new Set(tests.filter((test) => test.status === 'passed' && !failed.has(testKey(test))).map(testKey));
}
