/** What the events of a session are made of. Times are milliseconds since the epoch. */

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
  /** Seconds after which a command is killed, whatever longer deadline the agent gives it. */
  readonly commandSeconds?: number;
  /** The same of the task's tests. */
  readonly testSeconds?: number;
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
  /** Of `solved` alone: tests that fail all the same. Absent: all pass. */
  readonly left?: LeftFailing;
}

/** Tests that fail where a run has ended as solved. */
export interface LeftFailing {
  /** Who says that they are not of this task: its own lists, the agent (and nobody else), or a person who was asked. */
  readonly by: 'task' | 'agent' | 'person';
  readonly tests: readonly {
    readonly name: readonly string[];
    /** In the agent's words. */
    readonly reason?: string;
    /** What speaks against the agent's reason. */
    readonly doubt?: string;
  }[];
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

/**
 * What an attempt is checked with beside the task's tests: the held-out tests, the linter, the type check. `start`: the tests once more
 * on the files that the session started from, to see whether what failed there fails again.
 */
export type CheckName = 'hidden' | 'lint' | 'types' | 'start';

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

export type PermissionAction = 'command' | 'change' | 'tests' | 'read' | 'finish';

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
