import { readNumberedFailures } from './numbered-failures.ts';
import type { Reading } from './reading.ts';

/** Jasmine's own reporter: failures have names, in one text with their suites'. */
export function readJasmine(output: string): Reading | null {
  const summary = /^(\d+) specs?, (\d+) failures?(?:, (\d+) pending specs?)?$/m.exec(output);
  if (!summary) return null;
  const [, specs, failed, pending] = summary.map(Number);
  const lines = output.split('\n');
  const at = lines.indexOf('Failures:');
  const found =
    at === -1 ? [] : readNumberedFailures(lines.slice(at), /^\d+\) (.+)$/, /^(?:Pending:|Suite error:|\d+ specs?,)/);
  // Pending specs are numbered, too, but say nothing of a message.
  const tests = found.filter(({ message }) => /^Message:/.test(message ?? ''));
  const skipped = Number.isNaN(pending ?? Number.NaN) ? 0 : (pending ?? 0);
  const failures = Math.max(failed ?? 0, tests.length);
  return {
    format: 'jasmine',
    counts: { passed: Math.max(0, (specs ?? 0) - (failed ?? 0) - skipped), failed: failures, skipped },
    tests,
  };
}
