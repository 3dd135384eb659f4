import { z } from 'zod';
import { reportVerification } from './run-tests.ts';
import { defineTool, failure } from './tool.ts';

export const finish = defineTool({
  name: 'finish',
  description:
    'Ends the run as solved. Accepted only when the tests pass on the files as they are; they are run if need be.',
  schema: z.object({ summary: z.string().describe('What was wrong and what you changed, for a person.') }),
  phase: 'verify',
  run: async ({ summary }, { workspace, call }) => {
    if (workspace.verdict?.passed !== true) {
      const verification = await workspace.verify(call);
      if (!verification.verdict.passed)
        return failure(`Not finished: the tests do not pass.\n${reportVerification(verification)}`);
    }
    return { ok: true, result: 'The tests pass: solved.', outcome: { kind: 'solved', explanation: summary } };
  },
});
