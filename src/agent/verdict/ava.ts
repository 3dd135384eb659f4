import type { TestResult } from '../../session/values.ts';
import { countStatus, dedent, type Reading, sumOf } from './reading.ts';

const RESULT = /^ {2}(?:(✔)|(✘) \[fail\]:|(-) \[(?:skip|todo)\]) (.+?)(?: \([\d.]+m?s\))?$/;

/** AVA's default reporter. */
export function readAva(output: string): Reading | null {
  if (!/^ {2}\d+ (tests? (passed|failed)|uncaught exceptions?|unhandled rejections?)/m.test(output)) return null;
  const lines = output.split('\n');
  const end = lines.findIndex((line) => line.trim() === '─');
  const tree = end === -1 ? lines : lines.slice(0, end);
  const headings = new Set(tree.map((line) => `  ${RESULT.exec(line)?.[4] ?? ''}`));
  const tests = tree.flatMap((line): TestResult[] => {
    const match = RESULT.exec(line);
    if (!match) return [];
    const [, pass, fail, , title = ''] = match;
    const name = title.split(' › ');
    if (fail === undefined) return [{ name, status: pass === undefined ? 'skipped' : 'passed' }];
    return [{ name, status: 'failed', message: messageOf(lines, title, headings) }];
  });
  const broken = sumOf(output, /^ {2}(\d+) (?:uncaught exception|unhandled rejection)/gm);
  const counts = {
    passed: sumOf(output, /^ {2}(\d+) tests? passed/gm, countStatus(tests, 'passed')),
    failed: sumOf(output, /^ {2}(\d+) tests? failed/gm) + broken,
    skipped: sumOf(output, /^ {2}(\d+) tests? (?:skipped|todo)/gm),
  };
  return { format: 'ava', counts, tests };
}

/** Below a line that repeats the title, until the next title or rule. */
function messageOf(lines: readonly string[], title: string, headings: ReadonlySet<string>): string {
  const start = lines.indexOf(`  ${title}`);
  if (start === -1) return '';
  const isEnd = (line: string) => line.trim() === '─' || (line.trim() !== '' && headings.has(line));
  const end = lines.findIndex((line, at) => at > start && isEnd(line));
  return dedent(lines.slice(start + 1, end === -1 ? undefined : end));
}
