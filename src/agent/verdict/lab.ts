import type { TestResult } from '../../session/events.ts';
import { readNumberedFailures } from './numbered-failures.ts';
import type { Reading } from './reading.ts';

/** Lab's console reporter; passed tests have names with `-v` only, and then without their suites', as failures have them in one text. */
export function readLab(output: string): Reading | null {
  const summary = /^(?:(\d+) of )?(\d+) tests?(?: (?:failed|complete))?(?: \((\d+) skipped\))?$/m.exec(output);
  if (!summary || !/^Test duration: \d+ ms$/m.test(output)) return null;
  const failed = Number(summary[1] ?? 0);
  const ran = Number(summary[2]);
  const lines = output.split('\n');
  const at = lines.indexOf('Failed tests:');
  const failures = at === -1 ? [] : readNumberedFailures(lines.slice(at), /^ {2}\d+\) (.+):$/, /^\d+ of \d+ tests/);
  const tests = [...readTree(at === -1 ? lines : lines.slice(0, at)), ...failures];
  return { format: 'lab', counts: { passed: ran - failed, failed, skipped: Number(summary[3] ?? 0) }, tests };
}

function readTree(lines: readonly string[]): TestResult[] {
  const suites: string[] = [];
  return lines.flatMap((line): TestResult[] => {
    const match = /^((?: {2})*)(?:([✔✖-]) \d+\) )?(\S.*?)(?: \(\d+ ms\))?$/.exec(line);
    if (!match) return [];
    const [, indent = '', mark, title = ''] = match;
    const depth = indent.length / 2;
    suites.length = Math.min(suites.length, depth);
    if (mark === undefined) suites[depth] = title;
    // The failures come again below, with their messages.
    if (mark === undefined || mark === '✖') return [];
    const name = [[...suites, title].filter((part) => part !== undefined).join(' ')];
    return [{ name, status: mark === '✔' ? 'passed' : 'skipped' }];
  });
}
