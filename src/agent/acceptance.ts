import type { ToolContext, ToolResult } from './tools/tool.ts';
import { reportVerification } from './verdict/report-verification.ts';
import type { Workspace } from './workspace.ts';

/** Decides whether the files as they are may end a run as solved. */
export interface Acceptance {
  /** Runs what has to be run. The result's outcome is `solved` where they are accepted; else the result says what is missing. */
  judge(summary: string, context: ToolContext): Promise<ToolResult>;
  /** Whether green tests alone are enough, so that a run whose limit comes before the model says "finished" is solved. */
  suffices(workspace: Workspace): boolean;
}

/** The tests pass: nothing else is asked. */
export const ACCEPT_PASSING: Acceptance = {
  judge: async (summary, { workspace, call }) => {
    if (workspace.verdict?.passed !== true) {
      const verification = await workspace.verify(call);
      if (!verification.verdict.passed)
        return { ok: false, result: `Not finished: the tests do not pass.\n${reportVerification(verification)}` };
    }
    return { ok: true, result: 'The tests pass: solved.', outcome: { kind: 'solved', explanation: summary } };
  },
  suffices: (workspace) => workspace.verdict?.passed === true,
};
