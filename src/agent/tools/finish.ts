import { z } from 'zod';
import { defineTool } from './tool.ts';

const claim = z.object({
  test: z.string().describe('Its name, or the name of a suite.'),
  reason: z.string().default('').describe('What makes it fail.'),
});

export const finish = defineTool({
  name: 'finish',
  description:
    'Ends the run as solved. Accepted only when the tests pass on the files as they are; they are run if need be.',
  schema: z.object({
    summary: z.string().default('').describe('What was wrong and what you changed, for a person.'),
    not_of_this_task: z
      .array(claim)
      .optional()
      .describe(
        'Only for tests that failed before any change and that no change of this project can mend. Checked, and shown to people.',
      ),
  }),
  phase: 'verify',
  run: ({ summary, not_of_this_task: claims = [] }, context) =>
    context.acceptance.judge({ summary, claims, hasRead: true }, context),
});
