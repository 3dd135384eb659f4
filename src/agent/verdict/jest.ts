import type { TestResult } from '../../session/values.ts';
import { countStatus, dedent, type Reading } from './reading.ts';

const SUMMARY = /^Tests: +(.*)\b\d+ total$/m;
const FAILURE = /^ {2}● (.+)$/;
const SUITE_END = /^(?:PASS|FAIL|Test Suites:|Summary of all failing tests|-+\||=+ Coverage|Jest: )/;

/** Jest's text output, verbose or not: without --verbose the passed tests have no names. */
export function readJest(output: string): Reading | null {
  const summary = SUMMARY.exec(output);
  const suites = /^Test Suites: +(.*)\b\d+ total$/m.exec(output)?.[1];
  if (!summary || suites === undefined) return null;
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(summary[1] ?? '')?.[1] ?? 0);
  const lines = output.split('\n');
  const failures = readFailures(lines);
  const listed = readVerbose(lines).filter(({ status }) => status !== 'failed');
  const tests = [...listed, ...failures];
  const failed = Math.max(count('failed'), countStatus(tests, 'failed'));
  const counts = { passed: count('passed'), failed, skipped: count('skipped') + count('todo') };
  return { format: 'jest', counts, tests };
}

function readFailures(lines: readonly string[]): TestResult[] {
  const blocks = new Map<string, { name: string[]; file: string | undefined; lines: string[] }>();
  let current: string[] | null = null;
  let file: string | undefined;
  for (const line of lines) {
    if (SUITE_END.test(line)) {
      current = null;
      file = /^FAIL (\S+)/.exec(line)?.[1] ?? file;
    }
    const title = FAILURE.exec(line)?.[1];
    if (title === undefined) {
      current?.push(line);
      continue;
    }
    current = [];
    const name = title === 'Test suite failed to run' && file !== undefined ? [file, title] : title.split(' › ');
    const key = `${file} ${title}`;
    // "Summary of all failing tests" repeats them.
    if (!blocks.has(key) && title !== 'Console') blocks.set(key, { name, file, lines: current });
  }
  return [...blocks.values()].map(({ name, file: from, lines: text }) => ({
    name,
    ...(from === undefined ? {} : { file: from }),
    status: 'failed',
    message: dedent(text),
  }));
}

function readVerbose(lines: readonly string[]): TestResult[] {
  const tests: TestResult[] = [];
  const suites: string[] = [];
  for (const line of lines) {
    if (SUITE_END.test(line)) suites.length = 0;
    const match = /^((?: {2})+)(?:([✓✕○✎]) )?(\S.*)$/.exec(line);
    if (!match || FAILURE.test(line)) continue;
    const [, indent = '', mark, title = ''] = match;
    const depth = indent.length / 2 - 1;
    suites.length = Math.min(suites.length, depth);
    if (mark === undefined) suites[depth] = title;
    else {
      const name = [...suites.filter((suite) => suite !== undefined), title.replace(/ \([\d.]+ m?s\)$/, '')];
      if (mark === '○' || mark === '✎')
        tests.push({ name: name.map((part) => part.replace(/^(skipped|todo) /, '')), status: 'skipped' });
      else tests.push({ name, status: mark === '✓' ? 'passed' : 'failed' });
    }
  }
  return tests;
}
