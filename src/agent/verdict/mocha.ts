import type { TestResult } from '../../session/events.ts';
import { dedent, type Reading, sumOf } from './reading.ts';

const PASSING = /^ {2}\d+ passing \(.*\)$/;
const LOAD = /^ ?Exception during run: (.*)$/m;

/** Mocha: the summary of its spec, dot, min, nyan, list, progress and landing reporters; passed tests have names with spec and list only. */
export function readMocha(output: string): Reading | null {
  const lines = output.split('\n');
  const summary = lines.findIndex((line) => PASSING.test(line));
  if (summary === -1) return readLoadFailure(output);
  const failures = readFailures(lines.slice(summary));
  const sum = (word: string) => sumOf(output, new RegExp(`^ {2}(\\d+) ${word}\\b`, 'gm'));
  const counts = { passed: sum('passing'), failed: sum('failing'), skipped: sum('pending') };
  const before = lines.slice(0, summary);
  const listed = readList(before, failures) ?? readTree(before, failures);
  // Where the reporter names no test before the summary, the failures alone have names.
  const tests = listed.length > 0 ? listed : [...failures.values()];
  return { format: 'mocha', counts, tests };
}

/** A file that does not load ends mocha before its first test. */
function readLoadFailure(output: string): Reading | null {
  const found = LOAD.exec(output);
  if (!found) return null;
  const message = output
    .slice(found.index)
    .trim()
    .replace(/^Exception during run: /, '');
  const file = /^- (.+)$/m.exec(message)?.[1] ?? /(?:file:\/\/)?(\/\S+\.[cm]?[jt]sx?):\d+/.exec(message)?.[1];
  const test: TestResult = {
    name: [file ?? 'The tests could not be loaded'],
    ...(file === undefined ? {} : { file }),
    status: 'failed',
    message,
  };
  return { format: 'mocha', counts: { passed: 0, failed: 1, skipped: 0 }, tests: [test] };
}

/** Of the list reporter: a line a test, with its suites' names before its own, and before it what it overwrites in a terminal. */
function readList(lines: readonly string[], failures: ReadonlyMap<string, TestResult>): TestResult[] | null {
  const running = (index: number) => /^ {4}(.+): $/.exec(lines[index - 1] ?? '')?.[1];
  const isList = lines.some((line, index) => {
    const name = running(index);
    return name !== undefined && (line.startsWith(`  ✔ ${name}: `) || line.endsWith(`) ${name}`));
  });
  if (!isList) return null;
  return lines.flatMap((line): TestResult[] => {
    const passed = /^ {2}[✔✓√] (.+): \d+ms$/.exec(line)?.[1];
    if (passed !== undefined) return [{ name: [passed], status: 'passed' }];
    const skipped = /^ {2}- (.+)$/.exec(line)?.[1];
    if (skipped !== undefined) return [{ name: [skipped], status: 'skipped' }];
    const failed = failures.get(/^ {2}(\d+\)) /.exec(line)?.[1] ?? '');
    return failed ? [{ ...failed, name: [failed.name.join(' ')] }] : [];
  });
}

function readTree(lines: readonly string[], failures: ReadonlyMap<string, TestResult>): TestResult[] {
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
      tests.push({ name: [...parents, title], status: 'failed', ...(message === undefined ? {} : { message }) });
    } else if (mark !== undefined)
      tests.push({ name: [...parents, title.replace(/ \(\d+ms\)$/, '')], status: 'passed' });
  }
  return tests;
}

/** By the number that the tree gave the failure: "1)". A block begins with the test's path, one name a line, the last with a colon. */
function readFailures(lines: readonly string[]): Map<string, TestResult> {
  const blocks = new Map<string, string[]>();
  let current: string[] | null = null;
  for (const line of lines) {
    const start = /^ {2}(\d+\)) (.*)$/.exec(line);
    if (start?.[1] !== undefined) {
      current = [start[2] ?? ''];
      blocks.set(start[1], current);
    } else current?.push(line);
  }
  return new Map([...blocks].map(([number, block]) => [number, toFailure(block)]));
}

function toFailure(block: readonly string[]): TestResult {
  const end = block.findIndex((line) => line.endsWith(':'));
  const name = block.slice(0, end + 1).map((line) => line.trim());
  const path = [...name.slice(0, -1), name.at(-1)?.replace(/:$/, '') ?? ''].filter((part) => part !== '');
  return { name: path, status: 'failed', message: dedent(block.slice(end + 1)) };
}
