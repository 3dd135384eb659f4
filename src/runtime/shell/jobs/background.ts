/** What runs in this Worker beside its main program: background jobs of a shell that are no processes of their own. */
import type { Sys } from '../../process/system-calls/sys.ts';

const running = new WeakMap<Sys, Set<Promise<unknown>>>();

/** Counts the work in, until it has ended. */
export function keepRunning(sys: Sys, work: Promise<unknown>): void {
  const all = running.get(sys) ?? new Set();
  running.set(sys, all.add(work));
  void work.finally(() => all.delete(work)).catch(() => undefined); // Whoever waits for it learns how it ended.
}

/** Whether something runs that would end with the Worker. */
export function isBusy(sys: Sys): boolean {
  return (running.get(sys)?.size ?? 0) > 0;
}

/** Resolves when nothing runs any more. */
export async function whenIdle(sys: Sys): Promise<void> {
  while (isBusy(sys)) await Promise.allSettled(running.get(sys) ?? []);
}
