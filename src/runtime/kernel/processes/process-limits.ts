/** How many processes and threads there may be. */

import type { ProcessRecord } from './process-record.ts';

/** Each is a Worker with a heap of its own. */
const MAX_PROCESSES = 96;
/** Of these, so many are kept for what the client starts: a fork bomb must not lock it out. */
const RESERVED_PROCESSES = 8;
/** And so many for the others, from a session that has more than half of all. */
const KEPT_FOR_OTHERS = 16;

/** How many may run in all before a session that has `own` of them gets another. */
const shareOf = (own: number): number => MAX_PROCESSES - (own > MAX_PROCESSES / 2 ? KEPT_FOR_OTHERS : 0);

/** How many processes there may be before `parent` starts another; null is the client. */
export function processLimit(processes: Iterable<ProcessRecord>, parent: ProcessRecord | null): number {
  if (parent === null) return MAX_PROCESSES;
  let own = 0;
  for (const { session } of processes) if (session === parent.session) own++;
  return shareOf(own) - RESERVED_PROCESSES;
}

/** Whether there is no room for another thread of the session. */
export function isFullOfThreads(processes: Iterable<ProcessRecord>, session: number): boolean {
  let running = 0;
  let own = 0;
  for (const process of processes) {
    const { runningCount } = process.threads;
    running += runningCount;
    if (process.session === session) own += runningCount;
  }
  return running >= shareOf(own);
}
