import { z } from 'zod';
import { defineTool, type Tool } from '../tools/tool.ts';

export interface Review {
  readonly approved: boolean;
  readonly comments: string;
}

/** The tool that ends a reviewer's conversation; `onReview` is told what it says and at which step. */
export function createReviewTool(onReview: (review: Review, step: number) => void): Tool {
  return defineTool({
    name: 'give_review',
    description: 'Ends the review: approves the change, or objects to it.',
    schema: z.object({
      approved: z.boolean(),
      comments: z
        .string()
        .describe('When you object: what is wrong, where, and what would be right. Else one sentence.'),
    }),
    phase: 'verify',
    run: (review, { step }) => {
      onReview(review, step);
      return { ok: true, result: review.approved ? 'Approved.' : 'Objected.', ends: true };
    },
  });
}
