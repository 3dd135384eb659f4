import type { AgentRun } from '../agent-run.ts';
import { LimitReachedError, limitReached } from '../limits/limits.ts';
import { ownStep } from '../own-step.ts';
import { PermissionDenied } from '../policy/permission-denied.ts';
import { reportVerification } from '../verdict/report-verification.ts';
import type { Conversation } from './conversation.ts';

/**
 * Runs the tests on what a model left untested when it stopped to call tools, or could not be asked any more: what it did may be all that
 * was missing. Does nothing where the tests have been run, or a limit of the run leaves no room for them. Returns what they say, for the model.
 */
export async function verifyUnasked(
  run: AgentRun,
  { workspace, branch }: Pick<Conversation, 'workspace' | 'branch'>,
): Promise<string | null> {
  // The tests cost neither tokens nor money.
  const limits = { ...run.limits, tokens: Number.POSITIVE_INFINITY, cost: 0 };
  if (workspace.verdict !== null || limitReached(limits, run.spending) !== null) return null;
  const place = branch === undefined ? {} : { branch };
  try {
    const { result } = await ownStep(
      { ...run, workspace },
      { role: 'verifier', tool: 'run_tests', phase: 'verify', ...place },
      async ({ call }) => {
        await workspace.askForTests(call);
        return { ok: true, result: reportVerification(await workspace.verify(call), workspace.outputs) };
      },
    );
    return result;
  } catch (error) {
    if (error instanceof LimitReachedError || error instanceof PermissionDenied) return null;
    throw error;
  }
}
