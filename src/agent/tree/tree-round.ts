import type { AgentRun } from '../agent-run.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';
import { type CandidateResult, runCandidate } from './candidate.ts';
import { chooseCandidate, isBetter } from './choose-candidate.ts';
import { describeCandidateResult } from './describe-candidate.ts';
import { openBranch, type RunBranch } from './run-branch.ts';
import { createTurns } from './turns.ts';

/** Replies that a candidate may take at most: short conversations, and more rounds. */
const MOST_STEPS = 20;
const FEWEST_STEPS = 3;

export interface Round {
  /** What it began with. */
  readonly before: BookedAttempt;
  /** Its attempt's files are the run's now. */
  readonly winner: CandidateResult | null;
  /** It is better than what the round began with. */
  readonly improved: boolean;
  /** What each candidate did and what came of it, for the next round. */
  readonly reports: readonly string[];
  /** What ends the run, unless the winner is accepted: a limit, or a model that failed every candidate. */
  readonly interruption: Error | null;
}

/** All candidates at once. Every branch that it begins it ends, whatever happens. */
export async function runRound(run: AgentRun, round: number, brief: string): Promise<Round> {
  const branches: RunBranch[] = [];
  let winner: CandidateResult | null = null;
  const before = run.workspace.attempts.get(run.workspace.keep());
  let results: readonly CandidateResult[] = [];
  try {
    for (let number = 1; number <= run.candidates; number += 1)
      branches.push(await openBranch(run, `round-${round}-candidate-${number}`));
    results = await runAll(run, branches, brief);
    winner = chooseCandidate(results, before);
  } finally {
    for (const branch of branches) await branch.end(branch === winner?.branch);
  }
  if (winner && winner.attempt.id !== before.id) await run.workspace.moveTo(winner.attempt.id);
  return {
    before,
    winner,
    improved: winner !== null && isBetter(winner.attempt, before),
    reports: results.map((result) => describeCandidateResult(result, { base: before, kept: result === winner })),
    interruption: interruptionOf(results),
  };
}

async function runAll(
  run: AgentRun,
  branches: readonly RunBranch[],
  brief: string,
): Promise<readonly CandidateResult[]> {
  const left = run.limits.steps - run.spending.now().steps;
  const steps = Math.max(FEWEST_STEPS, Math.min(MOST_STEPS, Math.floor(left / branches.length)));
  const { gate } = run;
  const inTurn = createTurns();
  // A person decides on one call at a time; texts that stream at the same time would be one jumble.
  const { onText: _, ...quiet } = run;
  const own: AgentRun = gate ? { ...quiet, gate: (call) => inTurn(() => gate(call)) } : quiet;
  const round = { passed: false };
  const ends = await Promise.allSettled(
    branches.map((branch, index) =>
      runCandidate(own, branch, { number: index + 1, of: branches.length, steps, brief, round }),
    ),
  );
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

function interruptionOf(results: readonly CandidateResult[]): Error | null {
  const limit = results.find((result) => result.limit)?.limit;
  if (limit) return limit;
  const errors = results.flatMap(({ modelError }) => modelError ?? []);
  const [first] = errors;
  return errors.length === results.length ? (first ?? null) : null;
}
