import { ModelError } from '../../model/model.ts';
import type { Outcome } from '../../session/values.ts';
import { createAcceptance } from '../acceptance.ts';
import type { AgentRun } from '../agent-run.ts';
import { openConversation } from '../conversation/conversation.ts';
import { converse } from '../conversation/converse.ts';
import { limitReplies } from '../conversation/limit-replies.ts';
import { createProgress } from '../conversation/progress.ts';
import { LimitReachedError } from '../limits/limits.ts';
import { LOOP_SYSTEM } from '../prompts/loop.ts';
import { describeCandidate, LAST_REPLY } from '../prompts/tree.ts';
import { TOOLS } from '../tools/index.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { compareAttempts } from './compare-attempts.ts';
import type { RunBranch } from './run-branch.ts';

/** What a candidate came to. */
export interface CandidateResult {
  readonly number: number;
  readonly branch: RunBranch;
  /** Accepted: the attempt that it was accepted with; else the best that it made. */
  readonly attempt: BookedAttempt;
  /** The best that it made, be it worse than what it began with; that, where it made none. */
  readonly tried: BookedAttempt;
  readonly outcome: Outcome;
  /** Its model failed. */
  readonly modelError: ModelError | null;
  /** A limit of the run came in the middle of it. */
  readonly limit: LimitReachedError | null;
}

export interface CandidateOptions {
  readonly number: number;
  readonly of: number;
  readonly steps: number;
  /** The task, what its tests say, and what earlier candidates came to. */
  readonly brief: string;
  /** What the candidates of a round know of one another: whether one has come to the end. */
  readonly round: { passed: boolean };
}

/**
 * A short conversation in a working copy of its own. A failing model and a limit are results, so that the other candidates go on; rejects
 * when the run is stopped or the sandbox is lost for good.
 */
export async function runCandidate(
  run: AgentRun,
  branch: RunBranch,
  { number, of, steps, brief, round }: CandidateOptions,
): Promise<CandidateResult> {
  const { name, workspace } = branch;
  const conversation = openConversation(run, {
    role: `candidate-${number}`,
    branch: name,
    workspace,
    tools: TOOLS,
    // Whether the run is solved is judged in its own working copy, where nothing else runs.
    acceptance: createAcceptance({ task: run.task, isFinal: false }),
    progress: limitReplies(createProgress(run.patience), {
      most: steps,
      lastWords: LAST_REPLY,
      over: () => (round.passed ? 'The tests of another candidate pass.' : null),
    }),
    messages: [
      { role: 'system', content: LOOP_SYSTEM },
      { role: 'user', content: `${brief}\n\n${describeCandidate({ number, of, steps })}` },
    ],
  });
  const end = (outcome: Outcome, error: unknown = null): CandidateResult => {
    const best = branch.settle();
    const attempt = outcome.kind === 'solved' ? workspace.attempts.base : best;
    const [bestMade = attempt] = [...workspace.attempts.made].sort(compareAttempts);
    return {
      number,
      branch,
      attempt,
      tried: outcome.kind === 'solved' ? attempt : bestMade,
      outcome,
      modelError: error instanceof ModelError ? error : null,
      limit: error instanceof LimitReachedError ? error : null,
    };
  };
  try {
    const outcome = (await converse(run, conversation)) ?? { kind: 'gave-up', explanation: '' };
    const passes = outcome.kind === 'solved' || hasPassed(workspace);
    if (passes) round.passed = true;
    return end(passes && outcome.kind !== 'solved' ? { kind: 'solved', explanation: 'The tests pass.' } : outcome);
  } catch (error) {
    if (error instanceof ModelError) return end({ kind: 'failed', explanation: error.message }, error);
    if (error instanceof LimitReachedError) return end({ kind: 'limit-reached', explanation: error.message }, error);
    throw error;
  }
}

/** Ended before it could say so itself. */
const hasPassed = ({ attempts, isGood }: Workspace): boolean => attempts.base.own && isGood;
