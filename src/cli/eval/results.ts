/** What an evaluation comes to: one row a run, and what the rows come to together. Read back by a schema, to go on and to merge. */
import { z } from 'zod';
import { PROOFS } from '../../session/state/proof.ts';

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative();

const row = z.object({
  /** Names the run in the results, and its session file. */
  id: z.string(),
  /** Of all that decides how a run goes beside its name: limits, checks, the task's files. A row of another one is run again. */
  fingerprint: z.string(),
  task: z.string(),
  model: z.string(),
  strategy: z.string(),
  /** From 1. */
  repetition: count,
  startedAt: z.iso.datetime(),
  /** null: it crashed, and `error` says how. */
  outcome: z.enum(['solved', 'gave-up', 'stopped', 'limit-reached', 'failed']).nullable(),
  error: z.string().nullable(),
  explanation: z.string(),
  /** Solved, the held-out tests do not fail, and not by the agent's word alone. */
  success: z.boolean(),
  solved: z.boolean(),
  /** Tests that fail although it is solved, and who says that they may; null: none. */
  left: z
    .object({ tests: count, by: z.enum(['task', 'agent', 'person']) })
    .nullable()
    .default(null),
  /** What it rests on, where it is solved: `agent` is its own word alone. */
  proof: z.enum(PROOFS).nullable().default(null),
  /** Whether the held-out tests pass; null: there are none, or they were not run. */
  hidden: z.boolean().nullable(),
  tests: z.object({ passed: count, failed: count, skipped: count }).nullable(),
  newFailures: count,
  lint: z.boolean().nullable(),
  types: z.boolean().nullable(),
  diff: z.object({ files: count, linesAdded: count, linesRemoved: count, testFiles: count }).nullable(),
  attempts: count,
  steps: count,
  inputTokens: amount,
  outputTokens: amount,
  /** US dollars; null: unknown. */
  cost: amount.nullable(),
  seconds: amount,
  /** Path of the session file beside the results. */
  session: z
    .string()
    .regex(/^runs\/[\w.+-]+\.json$/)
    .nullable(),
});

/** One run. */
export type EvalRow = z.infer<typeof row>;

const results = z.object({ format: z.literal('fixpoint-eval/1'), rows: z.array(row) });

export const FORMAT = 'fixpoint-eval/1';

/** The rows of a `results.json`. Throws an error that says what is wrong with it. */
export function parseResults(text: string, place: string): readonly EvalRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${place} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = results.safeParse(value);
  if (!parsed.success) throw new Error(`${place} holds no results of an evaluation: ${z.prettifyError(parsed.error)}`);
  return parsed.data.rows;
}

/** Whether the row says how its run went: it neither crashed nor was stopped. */
export const isFinished = ({ outcome }: EvalRow): boolean => outcome !== null && outcome !== 'stopped';

/** Each run once: what is finished before what is not, then the later one; by task, model, strategy and repetition. */
export function mergeRows(lists: readonly (readonly EvalRow[])[]): readonly EvalRow[] {
  const best = new Map<string, EvalRow>();
  for (const each of lists.flat()) {
    const known = best.get(each.id);
    if (!known || isBetter(each, known)) best.set(each.id, each);
  }
  return [...best.values()].sort(
    (one, other) =>
      one.task.localeCompare(other.task) ||
      one.model.localeCompare(other.model) ||
      one.strategy.localeCompare(other.strategy) ||
      one.repetition - other.repetition,
  );
}

function isBetter(one: EvalRow, other: EvalRow): boolean {
  if (isFinished(one) !== isFinished(other)) return isFinished(one);
  return one.startedAt > other.startedAt;
}
