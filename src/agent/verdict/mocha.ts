import type { TestResult } from '../../session/events.ts';
import { dedent, type Reading, sumOf } from './reading.ts';

const PASSING = /^ {2}\d+ passing \(.*\)$/;

/** Mocha, spec reporter. */
export function readMocha(output: string): Reading | null {
  const lines = output.split('\n');
  const summary = lines.findIndex((line) => PASSING.test(line));
  if (summary === -1) return null;
  const messages = readMessages(lines.slice(summary));
  const sum = (word: string) => sumOf(output, new RegExp(`^ {2}(\\d+) ${word}\\b`, 'gm'));
  const counts = { passed: sum('passing'), failed: sum('failing'), skipped: sum('pending') };
  return { format: 'mocha', counts, tests: readTree(lines.slice(0, summary), messages) };
}

function readTree(lines: readonly string[], messages: ReadonlyMap<string, string>): TestResult[] {
  const tests: TestResult[] = [];
  const suites: string[] = [];
  for (const line of lines) {
    const match = /^((?: {2})+)(?:(✔|✓|√|-|\d+\)) )?(.+)$/.exec(line);
    if (!match) continue;
    const [, indent = '', mark, title = ''] = match;
    const depth = indent.length / 2 - 1;
    suites.length = Math.min(suites.length, depth);
    if (mark === undefined) suites[depth] = title;
    // Marks of the root stand as deep as a suite's own tests.
    const parents = suites.slice(0, depth).filter((suite) => suite !== undefined);
    if (mark === '-') tests.push({ name: [...parents, title], status: 'skipped' });
    else if (mark?.endsWith(')')) {
      const message = messages.get(mark);
      tests.push({ name: [...parents, title], status: 'failed', ...(message === undefined ? {} : { message }) });
    } else if (mark !== undefined)
      tests.push({ name: [...parents, title.replace(/ \(\d+ms\)$/, '')], status: 'passed' });
  }
  return tests;
}

/** By the number that the tree gave the failure: "1)". */
function readMessages(lines: readonly string[]): Map<string, string> {
  const blocks = new Map<string, string[]>();
  let current: string[] | null = null;
  for (const line of lines) {
    const number = /^ {2}(\d+\)) /.exec(line)?.[1];
    if (number !== undefined) {
      current = [];
      blocks.set(number, current);
    } else current?.push(line);
  }
  // A block begins with the rest of the test's path; the message follows the line that ends in a colon.
  const message = (block: readonly string[]) => dedent(block.slice(block.findIndex((line) => line.endsWith(':')) + 1));
  return new Map([...blocks].map(([number, block]) => [number, message(block)]));
}
