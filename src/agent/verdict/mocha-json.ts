import { z } from 'zod';
import type { TestResult } from '../../session/events.ts';
import { objectIn, type Reading } from './reading.ts';

const test = z.object({
  title: z.string(),
  fullTitle: z.string(),
  file: z.string().nullish(),
  err: z.object({ message: z.string().optional(), stack: z.string().optional() }).optional(),
});
const report = z.object({
  stats: z.object({ passes: z.number(), failures: z.number(), pending: z.number() }),
  pending: z.array(test),
  failures: z.array(test),
  passes: z.array(test),
});

/** Mocha's JSON reporter. */
export function readMochaJson(output: string): Reading | null {
  if (!/"stats"\s*:\s*\{\s*"suites"/.test(output)) return null;
  const parsed = report.safeParse(objectIn(output, /\{\s*"stats"\s*:/));
  if (!parsed.success) return null;
  const { stats, passes, failures, pending } = parsed.data;
  const tests = [
    ...passes.map((each) => toTest(each, 'passed')),
    ...failures.map((each) => toTest(each, 'failed')),
    ...pending.map((each) => toTest(each, 'skipped')),
  ];
  const counts = { passed: stats.passes, failed: stats.failures, skipped: stats.pending };
  return { format: 'mocha-json', counts, tests };
}

/** The suites' names are one text here, before the test's own. */
function toTest({ title, fullTitle, file, err }: z.output<typeof test>, status: TestResult['status']): TestResult {
  const suites = fullTitle.endsWith(title) ? fullTitle.slice(0, -title.length).trim() : '';
  const name = suites === '' ? [title] : [suites, title];
  const message = err?.stack ?? err?.message;
  return {
    name,
    ...(file ? { file } : {}),
    status,
    ...(status === 'failed' && message !== undefined ? { message } : {}),
  };
}
