import type { TestResult } from '../../session/values.ts';
import { dedent, type Reading, sumOf } from './reading.ts';

/** uvu: passed tests have no names, only counts. */
export function readUvu(output: string): Reading | null {
  if (!/^ {2}Total: +\d+$/m.test(output) || !/^ {2}Passed: +\d+$/m.test(output)) return null;
  const sum = (word: string) => sumOf(output, new RegExp(`^ {2}${word}: +(\\d+)$`, 'gm'));
  const passed = sum('Passed');
  const tests = readFailures(output.split('\n'));
  const failed = Math.max(sum('Total') - passed, tests.length);
  return { format: 'uvu', counts: { passed, failed, skipped: sum('Skipped') }, tests };
}

function readFailures(lines: readonly string[]): TestResult[] {
  return lines.flatMap((line, index): TestResult[] => {
    const match = /^ {2} FAIL (?: (.+?) )? ?"(.+)"$/.exec(line);
    if (!match) return [];
    const [, suite, title = ''] = match;
    const end = lines.findIndex((other, at) => at > index && /^ {2} FAIL |^ {2}Total:/.test(other));
    const message = dedent(lines.slice(index + 1, end === -1 ? undefined : end));
    return [{ name: suite === undefined ? [title] : [suite.trim(), title], status: 'failed', message }];
  });
}
