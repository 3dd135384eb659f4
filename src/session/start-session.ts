import type { Task } from '../task/task.ts';
import type { Files } from './files.ts';
import type { SessionLog } from './log.ts';
import { START_ATTEMPT } from './reducer.ts';
import { hashTree } from './tree.ts';

/**
 * The first event of a session: the task, by the fields that a session may know (never its held-out tests or its solution), and the
 * files that the work starts from. `files` is what the sandbox's snapshot sees of the task's, where they are in a sandbox already.
 */
export function startSession(log: SessionLog, task: Task, files: Files = task.files): void {
  const { name, title, goal, test, level, editable, protected: guarded, hints, checks } = task;
  const description = { name, title, goal, test, level, editable, protected: guarded, hints };
  log.append({
    type: 'session-started',
    task: { ...description, ...(checks ? { checks } : {}) },
    files,
    tree: hashTree(files),
    attempt: START_ATTEMPT,
  });
}
