import type { Acceptance } from './tools/tool.ts';
import { reportVerification } from './verdict/report-verification.ts';

/** The tests pass: nothing else is asked. */
export const ACCEPT_PASSING: Acceptance = {
  judge: async (summary, { workspace, call }) => {
    if (workspace.verdict?.passed !== true) {
      const verification = await workspace.verify(call);
      if (!verification.verdict.passed)
        return {
          ok: false,
          result: `Not finished: the tests do not pass.\n${reportVerification(verification, workspace.outputs)}`,
        };
    }
    return { ok: true, result: 'The tests pass: solved.', outcome: { kind: 'solved', explanation: summary } };
  },
  suffices: (workspace) => workspace.verdict?.passed === true,
};
