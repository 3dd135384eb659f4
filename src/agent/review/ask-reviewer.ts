import type { AgentRun } from '../agent-run.ts';
import { openConversation } from '../conversation/conversation.ts';
import { converse } from '../conversation/converse.ts';
import { limitReplies } from '../conversation/limit-replies.ts';
import { createProgress } from '../conversation/progress.ts';
import { REVIEW_LAST, REVIEW_NUDGE } from '../prompts/review.ts';
import { READING } from '../tools/index.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { createReviewTool, type Review } from './give-review.ts';

const MOST_REPLIES = 10;

export interface ReviewQuestion {
  readonly workspace: Workspace;
  /** What the reviewer is told first, and then. */
  readonly system: string;
  readonly question: string;
}

/** What the reviewer says, and at which step. One that does not come to a decision has not approved. Rejects as `converse` does. */
export async function askReviewer(
  run: AgentRun,
  { workspace, system, question }: ReviewQuestion,
): Promise<{ readonly review: Review; readonly step: number }> {
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
      { role: 'system', content: system },
      { role: 'user', content: question },
    ],
  });
  const end = await converse(run, conversation);
  return { review: given ?? undecided(end?.explanation), step: reviewStep };
}

const undecided = (reason = ''): Review => ({
  approved: false,
  comments: `The reviewer came to no decision. ${reason}`.trim(),
});
