import { aborted } from './aborted.ts';

/** Ends a run when its time is over, in the middle of a reply or a command too. */
export interface RunClock {
  /** Aborted by the person's signal, or when the time is over. */
  readonly signal: AbortSignal;
  readonly expired: boolean;
  /** Runs `wait` with the clock stopped, until the last of several waits is over; rejects with the signal's reason when aborted. */
  pause<T>(wait: () => Promise<T>): Promise<T>;
  dispose(): void;
}

/** Timers take no longer delays (2^31 - 1 ms). */
const LONGEST = 2_147_483_647;

/** Starts the clock of a run; `stop` is the person's signal. */
export function createRunClock(stop: AbortSignal, seconds: number): RunClock {
  const timeout = new AbortController();
  const signal = AbortSignal.any([stop, timeout.signal]);
  let left = seconds * 1000;
  let since = 0;
  let waits = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const resume = () => {
    since = Date.now();
    timer = setTimeout(() => timeout.abort(new Error('The time is over.')), Math.min(left, LONGEST));
  };
  const halt = () => {
    waits += 1;
    if (waits > 1) return;
    clearTimeout(timer);
    left -= Date.now() - since;
  };
  resume();
  return {
    signal,
    get expired() {
      return timeout.signal.aborted;
    },
    pause: async (wait) => {
      halt();
      try {
        return await Promise.race([wait(), aborted(signal)]);
      } finally {
        waits -= 1;
        if (waits === 0) resume();
      }
    },
    dispose: () => clearTimeout(timer),
  };
}
