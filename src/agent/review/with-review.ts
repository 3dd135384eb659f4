import picomatch from 'picomatch';
import { diffFiles } from '../../session/tree.ts';
import type { Outcome, TreeHash } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { describeLeft } from '../left/describe-left.ts';
import type { Acceptance } from '../tools/tool.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { reviewAttempt } from './review-attempt.ts';

/** Objections after which a run gives up: reviewer and agent do not agree. */
const MOST_OBJECTIONS = 3;

/**
 * Accepts what the run's acceptance accepts and the reviewer approves: of every attempt where `always` is set, else of those that change a
 * file which the task wants reviewed.
 */
export function withReview(run: AgentRun, { always }: { always: boolean }): Acceptance {
  const { acceptance, task } = run;
  const start = run.workspace.attempts.get(run.state.head);
  const isWatched = picomatch([...(task.review ?? [])], { dot: true });
  const mustReview = (workspace: Workspace) =>
    always || diffFiles(start.files, workspace.files).some(({ path }) => isWatched(path));
  const approved = new Set<TreeHash>();
  const objections: string[] = [];
  return {
    judge: async (ending, context) => {
      const { workspace } = context;
      const judged = await acceptance.judge(ending, context);
      if (judged.outcome?.kind !== 'solved' || approved.has(workspace.tree) || !mustReview(workspace)) return judged;
      const review = await reviewAttempt(run, context, { summary: described(judged.outcome, workspace), objections });
      if (review.approved) {
        approved.add(workspace.tree);
        return { ...judged, result: `${judged.result} The reviewer approves. ${review.comments}` };
      }
      objections.push(review.comments);
      const result = `Not finished: the reviewer objects.\n${review.comments}\nChange what is right about this and finish again; where it is wrong, say why in the summary.`;
      if (objections.length < MOST_OBJECTIONS) return { ok: false, result };
      const explanation = `${workspace.verdict?.passed ? 'The tests pass, but the' : 'The'} reviewer objected ${objections.length} times, at last: ${review.comments}`;
      return { ok: false, result, outcome: { kind: 'gave-up', explanation } };
    },
    suffices: (workspace) => acceptance.suffices(workspace) && (approved.has(workspace.tree) || !mustReview(workspace)),
  };
}

/** With the tests that fail, where the agent, or the task, says that they need not pass. */
function described({ explanation, left }: Outcome, { verdict }: Workspace): string {
  return left && verdict ? `${explanation}\n\n${describeLeft(left, verdict)}` : explanation;
}
