import type { TestResult, Verdict } from '../../session/values.ts';
import { keysOf, testKey } from '../test-key.ts';
import type { Acceptance } from '../tools/tool.ts';
import { reportVerification } from '../verdict/report-verification.ts';

/** What a stage is for: a test that failed when it began. `before` is what the whole suite said then. */
export interface Stage {
  readonly test: TestResult;
  readonly before: Verdict;
}

/**
 * Accepts the files when the stage's test passes and none that passed before fails. When all tests pass, `whole` decides: there is no
 * further stage.
 */
export function acceptStage({ test, before }: Stage, whole: Acceptance): Acceptance {
  return {
    judge: async (ending, context) => {
      const { workspace, call } = context;
      const known = workspace.verdict;
      const report = known ? '' : reportVerification(await workspace.verify(call), workspace.outputs);
      const verdict = known ?? workspace.verdict;
      if (workspace.isGood) return whole.judge(ending, context);
      const claimed = (ending.claims ?? []).length > 0 ? await whole.judge(ending, context) : null;
      if (claimed?.outcome) return claimed;
      const problem = verdict ? stageProblem({ test, before }, verdict) : 'There is no verdict.';
      if (problem !== null) return claimed ?? { ok: false, result: `Not finished: ${problem}\n${report}`.trim() };
      return { ok: true, result: 'This test passes, and all that passed before.', outcome: solved(ending.summary) };
    },
    suffices: (workspace) => {
      const { verdict } = workspace;
      if (workspace.isGood) return whole.suffices(workspace);
      return verdict !== null && stageProblem({ test, before }, verdict) === null;
    },
  };
}

const solved = (explanation: string) => ({ kind: 'solved', explanation }) as const;

/** Why the stage is not done, as a sentence; null when it is. */
function stageProblem({ test, before }: Stage, now: Verdict): string | null {
  const passing = keysOf(now, 'passed');
  const name = test.name.join(' > ');
  const broken = [...keysOf(before, 'passed')].filter((key) => !passing.has(key));
  if (broken.length > 0) {
    const names = broken.slice(0, 5).map((key) => `"${JSON.parse(key).join(' > ')}"`);
    const more = broken.length > names.length ? ` and ${broken.length - names.length} more` : '';
    return `${names.join(', ')}${more} passed before and must not fail.`;
  }
  return passing.has(testKey(test)) ? null : `"${name}" does not pass.`;
}
