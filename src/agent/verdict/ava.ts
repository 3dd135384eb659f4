import type { TestResult } from '../../session/events.ts';
import { countStatus, dedent, type Reading, sumOf } from './reading.ts';

/** AVA's default reporter. */
export function readAva(output: string): Reading | null {
  if (!/^ {2}\d+ (tests? (passed|failed)|uncaught exceptions?|unhandled rejections?)/m.test(output)) return null;
  const lines = output.split('\n');
  const end = lines.findIndex((line) => line.trim() === '─');
  const tree = end === -1 ? lines : lines.slice(0, end);
  const headings = lines
    .slice(end + 1)
    .flatMap((line) => /^ {2}(\S.*)$/.exec(line)?.[1] ?? [])
    .sort((a, b) => b.length - a.length);
  const named = tree.flatMap((line): TestResult[] => {
    const match =
      /^ {2}(?:(✔)(?: \[expected fail\])?|(✘) \[fail\]:|(-) \[(?:skip|todo)\]) (.+?)(?: \([\d.]+m?s\))?$/.exec(line);
    if (!match) return [];
    const [, pass, fail, , written = ''] = match;
    // After the title of a test that threw stands what it threw: the block below has the title alone.
    const title = fail === undefined ? written : (headings.find((each) => written.startsWith(each)) ?? written);
    const name = title.split(' › ');
    if (fail === undefined) return [{ name, status: pass === undefined ? 'skipped' : 'passed' }];
    return [{ name, status: 'failed', message: messageOf(lines, title) }];
  });
  const tests = [...named, ...readUncaught(tree)];
  const broken = sumOf(output, /^ {2}(\d+) (?:uncaught exception|unhandled rejection)/gm);
  const counts = {
    passed: sumOf(output, /^ {2}(\d+) tests? passed/gm, countStatus(tests, 'passed')),
    failed: sumOf(output, /^ {2}(\d+) tests? failed/gm) + broken,
    skipped: sumOf(output, /^ {2}(\d+) tests? (?:skipped|todo)/gm),
  };
  return { format: 'ava', counts, tests };
}

/** What fails outside of tests: a file that does not load. */
function readUncaught(lines: readonly string[]): TestResult[] {
  return lines.flatMap((line, index): TestResult[] => {
    const file = /^ {2}(?:Uncaught exception|Unhandled rejection) in (.+)$/.exec(line)?.[1];
    if (file === undefined) return [];
    const end = lines.findIndex((other, at) => at > index && /^ {2}[✔✘─-]/.test(other));
    const message = dedent(lines.slice(index + 1, end === -1 ? undefined : end));
    return [{ name: [file], file, status: 'failed', message }];
  });
}

/** Below a line that repeats the title, until the next rule. */
function messageOf(lines: readonly string[], title: string): string {
  const start = lines.indexOf(`  ${title}`);
  const end = lines.findIndex((line, at) => at > start && line.trim() === '─');
  return start === -1
    ? ''
    : lines
        .slice(start + 1, end === -1 ? undefined : end)
        .join('\n')
        .trim();
}
