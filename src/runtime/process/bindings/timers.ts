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
  // The counters in timeoutInfo and immediateInfo say the same, and the loop reads those. It looks again where it waits:
  // a task of the engine's own (`Atomics.waitAsync`) made the first immediate then, or cleared the last timer.
  toggleTimerRef: () => loop.wake(),
  toggleImmediateRef: () => loop.wake(),
});
