/** The fold of the log (`reducer.ts`): what is shown. Serialisable, never mutated. */
import type { TaskDescription } from '../../task/task.ts';
import type { FileChange, Files } from '../files.ts';
import type {
  AttemptId,
  CheckResult,
  ContextCompaction,
  Limits,
  Outcome,
  Phase,
  PlanStep,
  ReplyRetry,
  RunId,
  Spent,
  TreeHash,
  Verdict,
} from '../values.ts';

export interface Attempt {
  readonly id: AttemptId;
  readonly parent: AttemptId | null;
  readonly run: RunId | null;
  readonly tree: TreeHash;
  readonly changes: readonly FileChange[];
  readonly verdict: Verdict | null;
  readonly spent: Spent | null;
  /** The last one of each kind. */
  readonly checks: readonly CheckResult[];
  /** The working copy that it was made in; absent for the run's own. */
  readonly branch?: string;
  readonly at: number;
}

/** One tool call with what came of it. */
export interface CallState {
  readonly id: string;
  readonly tool: string;
  readonly arguments: string;
  readonly phase: Phase | null;
  readonly status: 'waiting' | 'running' | 'ok' | 'error';
  readonly result: string | null;
  readonly changes: readonly FileChange[];
  readonly command: {
    readonly line: string;
    readonly exitCode: number;
    readonly output: string;
    readonly milliseconds: number;
  } | null;
  readonly attempt: AttemptId | null;
  readonly milliseconds: number | null;
  /** What was asked of a person, and what was decided. */
  readonly permissions?: readonly PermissionState[];
  /** What the agent asked a person; `answer` undefined while it waits, null when nobody was there. */
  readonly question?: { readonly text: string; readonly choices: readonly string[]; readonly answer?: string | null };
  /** What a person should know of this call: risks found, orders in what was read, changes that were undone. */
  readonly warnings?: readonly string[];
}

export interface PermissionState {
  readonly what: string;
  /** Empty when it was decided without asking. */
  readonly reasons: readonly string[];
  /** null while a person is asked. */
  readonly decision: {
    readonly allowed: boolean;
    readonly by: 'rule' | 'mode' | 'person' | 'reviewer' | 'default';
    readonly reason: string;
  } | null;
}

export interface StepState {
  readonly run: RunId;
  readonly number: number;
  /** "agent" unless the log names another. */
  readonly role: string;
  /** null: the run's own working copy. */
  readonly branch: string | null;
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly CallState[];
  /** What it was told beside the results of its calls. */
  readonly told: readonly string[];
  readonly status: 'thinking' | 'acting' | 'done';
  readonly startedAt: number;
  readonly cost: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tries at its reply that failed. */
  readonly retries: readonly ReplyRetry[];
  /** Before its reply, the conversation was made shorter. */
  readonly compactions: readonly ContextCompaction[];
  /** What was wrong with the reply, as the model was told; null when nothing was. */
  readonly correction: string | null;
}

/** A further working copy of a run. */
export interface BranchState {
  readonly name: string;
  readonly from: AttemptId;
  /** The best attempt made in it; null while it lasts. */
  readonly attempt: AttemptId | null;
  /** The run went on from it. */
  readonly kept: boolean;
}

/** A second model's word on an attempt. */
export interface Review {
  readonly step: number;
  readonly attempt: AttemptId;
  readonly approved: boolean;
  readonly comments: string;
}

export interface RunState {
  readonly id: RunId;
  readonly model: string;
  readonly strategy: string;
  readonly limits: Limits;
  readonly from: AttemptId;
  readonly startedAt: number;
  readonly steps: readonly StepState[];
  readonly attempts: readonly AttemptId[];
  /** The run of the tests before the first step; null where there was none. */
  readonly start: CallState['command'];
  /** The steps of its plan as they are now; empty without a plan. */
  readonly plan: readonly PlanStep[];
  readonly reviews: readonly Review[];
  /** Why the sandbox was started again, each time it was. */
  readonly reboots: readonly string[];
  /** In the order in which they began. */
  readonly branches: readonly BranchState[];
  /** Limits that could not be watched, and why. */
  readonly unwatched: readonly { readonly limit: 'cost'; readonly reason: string }[];
  /** null while it runs, or when the page was closed in mid-run. */
  readonly outcome: Outcome | null;
  readonly best: AttemptId | null;
  readonly spent: Spent;
}

/** The fold of the log (`state/reducer.ts`). Serialisable, never mutated. */
export interface SessionState {
  readonly id: string;
  readonly task: (TaskDescription & { readonly name: string }) | null;
  /** Files of the start. */
  readonly files: Files;
  readonly attempts: Readonly<Record<AttemptId, Attempt>>;
  /** In the order they were made; the first is the start. */
  readonly order: readonly AttemptId[];
  readonly head: AttemptId;
  readonly runs: readonly RunState[];
  readonly eventCount: number;
}
