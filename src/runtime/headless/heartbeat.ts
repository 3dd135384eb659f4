/** Notices the death of the sandbox: its renderer process may run out of memory, and no event tells. */

const LOOK_MS = 250;
const BEAT_MS = 2000;
/** Longer than the patience of those who have a remedy of their own; a machine that is short of processors makes the kernel slow. */
const SILENCE_MS = 180_000;
const DEAD = 'The sandbox is gone with all its programs: most often one of them used up its memory';
const SILENT = 'The sandbox does not answer any more';

export interface Heartbeat {
  /** Resolves, with one sentence, when the frame's process is gone, or `ask` was not answered for too long. */
  readonly silent: Promise<string>;
  stop(): void;
}

/** `frame` has a frame in it, which goes when the process of both dies. */
export function startHeartbeat(frame: HTMLIFrameElement, ask: () => Promise<unknown>): Heartbeat {
  let timer: ReturnType<typeof setTimeout>;
  let looking: ReturnType<typeof setInterval>;
  let stopped = false;
  const silent = new Promise<string>((resolve) => {
    let wasThere = false;
    looking = setInterval(() => {
      const isThere = (frame.contentWindow?.length ?? 0) > 0;
      if (wasThere && !isThere) resolve(DEAD);
      wasThere ||= isThere;
    }, LOOK_MS);
    const beat = () => {
      timer = setTimeout(() => resolve(SILENT), SILENCE_MS);
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
      clearInterval(looking);
    },
  };
}
