import type { AgentRun } from '../agent-run.ts';
import { describeReview, REVIEW_SYSTEM } from '../prompts/review.ts';
import type { ToolContext } from '../tools/tool.ts';
import { reportVerification } from '../verdict/report-verification.ts';
import { askReviewer } from './ask-reviewer.ts';
import { describeDiff } from './describe-diff.ts';
import type { Review } from './give-review.ts';

/**
 * Asks the reviewer about the files as they are, which the tests pass on. A reviewer that does not come to a decision has not approved.
 * Rejects as `converse` does.
 */
export async function reviewAttempt(
  run: AgentRun,
  { workspace, call }: Pick<ToolContext, 'workspace' | 'call'>,
  { summary, objections }: { summary: string; objections: readonly string[] },
): Promise<Review> {
  const { id, task, state, emit } = run;
  const verification = workspace.verification ?? (await workspace.verify(call));
  const start = run.workspace.attempts.get(state.head);
  const diff = describeDiff(start.files, workspace.files);
  const tests = reportVerification(verification);
  const question = describeReview({ task, summary, diff, tests, objections });
  const { review, step } = await askReviewer(run, { workspace, system: REVIEW_SYSTEM, question });
  emit({ type: 'review-given', run: id, step, attempt: verification.attempt, ...review });
  return review;
}
