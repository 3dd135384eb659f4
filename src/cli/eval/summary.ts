import { type EvalRow, isFinished } from './results.ts';
import { wilsonInterval } from './wilson.ts';

/** What the runs of one task, model and strategy come to; of all tasks where `task` is null. */
export interface Group {
  readonly task: string | null;
  readonly model: string;
  readonly strategy: string;
  /** Runs that ended by themselves or crashed; what was stopped tells nothing. */
  readonly runs: number;
  readonly successes: number;
  /** Solved by the visible tests, refuted by the held-out ones. */
  readonly visibleOnly: number;
  /** Solved by the agent's own word alone: no success. */
  readonly claimed: number;
  /** Runs that crashed. They count as no success. */
  readonly errors: number;
  /** null without a run. */
  readonly rate: number | null;
  /** Wilson's interval of the rate, at 95 %. */
  readonly low: number;
  readonly high: number;
  /** Means over the runs that did not crash; null without one. */
  readonly attempts: number | null;
  readonly steps: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly seconds: number | null;
  /** US dollars a run; null where the price of one is unknown. */
  readonly cost: number | null;
  /** US dollars of all runs. */
  readonly totalCost: number | null;
}

export function groupByTask(rows: readonly EvalRow[]): readonly Group[] {
  return groupBy(rows, ({ task, model, strategy }) => [task, model, strategy]).map((group) => summarise(group, true));
}

export function groupByModel(rows: readonly EvalRow[]): readonly Group[] {
  return groupBy(rows, ({ model, strategy }) => [model, strategy]).map((group) => summarise(group, false));
}

function groupBy(rows: readonly EvalRow[], keyOf: (row: EvalRow) => readonly string[]): EvalRow[][] {
  const groups = new Map<string, EvalRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

function summarise(rows: readonly EvalRow[], withTask: boolean): Group {
  const [first] = rows;
  const ended = rows.filter(isFinished);
  const errors = rows.filter(({ outcome }) => outcome === null).length;
  const runs = ended.length + errors;
  const successes = ended.filter(({ success }) => success).length;
  const cost = sumCost(ended);
  return {
    task: withTask ? (first?.task ?? null) : null,
    model: first?.model ?? '',
    strategy: first?.strategy ?? '',
    runs,
    successes,
    visibleOnly: ended.filter(({ solved, hidden }) => solved && hidden === false).length,
    claimed: ended.filter(({ proof }) => proof === 'agent').length,
    errors,
    rate: runs === 0 ? null : successes / runs,
    ...wilsonInterval(successes, runs),
    attempts: mean(ended, ({ attempts }) => attempts),
    steps: mean(ended, ({ steps }) => steps),
    inputTokens: mean(ended, ({ inputTokens }) => inputTokens),
    outputTokens: mean(ended, ({ outputTokens }) => outputTokens),
    seconds: mean(ended, ({ seconds }) => seconds),
    cost: cost === null || ended.length === 0 ? null : cost / ended.length,
    totalCost: cost,
  };
}

function mean(rows: readonly EvalRow[], figure: (row: EvalRow) => number): number | null {
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + figure(row), 0) / rows.length;
}

/** One unknown price makes the sum unknown. */
function sumCost(rows: readonly EvalRow[]): number | null {
  return rows.reduce<number | null>((sum, { cost }) => (sum === null || cost === null ? null : sum + cost), 0);
}
