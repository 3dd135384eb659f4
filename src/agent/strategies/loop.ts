import type { AgentRun } from '../agent-run.ts';
import { briefOf } from '../brief.ts';
import { openConversation } from '../conversation/conversation.ts';
import { converse } from '../conversation/converse.ts';
import { LOOP_SYSTEM } from '../prompts/loop.ts';
import { TOOLS } from '../tools/index.ts';
import type { Strategy } from './strategy.ts';

/** One model, all tools, until it finishes or gives up. */
export const loop: Strategy = {
  name: 'loop',
  description: 'Read, edit, run, verify, repair: one model with all tools.',
  reviewed: false,
  pursue: async (run: AgentRun) => {
    const conversation = openConversation(run, {
      role: 'agent',
      tools: [...TOOLS, ...run.moreTools],
      messages: [
        { role: 'system', content: LOOP_SYSTEM },
        { role: 'user', content: await briefOf(run) },
      ],
    });
    const outcome = await converse(run, conversation);
    return outcome ?? { kind: 'gave-up', explanation: 'The model handed the work on to nobody.' };
  },
};
