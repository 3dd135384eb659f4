import type { Verdict } from '../../session/events.ts';
import { readAva } from './ava.ts';
import { readJasmine } from './jasmine.ts';
import { readJest } from './jest.ts';
import { readJestJson } from './jest-json.ts';
import { readJunit } from './junit.ts';
import { readLab } from './lab.ts';
import { readMocha } from './mocha.ts';
import { readMochaJson } from './mocha-json.ts';
import { readNodeDot } from './node-dot.ts';
import { readNodeSpec } from './node-spec.ts';
import type { Reader, Reading } from './reading.ts';
import { readTap } from './tap.ts';
import { readTapSpec } from './tap-spec.ts';
import { readUvu } from './uvu.ts';
import { readVitest } from './vitest.ts';

/** Formats for machines: what else is in the output is noise beside them. */
const EXACT: readonly Reader[] = [readJestJson, readMochaJson, readJunit];
/** Formats with a summary that nothing else looks like: a command may run several runners, one after another. */
const SUMMARIES: readonly Reader[] = [
  readNodeSpec,
  readVitest,
  readJest,
  readMocha,
  readUvu,
  readAva,
  readJasmine,
  readLab,
  readTapSpec,
];
/** Formats whose lines programs may write for other reasons. */
const LOOSE: readonly Reader[] = [readTap, readNodeDot];

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters.
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/**
 * The verdict of a test command. It passed when its exit code is 0, no failed test was read, and, where the tests can be counted,
 * at least one ran: a run of zero tests proves nothing.
 */
export function parseVerdict(exitCode: number, output: string): Verdict {
  const plain = output.replace(ESCAPES, '').replace(/\r\n?/g, '\n');
  const reading = firstOf(EXACT, plain) ?? sumOfAll(SUMMARIES, plain) ?? firstOf(LOOSE, plain);
  if (reading === null) return { exitCode, passed: exitCode === 0, format: null, counts: null, tests: [] };
  const { format, counts, tests } = reading;
  const passed = exitCode === 0 && counts.failed === 0 && counts.passed > 0;
  return { exitCode, passed, format, counts, tests };
}

function firstOf(readers: readonly Reader[], output: string): Reading | null {
  for (const read of readers) {
    const reading = read(output);
    if (reading !== null) return reading;
  }
  return null;
}

function sumOfAll(readers: readonly Reader[], output: string): Reading | null {
  const readings = readers.map((read) => read(output)).filter((reading) => reading !== null);
  if (readings.length === 0) return null;
  const sum = (key: keyof Reading['counts']) => readings.reduce((total, { counts }) => total + counts[key], 0);
  return {
    format: readings.map(({ format }) => format).join(' + '),
    counts: { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') },
    tests: readings.flatMap(({ tests }) => tests),
  };
}
