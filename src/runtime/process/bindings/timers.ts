import type { CoreBindingFactory } from '../core.ts';
import type { Resumable } from '../event-loop.ts';

/** `internalBinding('timers')`: one libuv timer for all lists, and the immediates' counters. */
export const timers: CoreBindingFactory = ({ loop }) => ({
  immediateInfo: loop.immediateInfo,
  timeoutInfo: loop.timeoutInfo,
  setupTimers(processImmediate: Resumable, processTimers: Resumable) {
    loop.processImmediate = processImmediate;
    loop.processTimers = processTimers;
  },
  getLibuvNow: () => loop.updateNow(),
  scheduleTimer: (ms: number) => loop.scheduleTimer(ms),
  // The counters in timeoutInfo and immediateInfo say the same, and the loop reads those.
  toggleTimerRef: () => undefined,
  toggleImmediateRef: () => undefined,
});
