import type { AgentRun } from '../agent-run.ts';
import { openConversation } from '../conversation/conversation.ts';
import { converse } from '../conversation/converse.ts';
import { limitReplies } from '../conversation/limit-replies.ts';
import { createProgress } from '../conversation/progress.ts';
import { describeReview, REVIEW_LAST, REVIEW_NUDGE, REVIEW_SYSTEM } from '../prompts/review.ts';
import { READING } from '../tools/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { reportVerification } from '../verdict/report-verification.ts';
import { describeDiff } from './describe-diff.ts';
import { createReviewTool, type Review } from './give-review.ts';

const MOST_REPLIES = 10;

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
  let given: Review | null = null;
  let reviewStep = 0;
  const tool = createReviewTool((review, step) => {
    given = review;
    reviewStep = step;
  });
  const conversation = openConversation(run, {
    role: 'reviewer',
    workspace,
    tools: [...READING, tool],
    nudge: REVIEW_NUDGE,
    progress: limitReplies(createProgress(run.patience), {
      most: MOST_REPLIES,
      lastWords: REVIEW_LAST,
      over: () => null,
    }),
    messages: [
      { role: 'system', content: REVIEW_SYSTEM },
      { role: 'user', content: describeReview({ task, summary, diff, tests, objections }) },
    ],
  });
  const end = await converse(run, conversation);
  const review = given ?? undecided(end?.explanation);
  emit({ type: 'review-given', run: id, step: reviewStep, attempt: verification.attempt, ...review });
  return review;
}

const undecided = (reason = ''): Review => ({
  approved: false,
  comments: `The reviewer came to no decision. ${reason}`.trim(),
});
