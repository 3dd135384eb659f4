import type { Acceptance } from './tools/tool.ts';
import { reportVerification } from './verdict/report-verification.ts';
import type { Verification } from './workspace/workspace.ts';

/** The tests pass: nothing else is asked. */
export const ACCEPT_PASSING: Acceptance = {
  judge: async (summary, { workspace, call }) => {
    if (workspace.verdict?.passed !== true) {
      const verification = await workspace.verify(call);
      if (!verification.verdict.passed)
        return {
          ok: false,
          result: `Not finished: the tests do not pass.${adviseOn(verification)}\n${reportVerification(verification, workspace.outputs)}`,
        };
    }
    return { ok: true, result: 'The tests pass: solved.', outcome: { kind: 'solved', explanation: summary } };
  },
  suffices: (workspace) => workspace.verdict?.passed === true,
};

/** Tests may fail for reasons that no change of the project mends: then there is an honest end, too. */
function adviseOn({ sinceStart }: Verification): string {
  if (sinceStart === null || sinceStart.broken.length > 0 || sinceStart.mended === 0) return '';
  return ' What still fails failed at the start as well. Where it has to do with the goal, go on. Where it cannot be mended here (a package that is not installed, no network), call give_up and say so: the best attempt is kept and shown.';
}
