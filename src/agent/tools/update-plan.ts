import { z } from 'zod';
import type { PlanStep } from '../../session/values.ts';
import { defineTool, success } from './tool.ts';

/** Other words that models have for how far a step is. */
const STATUSES: Readonly<Record<string, PlanStep['status']>> = {
  pending: 'pending',
  todo: 'pending',
  open: 'pending',
  active: 'active',
  in_progress: 'active',
  'in-progress': 'active',
  'in progress': 'active',
  current: 'active',
  doing: 'active',
  done: 'done',
  completed: 'done',
  complete: 'done',
  finished: 'done',
  failed: 'failed',
  blocked: 'failed',
  cancelled: 'failed',
};

const step = z.preprocess(
  (value) => {
    if (typeof value === 'string') return { text: value };
    if (typeof value !== 'object' || value === null) return value;
    const { text, step: alias, content, title, description, status } = { ...value } as Record<string, unknown>;
    const known = STATUSES[String(status ?? 'pending').toLowerCase()];
    return { text: text ?? alias ?? content ?? title ?? description, status: known ?? status };
  },
  z.object({
    text: z.string().min(1).max(500),
    status: z.enum(['pending', 'active', 'done', 'failed']).default('pending'),
  }),
);

const MARKS = { pending: '[ ]', active: '[>]', done: '[x]', failed: '[!]' } as const;

export const updatePlan = defineTool({
  name: 'update_plan',
  description:
    'Writes down the plan, all its steps at once, and how far each is; call it again when a step is done or the plan changes. For work of three steps and more.',
  schema: z.object({
    steps: z.array(step).min(1).max(30).describe('[{"text": "…", "status": "pending" | "active" | "done" | "failed"}]'),
  }),
  phase: 'plan',
  run: ({ steps }, { run, emit }) => {
    emit({ type: 'plan-updated', run, steps });
    return success(
      `The plan:\n${steps.map(({ text, status }, index) => `${index + 1}. ${MARKS[status]} ${text}`).join('\n')}`,
    );
  },
});
