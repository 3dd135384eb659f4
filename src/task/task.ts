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
}

export interface Task extends TaskDescription {
  /** Folder name in the gallery, or a made one. */
  readonly name: string;
  readonly files: Files;
}
