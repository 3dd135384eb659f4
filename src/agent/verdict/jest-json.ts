import { z } from 'zod';
import type { TestResult } from '../../session/values.ts';
import type { Reading } from './reading.ts';

const assertion = z.object({
  ancestorTitles: z.array(z.string()).default([]),
  title: z.string(),
  status: z.string(),
  failureMessages: z.array(z.string()).nullish(),
});
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number().default(0),
  numTodoTests: z.number().default(0),
  numRuntimeErrorTestSuites: z.number().default(0),
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(assertion),
      message: z.string().nullish(),
      status: z.string(),
    }),
  ),
});

/** Jest's and vitest's JSON: one object, on a line of its own or over many. */
export function readJestJson(output: string): Reading | null {
  if (!/"numTotalTests"\s*:/.test(output)) return null;
  const parsed = report.safeParse(findObject(output));
  if (!parsed.success) return null;
  const { testResults, numPassedTests, numFailedTests, numPendingTests, numTodoTests } = parsed.data;
  const tests = testResults.flatMap(({ name: file, assertionResults, message, status }): TestResult[] => {
    const broken = status === 'failed' && assertionResults.length === 0;
    if (broken) return [{ name: [file], file, status: 'failed', message: message ?? 'The test file failed to run.' }];
    return assertionResults.map((result) => toTest(file, result));
  });
  const failed = Math.max(numFailedTests, tests.filter((test) => test.status === 'failed').length);
  const counts = { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
  return { format: 'jest-json', counts, tests };
}

function toTest(file: string, result: z.output<typeof assertion>): TestResult {
  const { ancestorTitles, title, failureMessages } = result;
  const name = [...ancestorTitles, title];
  if (result.status === 'failed') return { name, file, status: 'failed', message: (failureMessages ?? []).join('\n') };
  const status = result.status === 'passed' ? 'passed' : result.status === 'todo' ? 'todo' : 'skipped';
  return { name, file, status };
}

function findObject(output: string): unknown {
  const from = output.search(/\{\s*"num\w+"\s*:/);
  const to = output.lastIndexOf('}');
  if (from === -1) return null;
  try {
    return JSON.parse(output.slice(from, to + 1));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
