import { applyChanges } from './apply-changes.ts';
import { assertNever } from './assert-never.ts';
import type { AttemptId, SessionEvent } from './events.ts';
import type { Files } from './files.ts';
import { overlayFiles } from './tree.ts';

/** The files of the working tree after each event, by the log alone: what a sandbox must hold to go on from there. */
export interface WorkingTree {
  readonly files: Files;
  readonly attempts: ReadonlyMap<AttemptId, Files>;
}

export const EMPTY_WORKING_TREE: WorkingTree = { files: {}, attempts: new Map() };

function filesOfAttempt(tree: WorkingTree, id: AttemptId): Files {
  const files = tree.attempts.get(id);
  if (!files) throw new Error(`There is no attempt "${id}" in this session`);
  return files;
}

export function nextWorkingTree(tree: WorkingTree, event: SessionEvent): WorkingTree {
  switch (event.type) {
    case 'session-started':
      return { files: event.files, attempts: new Map([[event.attempt, event.files]]) };
    case 'run-started':
      return { ...tree, files: filesOfAttempt(tree, event.from) };
    case 'head-moved':
      return { ...tree, files: filesOfAttempt(tree, event.attempt) };
    case 'files-changed':
    case 'command-finished':
      return { ...tree, files: applyChanges(tree.files, event.changes) };
    case 'attempt-made': {
      const files = applyChanges(filesOfAttempt(tree, event.parent), event.changes);
      return { files, attempts: new Map(tree.attempts).set(event.attempt, files) };
    }
    case 'step-started':
    case 'model-retried':
    case 'context-compacted':
    case 'plan-updated':
    case 'review-given':
    case 'sandbox-rebooted':
    case 'model-replied':
    case 'tool-called':
    case 'verdict-reached':
    case 'check-finished':
    case 'tool-finished':
    case 'permission-asked':
    case 'permission-decided':
    case 'risk-found':
    case 'changes-undone':
    case 'injection-suspected':
    case 'secrets-masked':
    case 'run-finished':
      return tree;
    default:
      return assertNever(event);
  }
}

/** The files that the event's `tree` is the hash of: the working tree's after it, or what a check looked at. */
export function hashedFiles(after: WorkingTree, event: SessionEvent): Files {
  return event.type === 'check-finished'
    ? overlayFiles(filesOfAttempt(after, event.attempt), event.files ?? {})
    : after.files;
}

/** The working tree at the end of the log: where an interrupted run can go on. */
export function workingFiles(events: readonly SessionEvent[]): Files {
  return events.reduce(nextWorkingTree, EMPTY_WORKING_TREE).files;
}
