import { applyChanges } from '../apply-changes.ts';
import type { SessionEvent } from '../events.ts';
import type { Files } from '../files.ts';
import { overlayFiles } from '../tree.ts';
import type { AttemptId } from '../values.ts';

/** The files of the working tree after each event, by the log alone: what a sandbox must hold to go on from there. */
export interface WorkingTree {
  readonly files: Files;
  readonly attempts: ReadonlyMap<AttemptId, Files>;
  /** Those of the working copies beside the run's own. */
  readonly branches: ReadonlyMap<string, Files>;
}

export const EMPTY_WORKING_TREE: WorkingTree = { files: {}, attempts: new Map(), branches: new Map() };

function filesOfAttempt(tree: WorkingTree, id: AttemptId): Files {
  const files = tree.attempts.get(id);
  if (!files) throw new Error(`There is no attempt "${id}" in this session`);
  return files;
}

/** The files of a working copy: of the run's own, or of a branch. */
export function filesOfBranch(tree: WorkingTree, branch: string | undefined): Files {
  if (branch === undefined) return tree.files;
  const files = tree.branches.get(branch);
  if (!files) throw new Error(`There is no branch "${branch}" at this point of the session`);
  return files;
}

function withFiles(tree: WorkingTree, branch: string | undefined, files: Files): WorkingTree {
  return branch === undefined ? { ...tree, files } : { ...tree, branches: new Map(tree.branches).set(branch, files) };
}

function withoutBranch(tree: WorkingTree, branch: string): WorkingTree {
  return { ...tree, branches: new Map([...tree.branches].filter(([name]) => name !== branch)) };
}

/** After an event that changes no files: one that has changes does not compile here. */
function unchanged(tree: WorkingTree, _: { readonly type: string; readonly changes?: never }): WorkingTree {
  return tree;
}

export function nextWorkingTree(tree: WorkingTree, event: SessionEvent): WorkingTree {
  switch (event.type) {
    case 'session-started':
      return { files: event.files, attempts: new Map([[event.attempt, event.files]]), branches: new Map() };
    case 'run-started':
      return { ...tree, files: filesOfAttempt(tree, event.from), branches: new Map() };
    case 'branch-started':
      return withFiles(tree, event.branch, filesOfAttempt(tree, event.from));
    case 'branch-ended':
      return withoutBranch(tree, event.branch);
    case 'head-moved':
      return { ...tree, files: filesOfAttempt(tree, event.attempt) };
    case 'files-changed':
    case 'command-finished':
      return withFiles(tree, event.branch, applyChanges(filesOfBranch(tree, event.branch), event.changes));
    case 'attempt-made': {
      const files = applyChanges(filesOfAttempt(tree, event.parent), event.changes);
      const attempts = new Map(tree.attempts).set(event.attempt, files);
      return withFiles({ ...tree, attempts }, event.branch, files);
    }
    default:
      return unchanged(tree, event);
  }
}

/** The files that the event's `tree` is the hash of: the working tree's after it, or what a check looked at. */
export function hashedFiles(after: WorkingTree, event: SessionEvent): Files {
  if (event.type === 'check-finished') return overlayFiles(filesOfAttempt(after, event.attempt), event.files ?? {});
  return filesOfBranch(after, 'branch' in event ? event.branch : undefined);
}

/** The working tree at the end of the log: where an interrupted run can go on. */
export function workingFiles(events: readonly SessionEvent[]): Files {
  return events.reduce(nextWorkingTree, EMPTY_WORKING_TREE).files;
}
