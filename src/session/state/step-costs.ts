/** What a run's log says of who did what, and what it cost: read out of the events alone. */
import type { SessionEvent } from '../events.ts';
import { foldEvents } from './reducer.ts';
import type { StepState } from './session-state.ts';

export interface StepCost {
  readonly step: number;
  readonly role: string;
  /** null: the run's own working copy. */
  readonly branch: string | null;
  /** null: no model made this step. */
  readonly model: string | null;
  readonly tools: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; null: the price is unknown. */
  readonly cost: number | null;
}

export interface RunCosts {
  readonly run: string;
  readonly strategy: string;
  readonly steps: readonly StepCost[];
  /** The sum of the steps of each role. */
  readonly roles: readonly Pick<StepCost, 'role' | 'inputTokens' | 'outputTokens' | 'cost'>[];
}

export function costsOf(events: readonly SessionEvent[]): readonly RunCosts[] {
  const replied = new Set(
    events.flatMap((event) => (event.type === 'model-replied' ? [`${event.run} ${event.step}`] : [])),
  );
  return foldEvents('', events).runs.map((run) => {
    const steps = run.steps.map((step) => costOf(step, replied.has(`${run.id} ${step.number}`)));
    return { run: run.id, strategy: run.strategy, steps, roles: sumByRole(steps) };
  });
}

function costOf(step: StepState, hasReply: boolean): StepCost {
  const { number, role, branch, model, calls, inputTokens, outputTokens, cost } = step;
  const tools = calls.map(({ tool }) => tool);
  const spent = hasReply ? { model, cost } : { model: null, cost: 0 };
  return { step: number, role, branch, tools, inputTokens, outputTokens, ...spent };
}

function sumByRole(steps: readonly StepCost[]): RunCosts['roles'] {
  return [...Map.groupBy(steps, ({ role }) => role)].map(([role, all]) => ({
    role,
    inputTokens: all.reduce((sum, step) => sum + step.inputTokens, 0),
    outputTokens: all.reduce((sum, step) => sum + step.outputTokens, 0),
    cost: all.reduce<number | null>((sum, { cost }) => (sum === null || cost === null ? null : sum + cost), 0),
  }));
}
