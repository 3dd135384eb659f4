import type { TestResult } from '../../session/values.ts';
import { countStatus, dedent, type Reading, sumOf } from './reading.ts';

const RESULT = /^( *)(not )?ok\b(?: \d+)?(?: -)? ?(.*)$/;
const SUBTEST = /^( *)# Subtest: (.*)$/;
const SUMMARY = /^# (tests|suites|pass|fail|cancelled|skipped|skip|todo|duration_ms|ok)\b/;

/** TAP: flat as tape writes it (a comment names the test), nested as node:test and node-tap do. */
export function readTap(output: string): Reading | null {
  if (!/^TAP version \d+$|^1\.\.\d+/m.test(output) || !/^ *(not )?ok\b/m.test(output)) {
    if (!/^1\.\.0/m.test(output)) return null;
  }
  const lines = output.split('\n');
  const tests = /^ *# Subtest: /m.test(output) ? readNested(lines) : readFlat(lines);
  const sum = (word: string, missing: number) => sumOf(output, new RegExp(`^# ${word} +(\\d+)$`, 'gm'), missing);
  const skipped = countStatus(tests, 'skipped') + countStatus(tests, 'todo');
  const counts = {
    passed: sum('pass', countStatus(tests, 'passed')),
    failed: sum('fail', countStatus(tests, 'failed')) + sum('cancelled', 0),
    skipped: sum('(?:skipped|skip)', skipped - countStatus(tests, 'todo')) + sum('todo', countStatus(tests, 'todo')),
  };
  return { format: 'tap', counts, tests };
}

interface Parsed {
  readonly indent: number;
  readonly name: string;
  readonly status: TestResult['status'];
}

function parseResult(line: string): Parsed | null {
  const match = RESULT.exec(line);
  if (!match) return null;
  const [, indent = '', not, rest = ''] = match;
  const directive = / # (SKIP|TODO)\b/i.exec(rest)?.[1]?.toUpperCase();
  const name = rest.replace(/ # (SKIP|TODO|time=).*$/i, '').replace(/\\#/g, '#');
  const failed = not !== undefined;
  const status = directive === 'SKIP' ? 'skipped' : directive === 'TODO' ? 'todo' : failed ? 'failed' : 'passed';
  return { indent: indent.length, name, status };
}

function readFlat(lines: readonly string[]): TestResult[] {
  const tests: TestResult[] = [];
  let heading: string | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('# ') && !SUMMARY.test(line)) heading = line.slice(2);
    const result = parseResult(line);
    if (!result || result.indent > 0) continue;
    const name = heading === null ? [result.name] : [heading, result.name];
    tests.push({ name, status: result.status, ...diagnostics(lines, index, result) });
  }
  const cut = lines.some((line) => PLAN.test(line)) ? null : unfinished(lines, heading);
  return cut === null ? tests : [...tests, cut];
}

const PLAN = /^1\.\.\d+/;

/** Without its plan TAP did not come to its end: the test that was running failed by what was printed after the last result. */
function unfinished(lines: readonly string[], heading: string | null): TestResult | null {
  const last = lines.findLastIndex((line) => parseResult(line)?.indent === 0 || line.startsWith('# '));
  const message = dedent(lines.slice(last + 1).filter((line) => !/^TAP version/.test(line)));
  if (last === -1 || message === '') return null;
  return { name: [heading ?? 'the tests', 'the process ended before the tests did'], status: 'failed', message };
}

function readNested(lines: readonly string[]): TestResult[] {
  const tests: TestResult[] = [];
  const open: { name: string; indent: number; firstTest: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const subtest = SUBTEST.exec(line);
    if (subtest?.[2] !== undefined)
      open.push({ name: subtest[2], indent: subtest[1]?.length ?? 0, firstTest: tests.length });
    const result = parseResult(line);
    const own = open.at(-1);
    if (!result || (own && result.indent < own.indent)) continue;
    if (own && result.indent === own.indent) open.pop();
    const children = own && result.indent === own.indent ? tests.slice(own.firstTest) : [];
    const explained = children.some(({ status }) => status === 'failed');
    if (children.length > 0 && (result.status !== 'failed' || explained)) continue;
    const name = [...open.map((parent) => parent.name), result.name];
    tests.push({ name, status: result.status, ...diagnostics(lines, index, result) });
  }
  return tests;
}

/** The YAML block below a failed result: its message and stack. */
function diagnostics(lines: readonly string[], index: number, result: Parsed): { file?: string; message?: string } {
  if (result.status !== 'failed' || lines[index + 1]?.trim() !== '---') return {};
  const end = lines.findIndex((line, at) => at > index && line.trim() === '...');
  const block = dedent(lines.slice(index + 2, end === -1 ? undefined : end));
  const file = /^location: '(.+?)(?::\d+:\d+)?'$/m.exec(block)?.[1];
  return { ...(file === undefined ? {} : { file }), message: tellingFields(block) };
}

/** Fields that say nothing of why a test failed, or what others say: node-tap shows the code around a place that the stack names. */
const UNTELLING =
  /^(?:compare|type|duration_ms|failureType|source|env|timeout|command|args|stdio|cwd|exitCode|signal)\b/;

/** The fields of a YAML block that tell why, the stack last: it is the longest. */
function tellingFields(block: string): string {
  const fields = block.split(/\n(?=[A-Za-z_]\w*:)/);
  const stack = fields.filter((field) => field.startsWith('stack:'));
  const others = fields.filter(
    (field) => !field.startsWith('stack:') && !UNTELLING.test(field) && !(stack.length > 0 && field.startsWith('at:')),
  );
  return [...others, ...stack].join('\n');
}
