/** The tools that end the conversations of a plan: each hands on what it was given. */
import { z } from 'zod';
import { defineTool, failure, type Tool, type ToolResult } from '../tools/tool.ts';

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

/** `isUnchanged`: every change that the step tried was refused, so that nothing of it is done. Said once: a step may need no change. */
export function createStepTools(onEnd: (end: StepEnd) => void, isUnchanged: () => boolean): readonly Tool[] {
  let isTold = false;
  const stepDone = defineTool({
    name: 'step_done',
    description: 'Ends this step of the plan: it is done.',
    schema: z.object({
      summary: z.string().describe('What you changed, and how you saw that it works, in a sentence or two.'),
    }),
    phase: 'plan',
    run: ({ summary }) => {
      if (isUnchanged() && !isTold) {
        isTold = true;
        return failure(UNCHANGED);
      }
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

const UNCHANGED =
  'Not done yet: no file has changed in this step, since your edits were refused. Make the change as the refusal says. Where the step needs none, call step_done again; where it cannot be done, step_failed.';

/** The same tools; `onResult` is told what each call came to. */
export const watched = (tools: readonly Tool[], onResult: (result: ToolResult) => void): readonly Tool[] =>
  tools.map((tool) => ({
    ...tool,
    call: async (text, context) => {
      const result = await tool.call(text, context);
      onResult(result);
      return result;
    },
  }));
