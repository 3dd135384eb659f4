/** Notices the death of the sandbox: its renderer process may run out of memory, and no event tells. */

const BEAT_MS = 2000;
/** Longer than the patience of those who have a remedy of their own; a machine that is short of processors makes the kernel slow. */
const SILENCE_MS = 60_000;
const DEAD = 'The sandbox stopped answering: most often a program used up its memory';

export interface Heartbeat {
  /** Resolves, with one sentence, when `ask` was not answered for too long. */
  readonly silent: Promise<string>;
  stop(): void;
}

export function startHeartbeat(ask: () => Promise<unknown>): Heartbeat {
  let timer: ReturnType<typeof setTimeout>;
  let stopped = false;
  const silent = new Promise<string>((resolve) => {
    const beat = () => {
      timer = setTimeout(() => resolve(DEAD), SILENCE_MS);
      // An error is an answer, too.
      void ask()
        .catch(() => undefined)
        .then(() => {
          clearTimeout(timer);
          if (!stopped) timer = setTimeout(beat, BEAT_MS);
        });
    };
    timer = setTimeout(beat, BEAT_MS);
  });
  return {
    silent,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
