/** Two runs beside each other: two models on one task, or two strategies. A fold over their logs. */

import type { LeftFailing, OutcomeKind } from '../values.ts';
import { describeLeftBy } from './describe-left-by.ts';
import { type Counts, type DiffSize, scorecardOf } from './scorecard.ts';
import type { CallState, RunState, SessionState, StepState } from './session-state.ts';

/** null stands for unknown or not done. */
export interface RunFigures {
  readonly model: string;
  readonly strategy: string;
  readonly outcome: OutcomeKind | null;
  readonly explanation: string;
  /** Tests that fail although it is solved. */
  readonly left: LeftFailing | null;
  /** Of the attempt that the run ended with. */
  readonly tests: Counts | null;
  readonly hidden: boolean | null;
  readonly diff: DiffSize | null;
  readonly steps: number;
  readonly attempts: number;
  readonly calls: number;
  readonly failedCalls: number;
  /** Tries at replies that failed, and conversations that had to be shortened. */
  readonly retries: number;
  readonly compactions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars. */
  readonly cost: number | null;
  readonly milliseconds: number;
}

export interface ComparedFigure {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  /** Which of the two did better; null when neither, or when it is no contest. */
  readonly better: 'first' | 'second' | null;
}

export interface RunComparison {
  readonly first: RunFigures;
  readonly second: RunFigures;
  readonly figures: readonly ComparedFigure[];
  /** The first step in which they did something else, with what each did; null when they did the same all the way. */
  readonly parting: { readonly step: number; readonly first: string; readonly second: string } | null;
  /** In a sentence. */
  readonly summary: string;
}

/** Compares the last run of each session. Throws when a session has none. */
export function compareRuns(first: SessionState, second: SessionState): RunComparison {
  return comparePlacedRuns({ session: first, run: lastRun(first) }, { session: second, run: lastRun(second) });
}

export interface PlacedRun {
  readonly session: SessionState;
  readonly run: RunState;
}

/** The same for any two runs, of one session or of two. */
export function comparePlacedRuns(one: PlacedRun, two: PlacedRun): RunComparison {
  const [left, right] = [figuresOf(one), figuresOf(two)];
  return {
    first: left,
    second: right,
    figures: compareFigures(left, right),
    parting: findParting(one.run.steps, two.run.steps),
    summary: summarize(left, right),
  };
}

function lastRun({ runs }: SessionState): RunState {
  const run = runs.at(-1);
  if (!run) throw new Error('There is no run in this session.');
  return run;
}

function figuresOf({ session: state, run }: PlacedRun): RunFigures {
  const { model, strategy, outcome, spent, best, steps } = run;
  const calls = steps.flatMap((step) => step.calls);
  const card = best === null || !state.attempts[best] ? null : scorecardOf(state, best);
  return {
    model,
    strategy,
    outcome: outcome?.kind ?? null,
    explanation: outcome?.explanation ?? 'It has not ended.',
    left: outcome?.left ?? null,
    tests: card?.tests ?? null,
    hidden: card?.hidden?.passed ?? null,
    diff: card?.diff ?? null,
    steps: spent.steps,
    attempts: spent.attempts,
    calls: calls.length,
    failedCalls: calls.filter(({ status }) => status === 'error').length,
    retries: steps.reduce((sum, { retries }) => sum + retries.length, 0),
    compactions: steps.reduce((sum, { compactions }) => sum + compactions.length, 0),
    inputTokens: spent.inputTokens,
    outputTokens: spent.outputTokens,
    cost: spent.cost,
    milliseconds: spent.milliseconds,
  };
}

interface Measure {
  readonly name: string;
  readonly show: (figures: RunFigures) => string;
  /** Less is better; absent: no contest. null: unknown. */
  readonly weigh?: (figures: RunFigures) => number | null;
}

const UNKNOWN = 'unknown';
const lines = ({ diff }: RunFigures) => (diff ? diff.linesAdded + diff.linesRemoved : null);

