import type { Outcome, PlanStep } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { openConversation } from '../conversation/conversation.ts';
import { converse } from '../conversation/converse.ts';
import { describeStep, EXECUTOR_NUDGE, EXECUTOR_SYSTEM } from '../prompts/plan.ts';
import { EDITING, READING, RUNNING } from '../tools/index.ts';
import { createStepTools, type StepEnd, watched } from './plan-tools.ts';

/** How far a plan was carried out. */
export interface CarriedOut {
  readonly plan: readonly PlanStep[];
  /** What the executor said of each step that is done. */
  readonly done: readonly string[];
  /** Why the first step that failed did; null when all are done. */
  readonly failure: string | null;
}

/** Does the steps one by one, each in a conversation of its own, up to the first that fails. Rejects as `converse` does. */
export async function carryOut(
  run: AgentRun,
  texts: readonly string[],
  before: readonly string[],
): Promise<CarriedOut> {
  let plan = texts.map((text): PlanStep => ({ text, status: 'pending' }));
  const done = [...before];
  const mark = (index: number, status: PlanStep['status']) => {
    plan = plan.map((step, at) => (at === index ? { ...step, status } : step));
    run.emit({ type: 'plan-updated', run: run.id, steps: plan });
  };
  for (const [index, { text }] of plan.entries()) {
    mark(index, 'active');
    const end = await doStep(run, { plan, number: index + 1, done });
    mark(index, end.done ? 'done' : 'failed');
    if (!end.done) return { plan, done, failure: `Step ${index + 1} (${text}) failed: ${end.text}` };
    done.push(end.text);
  }
  return { plan, done, failure: null };
}

async function doStep(
  run: AgentRun,
  at: { plan: readonly PlanStep[]; number: number; done: readonly string[] },
): Promise<StepEnd> {
  const { task, workspace } = run;
  const given: StepEnd[] = [];
  const verdict = workspace.verdict ?? workspace.attempts.base.verdict;
  const { tree } = workspace;
  let isRefused = false;
  const editing = watched(EDITING, ({ ok }) => {
    isRefused ||= !ok;
  });
  const ending = createStepTools(
    (end) => void given.push(end),
    () => isRefused && workspace.tree === tree,
  );
  const conversation = openConversation(run, {
    role: 'executor',
    tools: [...READING, ...editing, ...RUNNING, ...ending],
    nudge: EXECUTOR_NUDGE,
    messages: [
      { role: 'system', content: EXECUTOR_SYSTEM },
      { role: 'user', content: describeStep({ task, paths: Object.keys(workspace.files), verdict, ...at }) },
    ],
  });
  const outcome = await converse(run, conversation);
  return given[0] ?? cutShort(outcome);
}

/** A guard ended the step: it counts as done where the tests pass. */
const cutShort = (outcome: Outcome | null): StepEnd => ({
  done: outcome?.kind === 'solved',
  text: outcome?.explanation ?? 'The executor ended without a word.',
});
