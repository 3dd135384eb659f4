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
import type { PolicyEvent } from './policy-events.ts';
import type {
  AttemptId,
  CheckResult,
  ContextCompaction,
  Installed,
  Limits,
  Outcome,
  Phase,
  PlanStep,
  RunId,
  Spent,
  ToolCallRecord,
  TreeHash,
  Verdict,
} from './values.ts';

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
    | PolicyEvent
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

/** The stored and shared form; validated by a schema at every boundary (`format/parse-session.ts`). */
export interface SessionFile {
  readonly format: 'fixpoint-session/1';
  readonly id: string;
  readonly events: readonly SessionEvent[];
}
