/**
 * The session log: one append-only list of typed events. Timeline, diff, spending, replay and share link are folds over it;
 * what is not in the log did not happen. Times are milliseconds since the epoch.
 *
 *     session-started
 *     run-started
 *       plan-updated                   the steps that a planner made, and how far they are
 *       step-started                   by whom: the agent, a planner, a reviewer …
 *         context-compacted             the conversation no longer fitted the model's window
 *         model-retried                 a try at a reply failed, another one follows
 *         model-replied                 what the model said, and what it cost
 *         limit-unwatched               once: a limit that cannot be watched, because something is unknown
 *         tool-called
 *           question-asked, -answered      what the agent asked a person, and the answer
 *           permission-asked, -decided     what a person was asked, and what was decided
 *           files-changed                  an edit: the changes and the working tree's hash after them
 *           command-finished               a command: exit code, output, the tree's hash after it
 *           attempt-made                   before a verification: the working tree is kept, by its hash
 *           verdict-reached                the test command's exit code and results
 *           review-given                   a second model's word on an attempt
 *           sandbox-rebooted               the sandbox was lost, and started again with the files as they were
 *         tool-finished
 *       branch-started, -ended           a further working copy, for a candidate: what happens in it bears its name
 *         model-told                    a word to the model that is no tool's result: that it turns in circles, that it called no tool
 *     check-finished                    lint, types, held-out tests: information about an attempt; before the first step, of the start
 *     run-finished
 *     head-moved                        a rollback, or the start of a run from another attempt
 */
import type { TaskDescription } from '../task/task.ts';
import type { FileChange, Files } from './files.ts';

export type AttemptId = string;
export type RunId = string;
/** Git's tree hash (SHA-1, hex). */
export type TreeHash = string;

export type Phase = 'read' | 'plan' | 'edit' | 'run' | 'verify' | 'repair';

export interface Limits {
  readonly steps: number;
  readonly attempts: number;
  readonly seconds: number;
  readonly tokens: number;
  /** US dollars. */
  readonly cost: number;
  /** Characters of one command's output that the log keeps. */
  readonly output?: number;
}

/** What was used so far. `cost` null: the price is unknown. */
export interface Spent {
  readonly steps: number;
  readonly attempts: number;
  readonly milliseconds: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number | null;
}

/** Installed code and other files that a session does not carry (`node_modules`, links, files over 1 MiB), by their hash. */
export interface Installed {
  /** SHA-256, hex, of their pack. */
  readonly hash: string;
  readonly files: number;
  readonly bytes: number;
}

export type OutcomeKind = 'solved' | 'gave-up' | 'stopped' | 'limit-reached' | 'failed';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** For a person: what happened, the best attempt, what still fails, what could be tried. */
  readonly explanation: string;
}

export interface TestResult {
  /** Path of names from the outermost suite: ["cart", "applies a discount"]. */
  readonly name: readonly string[];
  readonly file?: string;
  readonly status: 'passed' | 'failed' | 'skipped' | 'todo';
  readonly message?: string;
}

/** From the test command alone, never from what a model says. */
export interface Verdict {
  readonly exitCode: number;
  readonly passed: boolean;
  /** Which reporter's format was read; null when the output gave no counts. */
  readonly format: string | null;
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number } | null;
  readonly tests: readonly TestResult[];
  /** Why it does not count as passed although the command says so: tests did not run, or were changed while they ran. */
  readonly doubt?: string;
}

/** What an attempt is checked with beside the task's tests: the held-out tests, the linter, the type check. */
export type CheckName = 'hidden' | 'lint' | 'types';

/** One check of one attempt. It changes neither files nor head: what it wrote is put back. */
export interface CheckResult {
  readonly check: CheckName;
  readonly command: string;
  readonly exitCode: number;
  readonly ended: 'exited' | 'timed-out' | 'stopped';
  readonly output: string;
  readonly milliseconds: number;
  /** Of held-out tests: their verdict. Of lint and types: no problem that the files of the run's start had not. */
  readonly passed: boolean;
  /** The held-out tests' results. */
  readonly verdict?: Verdict;
  /** What lint or types complain about; absent where the output could not be read. `added` are the new ones, a line each. */
  readonly problems?: { readonly count: number; readonly added: readonly string[] };
}

/** A step of a plan: what is to be done, in words. */
export interface PlanStep {
  readonly text: string;
  readonly status: 'pending' | 'active' | 'done' | 'failed';
}

