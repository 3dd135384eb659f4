import type { SessionEvent } from '../events.ts';
import type { SessionLog } from '../log.ts';
import { foldEvents } from '../state/reducer.ts';
import { bestAttempt, openRun } from '../state/selectors.ts';

export interface Interruption {
  readonly kind: 'stopped' | 'failed';
  /** Begins the sentence that says so. */
  readonly what: string;
}

const PAGE_GONE: Interruption = { kind: 'stopped', what: 'The page was closed or reloaded' };

/**
 * Gives a run that was cut off, by the closing or reloading of the page or as `what` says, its honest end.
 * Only for a log that nobody runs: by the tab that owns the session, right after it was opened. Null when no run is open.
 */
export function endInterruptedRun(log: SessionLog, { kind, what }: Interruption = PAGE_GONE): SessionEvent | null {
  const state = foldEvents('', log.events);
  const run = openRun(state);
  if (!run) return null;
  const best = bestAttempt(state)?.id ?? run.from;
  return log.append({
    type: 'run-finished',
    run: run.id,
    outcome: {
      kind,
      explanation: `${what} in the middle of step ${run.steps.length}. All that happened before is kept; a new run can go on from any attempt.`,
    },
    best,
    spent: run.spent,
  });
}
