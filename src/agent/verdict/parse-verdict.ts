import type { Verdict } from '../../session/values.ts';
import { readAva } from './ava.ts';
import { readJest } from './jest.ts';
import { readJestJson } from './jest-json.ts';
import { readMocha } from './mocha.ts';
import { readNodeSpec } from './node-spec.ts';
import type { Reader } from './reading.ts';
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
  for (const read of READERS) {
    const reading = read(plain);
    if (reading === null) continue;
    const { format, counts, tests } = reading;
    const passed = exitCode === 0 && counts.failed === 0 && counts.passed > 0;
    return { exitCode, passed, format, counts, tests };
  }
  return { exitCode, passed: exitCode === 0, format: null, counts: null, tests: [] };
}
