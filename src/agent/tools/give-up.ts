import { z } from 'zod';
import { defineTool } from './tool.ts';

export const giveUp = defineTool({
  name: 'give_up',
  description: 'Ends the run unsolved. Use it when you are sure that you cannot go on.',
  schema: z.object({
    explanation: z.string().default('').describe('What you tried, what still fails and why, what could help.'),
  }),
  phase: 'plan',
  run: ({ explanation }) => ({ ok: true, result: 'Given up.', outcome: { kind: 'gave-up', explanation } }),
});
