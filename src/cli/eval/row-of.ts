import { isProven } from '../../session/state/proof.ts';
import type { AgentEnd } from '../page-api.ts';
import type { Cell } from './plan.ts';
import type { EvalRow } from './results.ts';

/** How a run is named in its row. */
export interface RowHead {
  readonly cell: Cell;
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

const NOTHING = {
  success: false,
  solved: false,
  left: null,
  proof: null,
  hidden: null,
  tests: null,
  newFailures: 0,
  lint: null,
  types: null,
  diff: null,
  attempts: 0,
  steps: 0,
  inputTokens: 0,
  outputTokens: 0,
  cost: null,
  session: null,
};

/** The row of a run that ended with an outcome; its figures are those of the attempt that it ended with. */
export function rowOf(head: RowHead, end: AgentEnd, session: string): EvalRow {
  const { outcome, explanation, left, proof, hidden, spent } = end;
  const card = end.scorecards.find(({ attempt }) => attempt === end.best);
  const { attempts, steps, inputTokens, outputTokens, cost } = spent;
  return {
    ...namesOf(head),
    outcome,
    error: null,
    explanation,
    success: isProven(proof),
    solved: outcome === 'solved',
    left: left && { tests: left.tests.length, by: left.by },
    proof,
    hidden,
    tests: card?.tests ?? null,
    newFailures: card?.newFailures.length ?? 0,
    lint: card?.lint?.passed ?? null,
    types: card?.types?.passed ?? null,
    diff: card?.diff ?? null,
    ...{ attempts, steps, inputTokens, outputTokens, cost },
    seconds: spent.milliseconds / 1000,
    session,
  };
}

/** The row of a run that came to no outcome. */
export function crashedRow(head: RowHead, error: string, seconds: number): EvalRow {
  return { ...namesOf(head), ...NOTHING, outcome: null, error, explanation: '', seconds };
}

function namesOf({ cell, fingerprint, startedAt }: RowHead) {
  const { id, task, model, strategy, repetition } = cell;
  return { id, fingerprint, task: task.name, model, strategy, repetition, startedAt };
}