const MEASURES: readonly Measure[] = [
  { name: 'model', show: ({ model }) => model },
  { name: 'strategy', show: ({ strategy }) => strategy },
  {
    name: 'outcome',
    show: ({ outcome, left }) => `${outcome ?? 'not ended'}${left ? `, ${describeLeftBy(left)}` : ''}`,
    // What the task asks for is solved; what somebody says need not pass is a little less.
    weigh: ({ outcome, left }) => (outcome !== 'solved' ? 2 : left && left.by !== 'task' ? 1 : 0),
  },
  {
    name: 'tests',
    show: ({ tests }) => (tests ? `${tests.passed} passed, ${tests.failed} failed` : UNKNOWN),
    weigh: ({ tests }) => tests?.failed ?? null,
  },
  {
    name: 'held-out tests',
    show: ({ hidden }) => (hidden === null ? 'none' : hidden ? 'passed' : 'failed'),
    weigh: ({ hidden }) => (hidden === null ? null : Number(!hidden)),
  },
  { name: 'steps', show: ({ steps }) => String(steps), weigh: ({ steps }) => steps },
  { name: 'attempts', show: ({ attempts }) => String(attempts), weigh: ({ attempts }) => attempts },
  {
    name: 'calls',
    show: ({ calls, failedCalls }) => `${calls}${failedCalls > 0 ? `, ${failedCalls} failed` : ''}`,
    weigh: ({ calls }) => calls,
  },
  { name: 'tries that failed', show: ({ retries }) => String(retries) },
  { name: 'changed lines', show: (figures) => String(lines(figures) ?? UNKNOWN), weigh: lines },
  {
    name: 'tokens',
    show: ({ inputTokens, outputTokens }) => `${inputTokens} in, ${outputTokens} out`,
    weigh: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  },
  { name: 'cost', show: ({ cost }) => (cost === null ? UNKNOWN : `$${cost.toFixed(4)}`), weigh: ({ cost }) => cost },
  {
    name: 'seconds',
    show: ({ milliseconds }) => (milliseconds / 1000).toFixed(1),
    weigh: ({ milliseconds }) => milliseconds,
  },
];

function compareFigures(first: RunFigures, second: RunFigures): ComparedFigure[] {
  return MEASURES.map(({ name, show, weigh }) => {
    const [left, right] = [weigh?.(first) ?? null, weigh?.(second) ?? null];
    const isContest = left !== null && right !== null && left !== right;
    const better = isContest ? (left < right ? 'first' : 'second') : null;
    return { name, first: show(first), second: show(second), better };
  });
}

function findParting(first: readonly StepState[], second: readonly StepState[]): RunComparison['parting'] {
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const [left, right] = [doneIn(first[index]), doneIn(second[index])];
    if (left !== right) return { step: index + 1, first: left, second: right };
  }
  return null;
}

function doneIn(step: StepState | undefined): string {
  if (!step) return 'it had ended';
  return step.calls.map(describeCall).join('; ') || 'it called no tool';
}

/** What identifies a call for a reader: the tool and its first value. */
function describeCall({ tool, arguments: text }: CallState): string {
  const value = /:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return value === undefined ? tool : `${tool} ${value.slice(0, 60)}`;
}

function summarize(first: RunFigures, second: RunFigures): string {
  const names = namesOf(first, second);
  const [one, two] = [first.outcome === 'solved', second.outcome === 'solved'];
  const failsHidden = [first.hidden === false, second.hidden === false];
  if (one !== two) {
    const [winner, loser] = one ? names : [names[1], names[0]];
    return failsHidden[one ? 0 : 1]
      ? `${winner} passes the visible tests and fails the held-out ones, ${loser} did not solve the task.`
      : `${winner} solved the task, ${loser} did not.`;
  }
  if (!one) return 'Neither solved the task.';
  const rest = thriftOf(first, second, names);
  if (failsHidden[0] && failsHidden[1])
    return `Both pass the visible tests and fail the held-out ones${rest === '' ? '' : `: ${rest}`}.`;
  if (failsHidden[0] || failsHidden[1]) {
    const [good, bad] = failsHidden[0] ? [names[1], names[0]] : names;
    return (failsHidden[0] ? second : first).hidden === true
      ? `Both pass the tests; the held-out ones only ${good}.`
      : `Both pass the visible tests; ${bad} fails the held-out ones.`;
  }
  const isLess = ({ left }: RunFigures) => left !== null && left.by !== 'task';
  if (isLess(first) !== isLess(second))
    return `Both solved the task; ${isLess(first) ? names[0] : names[1]} left tests failing that failed before.`;
  return `Both solved the task${rest === '' ? '' : `: ${rest}`}.`;
}

/** What tells the two apart: the model, else the strategy, else the order. */
function namesOf(first: RunFigures, second: RunFigures): readonly [string, string] {
  if (first.model !== second.model) return [first.model, second.model];
  if (first.strategy !== second.strategy) return [first.strategy, second.strategy];
  return ['the first run', 'the second run'];
}

function thriftOf(first: RunFigures, second: RunFigures, names: readonly [string, string]): string {
  const less = (what: string, left: number, right: number) => {
    if (left === right) return null;
    return `${left < right ? names[0] : names[1]} took ${what} (${Math.min(left, right)} against ${Math.max(left, right)})`;
  };
  const steps = less('fewer steps', first.steps, second.steps);
  const tokens = less('fewer tokens', first.inputTokens + first.outputTokens, second.inputTokens + second.outputTokens);
  return [steps, tokens].filter(Boolean).join('; ');
}
