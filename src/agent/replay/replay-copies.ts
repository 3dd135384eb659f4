import type { Branch, Sandbox, WorkingCopy } from '../../sandbox/sandbox.ts';
import type { SessionEvent } from '../../session/events.ts';
import { filesOfBranch, type WorkingTree } from '../../session/state/working-files.ts';

/** The working copies that a log speaks of, made and removed as it says. */
export interface ReplayCopies {
  /** The copy in which the event happened; null for an event that begins or ends one. `tree` is the one after the event. */
  next(event: SessionEvent, tree: WorkingTree): Promise<WorkingCopy | null>;
  /** Removes those that the log leaves open. */
  close(): Promise<void>;
}

export function createReplayCopies(sandbox: Sandbox): ReplayCopies {
  const branches = new Map<string, Branch>();
  const close = async () => {
    for (const name of [...branches.keys()]) await end(name);
  };
  const end = async (name: string) => {
    await branches.get(name)?.remove();
    branches.delete(name);
  };
  return {
    close,
    next: async (event, tree) => {
      switch (event.type) {
        case 'branch-started':
          branches.set(event.branch, await sandbox.branch(event.branch, filesOfBranch(tree, event.branch)));
          return null;
        case 'branch-ended':
          await end(event.branch);
          return null;
        case 'run-started':
          // A run that was cut off ended none of its branches.
          await close();
          return sandbox;
        default:
          return ('branch' in event && event.branch !== undefined && branches.get(event.branch)) || sandbox;
      }
    },
  };
}
