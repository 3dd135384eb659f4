/** The tools that end the conversations of a plan: each hands on what it was given. */
import { z } from 'zod';
import { defineTool, type Tool } from '../tools/tool.ts';

const handsOn = (result: string) => ({ ok: true, result, ends: true }) as const;

export function createPlanTool(onPlan: (steps: readonly string[]) => void): Tool {
  return defineTool({
    name: 'make_plan',
    description:
      'Ends the planning: the steps are carried out in this order, by an engineer who sees nothing but them.',
    schema: z.object({ steps: z.array(z.string().min(1).max(2000)).min(1).max(12) }),
    phase: 'plan',
    run: ({ steps }) => {
      onPlan(steps);
      return handsOn(`The plan has ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}.`);
    },
  });
}

/** What came of a step, in the executor's words. */
export interface StepEnd {
  readonly done: boolean;
  readonly text: string;
}

export function createStepTools(onEnd: (end: StepEnd) => void): readonly Tool[] {
  const stepDone = defineTool({
    name: 'step_done',
    description: 'Ends this step of the plan: it is done.',
    schema: z.object({
      summary: z.string().describe('What you changed, and how you saw that it works, in a sentence or two.'),
    }),
    phase: 'plan',
    run: ({ summary }) => {
      onEnd({ done: true, text: summary });
      return handsOn('Step done.');
    },
  });
  const stepFailed = defineTool({
    name: 'step_failed',
    description: 'Ends this step of the plan: it is wrong or cannot be done. The plan will be changed.',
    schema: z.object({ reason: z.string().describe('What you tried and found, and what the plan should know.') }),
    phase: 'plan',
    run: ({ reason }) => {
      onEnd({ done: false, text: reason });
      return handsOn('The planner is told.');
    },
  });
  return [stepDone, stepFailed];
}
