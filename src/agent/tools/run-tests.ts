import { z } from 'zod';
import { elide } from '../elide.ts';
import { describeVerdict } from '../verdict/describe-verdict.ts';
import type { Verification } from '../workspace.ts';
import { defineTool, success } from './tool.ts';

const OUTPUT = 16_000;

export const runTests = defineTool({
  name: 'run_tests',
  description: "Runs the task's test command and tells which tests fail and why.",
  schema: z.object({}),
  phase: 'verify',
  run: async (_, { workspace, call }) => success(reportVerification(await workspace.verify(call))),
});

/** A verification as the model reads it: the verdict first, then the output. */
export function reportVerification({ verdict, output, ended }: Verification): string {
  const late =
    ended === 'timed-out'
      ? '\nThe tests did not end in time and were killed: look for an endless loop or an open handle.'
      : '';
  return `${describeVerdict(verdict)}${late}\n\nOutput:\n${elide(output, OUTPUT)}`;
}
