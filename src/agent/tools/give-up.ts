import { z } from 'zod';
import type { Workspace } from '../workspace/workspace.ts';
import { defineTool, failure, type ToolResult } from './tool.ts';

/** Where a model gave up without a change and without a word: it was asked once. */
const asked = new WeakSet<Workspace>();
const ASKED =
  'Not given up yet: nothing has been changed, and you did not say why. Read the first failing test and the code that it names, and make the change that it asks for. If you are sure that you cannot, call give_up again with what you found.';

export const giveUp = defineTool({
  name: 'give_up',
  description: 'Ends the run unsolved. Use it when you are sure that you cannot go on.',
  schema: z.object({
    explanation: z.string().default('').describe('What you tried, what still fails and why, what could help.'),
  }),
  phase: 'plan',
  run: ({ explanation }, { workspace }) => {
    const { base } = workspace.attempts;
    const isUntried = !base.own && workspace.tree === base.tree;
    if (explanation.trim() === '' && isUntried && !asked.has(workspace)) {
      asked.add(workspace);
      return failure(ASKED);
    }
    return given(explanation);
  },
});

const given = (explanation: string): ToolResult => ({
  ok: true,
  result: 'Given up.',
  outcome: { kind: 'gave-up', explanation },
});
