import { SandboxLostError } from '../sandbox.ts';
import { type Container, withDeadline } from './webcontainer.ts';

/** The sandbox is asked for a sign of life this often. */
const BEAT_SECONDS = 2;
/** The embedded one tells of its death; a machine that is short of processors makes it slow. */
const SILENCE_SECONDS = 120;

export interface Heartbeat {
  /** Rejects with SandboxLostError when the sandbox falls silent, or says that it has died. */
  readonly lost: Promise<never>;
  stop(): void;
}

export function watchHeartbeat({ api, died }: Pick<Container, 'api' | 'died'>): Heartbeat {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const lost = new Promise<never>((_, reject) => {
    died.catch(reject);
    const message = 'The sandbox stopped answering: most often a program used up its memory.';
    // An error is an answer, too: the folder may be gone.
    const ask = () => api.fs.readdir('.').catch(() => undefined);
    const beat = async () => {
      try {
        await withDeadline(ask(), SILENCE_SECONDS, message);
        if (!stopped) timer = setTimeout(beat, BEAT_SECONDS * 1000);
      } catch (error) {
        if (error instanceof SandboxLostError && !stopped) reject(error);
      }
    };
    timer = setTimeout(beat, BEAT_SECONDS * 1000);
  });
  // Whoever runs something races with it; alone it is nobody's error.
  lost.catch(() => undefined);
  return {
    lost,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
