import type { TestResult } from '../../session/values.ts';
import { dedent, type Reading, sumOf } from './reading.ts';

const PASSING = /^ {2}\d+ passing \(.*\)$/;

/** Mocha: the spec reporter's tree of tests, and the list of failures that most reporters end with. */
export function readMocha(output: string): Reading | null {
  const lines = output.split('\n');
  const summary = lines.findIndex((line) => PASSING.test(line));
  if (summary === -1) return null;
  const failures = readFailures(lines.slice(summary));
  const sum = (word: string) => sumOf(output, new RegExp(`^ {2}(\\d+) ${word}\\b`, 'gm'));
  const counts = { passed: sum('passing'), failed: sum('failing'), skipped: sum('pending') };
  const untold = new Map(failures);
  const tests = readTree(lines.slice(0, summary), untold);
  return { format: 'mocha', counts, tests: [...tests, ...untold.values()] };
}

/** Takes the failures that it names out of `failures`. */
function readTree(lines: readonly string[], failures: Map<string, Failure>): TestResult[] {
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
      const message = failures.get(mark)?.message;
      failures.delete(mark);
      tests.push({ name: [...parents, title], status: 'failed', ...(message === undefined ? {} : { message }) });
    } else if (mark !== undefined)
      tests.push({ name: [...parents, title.replace(/ \(\d+ms\)$/, '')], status: 'passed' });
  }
  return tests;
}

interface Failure {
  readonly name: string[];
  readonly status: 'failed';
  readonly message: string;
}

/** By the number that the tree gave the failure: "1)". */
function readFailures(lines: readonly string[]): Map<string, Failure> {
  const blocks = new Map<string, string[]>();
  let current: string[] | null = null;
  for (const line of lines) {
    const [, number, title] = /^ {2}(\d+\)) (.*)$/.exec(line) ?? [];
    if (number !== undefined && title !== undefined) {
      current = [title];
      blocks.set(number, current);
    } else current?.push(line);
  }
  return new Map([...blocks].map(([number, block]) => [number, readFailure(block)]));
}

/** A block begins with the test's path, a line a part; the message follows the line that ends in a colon. */
function readFailure(block: readonly string[]): Failure {
  const end = block.findIndex((line) => line.endsWith(':')) + 1;
  const name = block.slice(0, end).map((line) => line.trim());
  // What npm says of the script that failed.
  const after = block.findIndex((line) => /^npm (?:error|ERR!)/.test(line));
  return {
    name: name.map((part, index) => (index === name.length - 1 ? part.slice(0, -1) : part)),
    status: 'failed',
    message: dedent(block.slice(end, after === -1 ? undefined : after)),
  };
}
