import type { ToolCall } from '../model/model.ts';
import type { Workspace } from './workspace.ts';

export const DEFAULT_PATIENCE = 6;
const SAME_FAILURES = 3;

/** Notices a run that turns in circles. A reason is a sentence for a person; null means it may go on. */
export interface Progress {
  finished(call: ToolCall, ok: boolean): void;
  stuck(workspace: Workspace): string | null;
}

export function createProgress(patience: number): Progress {
  const failures = new Map<string, number>();
  let repeated: string | null = null;
  let tree: string | null = null;
  return {
    finished: (call, ok) => {
      if (ok) return;
      const key = `${call.name} ${call.arguments}`;
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      if (count >= SAME_FAILURES) repeated = `The same call of ${call.name} failed ${count} times.`;
    },
    stuck: (workspace) => {
      // On other files the same call may succeed.
      if (tree !== workspace.tree) failures.clear();
      tree = workspace.tree;
      if (repeated !== null) return repeated;
      // Only attempts built on one another count: going back to the best one and trying something else is a search, not a circle.
      const { stale } = workspace.attempts.base;
      return stale >= patience ? `${stale} attempts in a row, each built on the last, made no test pass.` : null;
    },
  };
}
