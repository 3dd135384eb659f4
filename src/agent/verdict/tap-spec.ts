import type { TestResult } from '../../session/events.ts';
import { dedent, type Reading } from './reading.ts';

/** tap-spec, which old projects pipe their TAP through. */
export function readTapSpec(output: string): Reading | null {
  const number = (word: string) => new RegExp(`^ {2}${word}: +(\\d+)$`, 'm').exec(output)?.[1];
  const [total, passing] = [number('total'), number('passing')];
  if (total === undefined || passing === undefined || !/^ {2}duration: +/m.test(output)) return null;
  const lines = output.split('\n');
  const end = lines.findIndex((line) => /^ {2}(?:Failed Tests:|total: )/.test(line));
  const failed = Number(number('failing') ?? 0);
  return {
    format: 'tap-spec',
    counts: { passed: Number(passing), failed, skipped: 0 },
    tests: readTree(lines.slice(0, end)),
  };
}

function readTree(lines: readonly string[]): TestResult[] {
  let heading: string | null = null;
  return lines.flatMap((line, index): TestResult[] => {
    const isAlone = lines[index - 1]?.trim() === '' && lines[index + 1]?.trim() === '';
    if (isAlone) heading = /^ {2}(\S.*)$/.exec(line)?.[1] ?? heading;
    const match = /^ {4}([✔✖]) (.+)$/.exec(line);
    if (!match) return [];
    const [, mark, title = ''] = match;
    const name = heading === null ? [title] : [heading, title];
    if (mark === '✔') return [{ name, status: 'passed' }];
    const end = lines.findIndex((other, at) => at > index && other.trim() === '');
    return [{ name, status: 'failed', message: dedent(lines.slice(index + 2, end === -1 ? undefined : end)) }];
  });
}
