import type { TestResult, Verdict } from '../../session/events.ts';
import { elide } from '../elide.ts';

const MOST_FAILURES = 20;
const MESSAGE = 1500;

/** "2 failed, 5 passed (exit code 1)". */
export function summarizeCounts({ counts, exitCode }: Verdict): string {
  if (counts === null) return `no test results could be read (exit code ${exitCode})`;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return `${counts.failed} failed, ${counts.passed} passed${skipped} (exit code ${exitCode})`;
}

/** A verdict as the model reads it: counts, then each failing test with its message. */
export function describeVerdict(verdict: Verdict): string {
  const { passed, counts, exitCode, tests } = verdict;
  const head = `Tests ${passed ? 'PASS' : 'FAIL'}: ${summarizeCounts(verdict)}.`;
  const none = counts !== null && counts.passed + counts.failed === 0 && exitCode === 0;
  const failing = tests.filter(({ status }) => status === 'failed');
  const lines = failing.slice(0, MOST_FAILURES).map(describeFailure);
  const more = failing.length > MOST_FAILURES ? [`… and ${failing.length - MOST_FAILURES} more`] : [];
  return [head, ...(none ? ['No test was run at all, which is not a pass.'] : []), ...lines, ...more].join('\n');
}

function describeFailure({ name, file, message }: TestResult): string {
  const where = file === undefined ? '' : ` (${file})`;
  const why = message === undefined ? '' : `\n${elide(message, MESSAGE).replace(/^/gm, '    ')}`;
  return `FAILED: ${name.join(' > ')}${where}${why}`;
}
