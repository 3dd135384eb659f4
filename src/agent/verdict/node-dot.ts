import type { TestResult } from '../../session/events.ts';
import { countStatus, dedent, type Reading } from './reading.ts';

const FAILURE = /^✖ (.*) \(\d[\d.]*ms\)$/;
/** What stands for a suite or a file that failed because of what is in it. */
const CHILDREN = /^'?\d+ subtests? failed'?$/;

/** node:test's dot reporter: a dot for each test and suite that passed; failures have names without their suites'. */
export function readNodeDot(output: string): Reading | null {
  const dots = /^[.X]+(?:\n[.X]+)*$/m.exec(output)?.[0];
  const lines = output.split('\n');
  const start = lines.indexOf('Failed tests:');
  const isWhole = dots !== undefined && output.trim() === dots;
  if (dots === undefined || (!isWhole && !lines.slice(start + 1).some((line) => start !== -1 && FAILURE.test(line))))
    return null;
  const tests: TestResult[] = [];
  for (const [index, line] of start === -1 ? [] : [...lines.entries()].slice(start)) {
    const title = FAILURE.exec(line)?.[1];
    if (title === undefined) continue;
    const end = lines.findIndex((other, at) => at > index && FAILURE.test(other));
    const message = dedent(lines.slice(index + 1, end === -1 ? undefined : end));
    if (!CHILDREN.test(message)) tests.push({ name: [title], status: 'failed', message });
  }
  const passed = dots.replace(/[^.]/g, '').length;
  const failed = Math.max(countStatus(tests, 'failed'), dots.includes('X') ? 1 : 0);
  return { format: 'node:test dot', counts: { passed, failed, skipped: 0 }, tests };
}
