import type { Message } from '../../model/model.ts';
import type { Outcome } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { briefOf } from '../brief.ts';
import { type Conversation, openConversation } from '../conversation/conversation.ts';
import { converse } from '../conversation/converse.ts';
import { createProgress } from '../conversation/progress.ts';
import { ownStep } from '../own-step.ts';
import { type CarriedOut, carryOut } from '../plan/carry-out.ts';
import { createPlanTool } from '../plan/plan-tools.ts';
import { describeFailure, PLANNER_NUDGE, PLANNER_SYSTEM } from '../prompts/plan.ts';
import { finish } from '../tools/finish.ts';
import { giveUp } from '../tools/give-up.ts';
import { READING, RUNNING } from '../tools/index.ts';
import type { Strategy } from './strategy.ts';

const MOST_PLANS = 5;

/** A planner makes steps, an executor, possibly a cheaper model, does them; the planner comes back only when one fails. */
export const plan: Strategy = {
  name: 'plan',
  description: 'A planner makes steps and an executor does them; back to the planner only when a step fails.',
  reviewed: false,
  pursue: async (run) => {
    const messages: Message[] = [
      { role: 'system', content: PLANNER_SYSTEM },
      { role: 'user', content: await briefOf(run) },
    ];
    let done: readonly string[] = [];
    let reason = '';
    for (let round = 1; round <= MOST_PLANS; round += 1) {
      const planned = await makePlan(run, messages);
      if ('outcome' in planned) return planned.outcome;
      const carried = await carryOut(run, planned.steps, done);
      done = carried.done;
      const judged = await judge(run, carried);
      if (typeof judged !== 'string') return judged;
      reason = judged;
      messages.push({ role: 'user', content: describeFailure(judged, carried.plan) });
    }
    return { kind: 'gave-up', explanation: `${MOST_PLANS} plans did not lead to the goal. ${reason}` };
  },
};

type Planned = { readonly steps: readonly string[] } | { readonly outcome: Outcome };

/** The planner goes on with its own conversation, which remembers the plans before. */
async function makePlan(run: AgentRun, messages: Message[]): Promise<Planned> {
  const given: (readonly string[])[] = [];
  const conversation: Conversation = openConversation(run, {
    role: 'planner',
    // Attempts are the executor's: only the planner's own circles count.
    progress: createProgress(Number.POSITIVE_INFINITY),
    tools: [...READING, ...RUNNING, createPlanTool((steps) => void given.push(steps)), finish, giveUp],
    nudge: PLANNER_NUDGE,
    messages,
  });
  const outcome = await converse(run, conversation);
  const [steps] = given;
  if (steps && !outcome) return { steps };
  return { outcome: outcome ?? { kind: 'gave-up', explanation: 'The planner made no plan.' } };
}

/** The outcome when the plan led to the goal, else why it did not. */
async function judge(run: AgentRun, { done, failure }: CarriedOut): Promise<Outcome | string> {
  if (failure !== null) return failure;
  const summary = done.map((text) => `- ${text}`).join('\n');
  const { outcome, result } = await ownStep(run, { role: 'verifier', tool: 'finish', phase: 'verify' }, (context) =>
    run.acceptance.judge({ summary }, context),
  );
  return outcome ?? result;
}
