import type { TestResult } from '../../session/values.ts';
import { dedent, type Reading, sumOf } from './reading.ts';

const RESULT = /^( *)([✔✖﹣⚠]) (.*) \(\d[\d.]*ms\)(?: # (SKIP|TODO)?.*)?$/;
const GROUP = /^( *)▶ (.*)$/;
const FAILING = /^✖ failing tests:$/;
const LOCATION = /^test at (.+?)(?::\d+:\d+)?$/;

interface Failure {
  readonly name: string;
  readonly file: string;
  readonly lines: string[];
}

/** node:test, spec reporter: a tree of results, a summary, and the failures with their messages. */
export function readNodeSpec(output: string): Reading | null {
  if (!/^ℹ tests \d+$/m.test(output)) return null;
  const lines = output.split('\n');
  const results = readTree(lines);
  const failures = readFailures(lines);
  const tests = results.map((result): TestResult => {
    const index = result.status === 'failed' ? failures.findIndex(({ name }) => name === result.name.at(-1)) : -1;
    const [failure] = index === -1 ? [] : failures.splice(index, 1);
    return failure ? { ...result, file: failure.file, message: dedent(failure.lines) } : result;
  });
  const sum = (word: string) => sumOf(output, new RegExp(`^ℹ ${word} (\\d+)$`, 'gm'));
  const counts = { passed: sum('pass'), failed: sum('fail') + sum('cancelled'), skipped: sum('skipped') + sum('todo') };
  return { format: 'node:test', counts, tests };
}

function readTree(lines: readonly string[]): TestResult[] {
  const tests: TestResult[] = [];
  const groups: { name: string; firstTest: number }[] = [];
  let inFailures = false;
  for (const line of lines) {
    if (FAILING.test(line)) inFailures = true;
    const group = GROUP.exec(line);
    if (group?.[2] !== undefined) {
      inFailures = false;
      groups.length = Math.min(groups.length, (group[1] ?? '').length / 2);
      groups.push({ name: group[2], firstTest: tests.length });
      continue;
    }
    const result = inFailures ? null : RESULT.exec(line);
    if (!result) continue;
    const [, indent = '', mark, name = '', directive] = result;
    const depth = indent.length / 2;
    const status = statusOf(mark, directive);
    const opened = groups[depth];
    groups.length = Math.min(groups.length, depth);
    // The end of a group repeats its name; it is a test of its own only when it failed without a failed child (a hook).
    const isEnd = opened?.name === name;
    const children = isEnd ? tests.slice(opened.firstTest) : [];
    if (isEnd && (status !== 'failed' || children.some((child) => child.status === 'failed'))) continue;
    tests.push({ name: [...groups.map((parent) => parent.name), name], status });
  }
  return tests;
}

function statusOf(mark: string | undefined, directive: string | undefined): TestResult['status'] {
  if (directive === 'TODO') return 'todo';
  if (directive === 'SKIP' || mark === '﹣') return 'skipped';
  return mark === '✔' ? 'passed' : 'failed';
}

function readFailures(lines: readonly string[]): Failure[] {
  const failures: Failure[] = [];
  let file: string | null = null;
  let current: Failure | null = null;
  let inFailures = false;
  for (const line of lines) {
    if (FAILING.test(line)) inFailures = true;
    if (!inFailures) continue;
    const location = LOCATION.exec(line);
    const result = RESULT.exec(line);
    if (location?.[1] !== undefined) {
      file = location[1];
      current = null;
    } else if (result?.[3] !== undefined && file !== null && current === null) {
      current = { name: result[3], file, lines: [] };
      failures.push(current);
    } else if (current && (line === '' || line.startsWith('  '))) current.lines.push(line);
    else current = null;
  }
  return failures;
}
