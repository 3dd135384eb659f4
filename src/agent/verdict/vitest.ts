import type { TestResult } from '../../session/values.ts';
import { countStatus, dedent, type Reading } from './reading.ts';

const MARKS = { '✓': 'passed', '↓': 'skipped' } as const;

const FAIL = /^ FAIL {2}(?:\|[^|]*\| )?(\S+)(?: > (.+)| \[.*\])?$/;

/** Vitest's text output; the default reporter names only what failed, the verbose one everything. */
export function readVitest(output: string): Reading | null {
  const files = /^ *Test Files +(.*)\(\d+\)$/m.exec(output)?.[1];
  if (files === undefined && !/^No test files found/m.test(output)) return null;
  const summary = /^ *Tests +(.*)\(\d+\)$/m.exec(output)?.[1] ?? '';
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  const lines = output.split('\n');
  const tests = [...readVerbose(lines), ...readFailures(lines)];
  const failed = Math.max(count('failed'), countStatus(tests, 'failed'));
  const counts = { passed: count('passed'), failed, skipped: count('skipped') + count('todo') };
  return { format: 'vitest', counts, tests };
}

function readVerbose(lines: readonly string[]): TestResult[] {
  return lines.flatMap((line): TestResult[] => {
    const match = /^ ([✓↓]) (\S+) > (.+?)(?: \d+m?s)?$/.exec(line);
    if (!match) return [];
    const [, mark, file = '', path = ''] = match;
    return [{ name: path.split(' > '), file, status: mark === '✓' ? MARKS['✓'] : MARKS['↓'] }];
  });
}

function readFailures(lines: readonly string[]): TestResult[] {
  const tests: TestResult[] = [];
  for (const [index, line] of lines.entries()) {
    const match = FAIL.exec(line);
    if (!match) continue;
    const [, file = '', path] = match;
    const end = lines.findIndex((other, at) => at > index && /^⎯{5}/.test(other));
    // Tests that fail with one and the same error stand together above it.
    const block = lines.slice(index + 1, end === -1 ? undefined : end);
    const message = dedent(block.slice(block.findIndex((each) => !FAIL.test(each) && each.trim() !== '')));
    tests.push({ name: path === undefined ? [file] : path.split(' > '), file, status: 'failed', message });
  }
  return tests;
}
