import type { Files } from '../session/files.ts';

/** What is to be done, without its files; `task.json` of a task folder. */
export interface TaskDescription {
  readonly title: string;
  readonly goal: string;
  /** The test command, for sh: "npm test". */
  readonly test: string;
  readonly level: 'starter' | 'easy' | 'medium' | 'hard';
  /** Globs of what the agent may change; all but `protected` when empty. */
  readonly editable: readonly string[];
  /** Globs of what it may not change: the tests, unless the task says otherwise. */
  readonly protected: readonly string[];
  readonly hints: readonly string[];
  /** Globs of files whose change a reviewer must approve, whatever the strategy. */
  readonly review?: readonly string[];
  /** Tests that must pass, by their names (`*` stands for any text): others that failed at the start need not. Absent: all tests. */
  readonly target?: readonly string[];
  /** Tests that are known to fail for reasons that are not this task's, by their names. */
  readonly known?: readonly string[];
  /** Commands of the checks beside the tests; what is silent here is looked for in package.json's scripts. */
  readonly checks?: TaskChecks;
  /** Rules for the agent's commands, beside those that are built in (docs/policy.md). */
  readonly commands?: TaskCommands;
  /** The agent's commands and the tests get the real values of `.env*` files; without it they get placeholders. */
  readonly secrets?: boolean;
}

/** Patterns with `*`, held against each simple command: "npm run build *". */
export interface TaskCommands {
  readonly allow?: readonly string[];
  readonly ask?: readonly string[];
  readonly deny?: readonly string[];
}

export interface TaskChecks {
  readonly lint?: string;
  readonly types?: string;
  /** Runs the held-out tests; without it the test command does. */
  readonly hidden?: string;
}

export interface Task extends TaskDescription {
  /** Folder name in the gallery, or a made one. */
  readonly name: string;
  readonly files: Files;
  /** Held-out tests, by their paths in the project: laid over an attempt once the run has its outcome, and never seen by the agent. */
  readonly hidden?: Files;
  /** Files that solve the task when laid over its own. */
  readonly solution?: Files;
}
