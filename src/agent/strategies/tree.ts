import type { Outcome } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { briefOf } from '../brief.ts';
import { LimitReachedError, limitReached } from '../limits/limits.ts';
import { ownStep } from '../own-step.ts';
import { describeLastRound } from '../prompts/tree.ts';
import { isBetter } from '../tree/choose-candidate.ts';
import { runRound } from '../tree/tree-round.ts';
import { reportVerification } from '../verdict/report-verification.ts';
import type { Strategy } from './strategy.ts';

/** Rounds in a row that may bring nothing better. */
const FRUITLESS_ROUNDS = 2;

/** Several candidates at once, each in a working copy of its own, in rounds: the next begins with the best of the last. */
export const tree: Strategy = {
  name: 'tree',
  description:
    'Several candidates at once, each in a working copy of its own; the one with the most passing tests goes on.',
  reviewed: false,
  pursue: async (run) => {
    let brief = await briefOf(run);
    for (let round = 1, fruitless = 0; ; round += 1) {
      const limit = limitReached(run.limits, run.spending);
      if (limit !== null) throw new LimitReachedError(limit);
      const { before, winner, improved, reports, interruption } = await runRound(run, round, brief);
      const enough = winner?.outcome.kind === 'solved' || (improved && run.acceptance.suffices(run.workspace));
      const accepted = winner && enough ? await accept(run, winner.outcome) : null;
      if (accepted?.outcome) return accepted.outcome;
      const { workspace } = run;
      if (accepted && !isBetter(workspace.attempts.base, before)) await workspace.moveTo(before.id);
      if (interruption) throw interruption;
      fruitless = improved ? 0 : fruitless + 1;
      if (fruitless >= FRUITLESS_ROUNDS) return gaveUp(run, round);
      const objection = accepted ? [`The kept candidate was not accepted:\n${accepted.result}`] : [];
      brief = await briefOf({ ...run, focus: describeLastRound([...reports, ...objection], run.focus) });
    }
  },
};

const VERIFIER = { role: 'verifier', tool: 'run_tests', phase: 'verify' } as const;

/** Tests that run at the same time may disturb one another, or help: what counts is the run's own working copy, alone. */
function accept(run: AgentRun, { explanation: summary, left }: Outcome) {
  // What the candidate said of failing tests it has been asked about.
  const claims = (left?.by === 'agent' ? left.tests : []).map(({ name, reason = '' }) => ({
    test: name.join(' > '),
    reason,
  }));
  return ownStep(run, { ...VERIFIER, tool: 'finish' }, async (context) => {
    const verification = await context.workspace.verify(context.call);
    if (context.workspace.isGood || claims.length > 0)
      return run.acceptance.judge({ summary, claims, insists: true }, context);
    const report = reportVerification(verification);
    return { ok: false, result: `The tests passed in the candidate's copy, but not when they ran alone:\n${report}` };
  });
}

const gaveUp = ({ candidates }: AgentRun, rounds: number): Outcome => ({
  kind: 'gave-up',
  explanation: `${rounds} rounds of ${candidates} candidates were tried; the last ${FRUITLESS_ROUNDS} made no test pass that had not passed before.`,
});
