import { z } from 'zod';
import { defineTool } from './tool.ts';

export const finish = defineTool({
  name: 'finish',
  description:
    'Ends the run as solved. Accepted only when the tests pass on the files as they are; they are run if need be.',
  schema: z.object({ summary: z.string().default('').describe('What was wrong and what you changed, for a person.') }),
  phase: 'verify',
  run: ({ summary }, context) => context.acceptance.judge(summary, context),
});
