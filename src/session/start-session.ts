import type { Task } from '../task/task.ts';
import type { Files } from './files.ts';
import type { SessionLog } from './log.ts';
import { START_ATTEMPT } from './state/reducer.ts';
import { hashTree } from './tree.ts';
import type { Installed } from './values.ts';

/** What a project was found to be once it was in a sandbox. */
export interface Start {
  /** What a snapshot sees of it. */
  readonly files: Files;
  readonly installed?: Installed | null;
}

/**
 * The first event of a session: the task, by the fields that a session may know (never its held-out tests or its solution), and the
 * files that the work starts from.
 */
export function startSession(log: SessionLog, task: Task, { files, installed }: Start = task): void {
  const { files: _, hidden: __, solution: ___, ...description } = task;
  log.append({
    type: 'session-started',
    task: description,
    files,
    tree: hashTree(files),
    attempt: START_ATTEMPT,
    ...(installed ? { installed } : {}),
  });
}
