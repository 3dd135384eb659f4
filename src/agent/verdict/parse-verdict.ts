import type { Verdict } from '../../session/values.ts';
import { readAva } from './ava.ts';
import { readJest } from './jest.ts';
import { readJestJson } from './jest-json.ts';
import { readMocha } from './mocha.ts';
import { readNodeSpec } from './node-spec.ts';
import type { Reader, Reading } from './reading.ts';
import { readTap } from './tap.ts';
import { readUvu } from './uvu.ts';
import { readVitest } from './vitest.ts';
import { withoutEscapes } from './without-escapes.ts';

/** The more telling a format's summary, the earlier. */
const READERS: readonly Reader[] = [
  readJestJson,
  readNodeSpec,
  readVitest,
  readJest,
  readMocha,
  readUvu,
  readTap,
  readAva,
];

/**
 * The verdict of a test command. It passed when its exit code is 0, no failed test was read, and, where the tests can be counted,
 * at least one ran: a run of zero tests proves nothing.
 */
export function parseVerdict(exitCode: number, output: string): Verdict {
  const plain = withoutEscapes(output).replace(/\r\n?/g, '\n');
  const reading = readRuns(plain) ?? readOne(plain);
  if (reading !== null) {
    const { format, counts, tests } = reading;
    const passed = exitCode === 0 && counts.failed === 0 && counts.passed > 0;
    return { exitCode, passed, format, counts, tests };
  }
  return { exitCode, passed: exitCode === 0, format: null, counts: null, tests: [] };
}

function readOne(plain: string): Reading | null {
  for (const read of READERS) {
    const reading = read(plain);
    if (reading !== null) return reading;
  }
  return null;
}

/** What npm says above a script: in a project of several packages one above the tests of each. */
const BANNER = /^(?=> \S+@\d\S* [\w:.-]+\n> )/m;

/** Several runs of tests in one output, each below its banner; null where there is but one. */
function readRuns(plain: string): Reading | null {
  const sections = plain.split(BANNER);
  const readings = sections.length < 2 ? [] : sections.flatMap((section) => readOne(section) ?? []);
  const [first, second] = readings;
  if (!first || !second) return null;
  const sum = (status: keyof Reading['counts']) => readings.reduce((all, { counts }) => all + counts[status], 0);
  return {
    format: first.format,
    counts: { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') },
    tests: readings.flatMap(({ tests }) => tests),
  };
}
