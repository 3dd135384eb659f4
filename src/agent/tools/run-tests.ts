import { z } from 'zod';
import { reportVerification } from '../verdict/report-verification.ts';
import { defineTool, success } from './tool.ts';

export const runTests = defineTool({
  name: 'run_tests',
  description: "Runs the task's test command and tells which tests fail and why.",
  schema: z.object({}),
  phase: 'verify',
  run: async (_, { workspace, call }) => {
    await workspace.askForTests(call);
    return success(reportVerification(await workspace.verify(call), workspace.outputs));
  },
});