export interface ToolCallRecord {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export type PermissionAction = 'command' | 'change' | 'tests' | 'read';

/** A conversation that was made to fit its model's window. Sizes are rough counts. */
export interface ContextCompaction {
  /** Tokens, and who says so; absent where only the server's refusal told. */
  readonly window?: { readonly tokens: number; readonly source: 'given' | 'server' | 'table' | 'assumed' };
  readonly before: { readonly messages: number; readonly tokens: number };
  readonly after: { readonly messages: number; readonly tokens: number };
  /** Turns whose long results were left out. */
  readonly shortened: number;
  /** Turns that one line each stands for. */
  readonly dropped: number;
}

/** A failed try at a reply. */
export interface ReplyRetry {
  readonly reason: string;
  readonly waitMilliseconds: number;
}

/** A call in new code that a person should know of. */
export interface RiskFinding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** "starts a program", "forces the exit code". */
  readonly risk: string;
  /** The line. */
  readonly code: string;
}

interface Base {
  /** Index in the log. */
  readonly seq: number;
  readonly at: number;
}

export type SessionEvent = Base &
  (
    | {
        readonly type: 'session-started';
        readonly task: TaskDescription & { readonly name: string };
        readonly files: Files;
        readonly tree: TreeHash;
        /** The attempt that stands for the start: its id is "0". */
        readonly attempt: AttemptId;
        /** What the sandbox held beside the files, and a re-run needs again. */
        readonly installed?: Installed;
      }
    | {
        readonly type: 'run-started';
        readonly run: RunId;
        readonly model: string;
        readonly strategy: string;
        readonly limits: Limits;
        readonly from: AttemptId;
      }
    | {
        readonly type: 'step-started';
        readonly run: RunId;
        readonly step: number;
        /** Who makes the step, where it is not the agent: "planner", "executor", "reviewer", "candidate-2". */
        readonly role?: string;
        /** The working copy that it works on, where it is not the run's own. */
        readonly branch?: string;
        /** Where it is not the run's. */
        readonly model?: string;
      }
    | { readonly type: 'plan-updated'; readonly run: RunId; readonly steps: readonly PlanStep[] }
    | {
        readonly type: 'review-given';
        readonly run: RunId;
        /** The reviewer's. */
        readonly step: number;
        readonly attempt: AttemptId;
        readonly approved: boolean;
        readonly comments: string;
      }
    | {
        /** A further working copy begins with an attempt's files: what bears its name happens there. */
        readonly type: 'branch-started';
        readonly run: RunId;
        readonly branch: string;
        readonly from: AttemptId;
      }
    | {
        /** The working copy is gone; its attempts stay. */
        readonly type: 'branch-ended';
        readonly run: RunId;
        readonly branch: string;
        /** The best one made there, or the one it began with. */
        readonly attempt: AttemptId;
        /** The run goes on from it. */
        readonly kept: boolean;
      }
    | { readonly type: 'sandbox-rebooted'; readonly run: RunId; readonly reason: string }
    | { readonly type: 'model-told'; readonly run: RunId; readonly step: number; readonly text: string }
    | {
        readonly type: 'limit-unwatched';
        readonly run: RunId;
        readonly limit: 'cost';
        readonly reason: string;
      }
    | {
        readonly type: 'model-replied';
        readonly run: RunId;
        readonly step: number;
        readonly text: string;
        readonly reasoning?: string;
        readonly calls: readonly ToolCallRecord[];
        readonly inputTokens?: number;
        readonly outputTokens?: number;
        readonly cachedTokens?: number;
        /** The server did not count: the tokens are a rough count of the run's own. */
        readonly estimated?: true;
        readonly cost?: number;
        /** What was wrong with the reply, as the model was told. */
        readonly correction?: string;
        readonly milliseconds: number;
      }
    | {
        /** A try at the step's reply failed; what it had said is void. */
        readonly type: 'model-retried';
        readonly run: RunId;
        readonly step: number;
        readonly reason: string;
        /** Until the next try. */
        readonly waitMilliseconds: number;
        /** Of the dropped reply, where they are known. */
        readonly inputTokens?: number;
        readonly outputTokens?: number;
        readonly cachedTokens?: number;
        readonly estimated?: true;
        readonly cost?: number;
      }
    | ({ readonly type: 'context-compacted'; readonly run: RunId; readonly step: number } & ContextCompaction)
    | {
        readonly type: 'tool-called';
        readonly run: RunId;
        readonly step: number;
        readonly call: string;
        readonly tool: string;
        readonly phase: Phase;
      }
    | {
        readonly type: 'files-changed';
        readonly run: RunId;
        readonly branch?: string;
        readonly call: string;
        readonly changes: readonly FileChange[];
        /** Of the working tree, after the changes. */
        readonly tree: TreeHash;
      }
    | {
        readonly type: 'command-finished';
        /** What it wrote was put back: it was run to see what it says. */
        readonly putBack?: true;
        readonly run: RunId;
        readonly branch?: string;
        readonly call: string;
        readonly command: string;
        readonly exitCode: number;
        readonly ended: 'exited' | 'timed-out' | 'stopped';
        readonly output: string;
        readonly milliseconds: number;
        /** Of the working tree, after the command; what the command changed is in `changes`. */
        readonly tree: TreeHash;
        readonly changes: readonly FileChange[];
      }
    | {
        readonly type: 'attempt-made';
        readonly run: RunId;
        readonly branch?: string;
        readonly attempt: AttemptId;
        readonly parent: AttemptId;
        readonly tree: TreeHash;
        /** Against the parent's files. */
        readonly changes: readonly FileChange[];
      }
    | {
        readonly type: 'verdict-reached';
        readonly run: RunId;
        readonly branch?: string;
        readonly attempt: AttemptId;
        readonly verdict: Verdict;
        readonly spent: Spent;
      }
    | {
        readonly type: 'tool-finished';
        readonly run: RunId;
        readonly step: number;
        readonly call: string;
        readonly ok: boolean;
        /** What the model reads. */
        readonly result: string;
        readonly milliseconds: number;
      }
    | ({
        readonly type: 'check-finished';
        readonly run: RunId;
        readonly attempt: AttemptId;
        /** Held-out files, laid over the attempt's for this check alone. */
        readonly files?: Files;
        /** Of what was checked: the attempt's files with `files` over them. */
        readonly tree: TreeHash;
      } & CheckResult)
    | {
        readonly type: 'question-asked';
        readonly run: RunId;
        readonly call: string;
        readonly question: string;
        /** Answers to choose from, where the agent gave some. */
        readonly choices?: readonly string[];
      }
    | {
        readonly type: 'question-answered';
        readonly run: RunId;
        readonly call: string;
        /** null: nobody was there to answer. */
        readonly answer: string | null;
      }
    | {
        readonly type: 'permission-asked';
        readonly run: RunId;
        readonly call: string;
        readonly action: PermissionAction;
        /** In one line: "npm install left-pad", "change src/a.js". */
        readonly what: string;
        readonly reasons: readonly string[];
      }
    | {
        /** The answer to an ask, or a refusal without one. What the rules allow is not told: it is seen in what it did. */
        readonly type: 'permission-decided';
        readonly run: RunId;
        readonly call: string;
        readonly action: PermissionAction;
        readonly what: string;
        readonly decision: 'allowed' | 'denied';
        readonly by: 'rule' | 'mode' | 'person' | 'default';
        readonly reason: string;
      }
    | {
        readonly type: 'risk-found';
        readonly run: RunId;
        readonly call: string;
        readonly findings: readonly RiskFinding[];
      }
    | {
        /** What a command did against the policy, and was put back. */
        readonly type: 'changes-undone';
        readonly run: RunId;
        readonly call: string;
        readonly undone: readonly { readonly path: string; readonly reason: string }[];
        /** It was done while the tests ran: all processes were ended, and the tests run again. */
        readonly rebooted?: true;
      }
    | {
        /** A text that was read speaks to the agent as if it gave it orders. */
        readonly type: 'injection-suspected';
        readonly run: RunId;
        readonly call: string;
        /** "asks for secrets" … */
        readonly suspicion: string;
        readonly excerpt: string;
      }
    | {
        /** While the run lasts, the sandbox holds these in place of the real `.env*` files. */
        readonly type: 'secrets-masked';
        readonly run: RunId;
        readonly files: readonly { readonly path: string; readonly content: string }[];
        /** The task needs the real ones (`secrets` in task.json): they stayed; a replay uses these. */
        readonly exposed: boolean;
      }
    | {
        readonly type: 'run-finished';
        readonly run: RunId;
        readonly outcome: Outcome;
        readonly best: AttemptId;
        readonly spent: Spent;
      }
    | {
        readonly type: 'head-moved';
        readonly attempt: AttemptId;
        readonly tree: TreeHash;
        readonly written: number;
        readonly removed: number;
        readonly milliseconds: number;
      }
  );

export type SessionEventType = SessionEvent['type'];
/** An event before the log gives it its number and time. */
export type NewEvent = SessionEvent extends infer Event
  ? Event extends SessionEvent
    ? Omit<Event, 'seq' | 'at'>
    : never
  : never;

/** The stored and shared form; validated by a schema at every boundary (`format/schema.ts`). */
export interface SessionFile {
  readonly format: 'fixpoint-session/1';
  readonly id: string;
  readonly events: readonly SessionEvent[];
}

// -- the fold ------------------------------------------------------------------------------------------------------------

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
    readonly by: 'rule' | 'mode' | 'person' | 'default';
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
