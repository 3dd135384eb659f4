import { compareVerdicts } from '../../session/state/selectors.ts';
import type { Outcome, TestResult, Verdict } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { acceptStage } from '../incremental/stage-acceptance.ts';
import { isAsked } from '../left/left-by-task.ts';
import { ownStep } from '../own-step.ts';
import { describeStage } from '../prompts/incremental.ts';
import { testKey } from '../test-key.ts';
import { summarizeCounts } from '../verdict/describe-verdict.ts';
import { reportVerification } from '../verdict/report-verification.ts';
import type { Modifier, Strategy } from './strategy.ts';

/** One failing test at a time; after each the whole suite, so that nothing that passed is lost on the way. */
export const incremental: Modifier = {
  name: 'incremental',
  description: 'One failing test at a time, with all tests after each.',
  modify: (strategy) => ({
    ...strategy,
    name: `${strategy.name}+incremental`,
    description: `${strategy.description} One failing test at a time.`,
    pursue: (run) => pursueInStages(run, strategy),
  }),
};

async function pursueInStages(run: AgentRun, strategy: Strategy): Promise<Outcome> {
  const { workspace } = run;
  const givenUp = new Set<string>();
  const summaries: string[] = [];
  let verdict = await verifyAll(run);
  // Where the output names no failing test there is nothing to choose.
  if (workspace.isGood || !chooseTest(run, verdict, givenUp)) return strategy.pursue(run);
  for (let stage = 1, last = ''; ; stage += 1) {
    const test = chooseTest(run, verdict, givenUp);
    if (!test) return gaveUp(verdict, last);
    const begin = workspace.keep();
    const focus = describeStage({ test, stage, failing: failingOf(verdict).length });
    const acceptance = acceptStage({ test, before: verdict }, run.acceptance);
    const outcome = await strategy.pursue({ ...run, acceptance, focus: [run.focus ?? '', focus].join('\n\n').trim() });
    last = outcome.explanation.trim();
    if (outcome.kind === 'solved') {
      summaries.push(last);
      if (workspace.isGood || outcome.left) return { ...outcome, explanation: summaries.join('\n\n') };
      // What one test needed may be what another one lacked.
      givenUp.clear();
    } else if (outcome.kind === 'gave-up') {
      givenUp.add(testKey(test));
      const now = await verifyAll(run);
      if (compareVerdicts(now, verdict) >= 0 && workspace.keep() !== begin) await workspace.moveTo(begin);
    } else return outcome;
    verdict = await verifyAll(run);
  }
}

const failingOf = (verdict: Verdict): readonly TestResult[] =>
  verdict.tests.filter(({ status }) => status === 'failed');

/** The first in the order of the runner: what comes first is most often what the rest is built on. */
function chooseTest({ task }: AgentRun, verdict: Verdict, givenUp: ReadonlySet<string>): TestResult | null {
  return failingOf(verdict).find((test) => !givenUp.has(testKey(test)) && isAsked(task, test)) ?? null;
}

async function verifyAll(run: AgentRun): Promise<Verdict> {
  let { verdict } = run.workspace;
  if (verdict) return verdict;
  await ownStep(run, { role: 'verifier', tool: 'run_tests', phase: 'verify' }, async ({ workspace, call }) => {
    const verification = await workspace.verify(call);
    verdict = verification.verdict;
    return { ok: true, result: reportVerification(verification, workspace.outputs) };
  });
  if (!verdict) throw new Error('The tests were run and gave no verdict');
  return verdict;
}

const gaveUp = (verdict: Verdict, last: string): Outcome => ({
  kind: 'gave-up',
  explanation: `Each failing test was tried for itself (${summarizeCounts(verdict)}). At last: ${last}`,
});
