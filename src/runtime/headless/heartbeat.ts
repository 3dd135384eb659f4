/** Notices the death of the sandbox: its renderer process may run out of memory, and no event tells. */

/** How long somebody may be silent, in beats: a page that was asleep, as its machine was, makes none meanwhile. */
export interface Patience {
  readonly beatMs: number;
  readonly beats: number;
}

/** For the frame's own thread, where no program runs: its process is gone, or the whole machine stands still. */
export const FRAME_PATIENCE: Patience = { beatMs: 1000, beats: 8 };
/** For the kernel, which shares the processors with all programs: a machine that is short of them makes it slow. */
export const KERNEL_PATIENCE: Patience = { beatMs: 2000, beats: 30 };

const DEAD = 'The sandbox stopped answering: most often a program used up its memory.';

export interface Heartbeat {
  /** Resolves, with one sentence, when `ask` was not answered for too long. */
  readonly silent: Promise<string>;
  stop(): void;
}

export function startHeartbeat(ask: () => Promise<unknown>, { beatMs, beats }: Patience): Heartbeat {
  const { promise: silent, resolve } = Promise.withResolvers<string>();
  let waited: number | null = null;
  const timer = setInterval(() => {
    if (waited === null) {
      waited = 0;
      const answered = () => {
        waited = null;
      };
      // An error is an answer, too.
      ask().then(answered, answered);
    } else if (++waited >= beats) {
      clearInterval(timer);
      resolve(DEAD);
    }
  }, beatMs);
  return { silent, stop: () => clearInterval(timer) };
}
