/** What a schema cannot see: whether the events of a log fit each other. */
import type { SessionEvent } from '../events.ts';
import { EMPTY_WORKING_TREE, hashedFiles, nextWorkingTree } from '../state/working-files.ts';
import { hashTree, isTreePath } from '../tree.ts';
import type { TreeHash } from '../values.ts';

interface Known {
  readonly attempts: Set<string>;
  readonly runs: Set<string>;
  /** Those that have begun and not ended. */
  readonly branches: Set<string>;
}

function pathsOf(event: SessionEvent): readonly string[] {
  if (event.type === 'session-started' || event.type === 'check-finished') return Object.keys(event.files ?? {});
  return 'changes' in event ? event.changes.map((change) => change.path) : [];
}

/** Attempts that the event speaks of and that must have been made before it. */
function attemptsNamedBy(event: SessionEvent): readonly string[] {
  switch (event.type) {
    case 'run-started':
    case 'branch-started':
      return [event.from];
    case 'attempt-made':
      return [event.parent];
    case 'verdict-reached':
    case 'check-finished':
    case 'review-given':
    case 'branch-ended':
    case 'head-moved':
      return [event.attempt];
    case 'run-finished':
      return [event.best];
    default:
      return [];
  }
}

function problemOf(event: SessionEvent, index: number, known: Known): string | null {
  if (event.seq !== index) return `it says it is number ${event.seq}`;
  if ((event.type === 'session-started') !== (index === 0)) return 'a session starts once, at its first event';
  const path = pathsOf(event).find((each) => !isTreePath(each));
  if (path !== undefined) return `"${path}" is not a path inside the project`;
  const attempt = attemptsNamedBy(event).find((id) => !known.attempts.has(id));
  if (attempt !== undefined) return `attempt "${attempt}" was not made before it`;
  if (event.type === 'attempt-made' && known.attempts.has(event.attempt)) {
    return `attempt "${event.attempt}" was made before`;
  }
  if (event.type === 'run-started') return known.runs.has(event.run) ? `run "${event.run}" was started before` : null;
  if ('run' in event && !known.runs.has(event.run)) return `run "${event.run}" was not started before it`;
  return branchProblem(event, known);
}

function branchProblem(event: SessionEvent, { branches }: Known): string | null {
  if (!('branch' in event) || event.branch === undefined) return null;
  if (event.type === 'branch-started') return branches.has(event.branch) ? `"${event.branch}" has begun before` : null;
  return branches.has(event.branch) ? null : `branch "${event.branch}" has not begun before it, or has ended`;
}

function remember(event: SessionEvent, { attempts, runs, branches }: Known): void {
  if (event.type === 'session-started' || event.type === 'attempt-made') attempts.add(event.attempt);
  if (event.type === 'run-started') {
    runs.add(event.run);
    // A run that was cut off ended none of its branches.
    branches.clear();
  }
  if (event.type === 'branch-started') branches.add(event.branch);
  if (event.type === 'branch-ended') branches.delete(event.branch);
}

/** The first contradiction between the events, in words; null when there is none. */
export function findInconsistency(events: readonly SessionEvent[]): string | null {
  const known: Known = { attempts: new Set(), runs: new Set(), branches: new Set() };
  for (const [index, event] of events.entries()) {
    const problem = problemOf(event, index, known);
    if (problem !== null) return `event ${index} (${event.type}): ${problem}`;
    remember(event, known);
  }
  return null;
}

/** An event whose recorded tree hash is not the hash of the files that the log gives. */
export interface TreeMismatch {
  readonly seq: number;
  readonly type: SessionEvent['type'];
  readonly recorded: TreeHash;
  readonly computed: TreeHash;
}

/** Recomputes every tree of the log. Throws TreeError when changes make files that cannot be a tree. */
export function verifyTrees(events: readonly SessionEvent[]): readonly TreeMismatch[] {
  const mismatches: TreeMismatch[] = [];
  let working = EMPTY_WORKING_TREE;
  for (const event of events) {
    working = nextWorkingTree(working, event);
    if (!('tree' in event)) continue;
    const computed = hashTree(hashedFiles(working, event));
    if (computed !== event.tree) {
      mismatches.push({ seq: event.seq, type: event.type, recorded: event.tree, computed });
    }
  }
  return mismatches;
}
