import { SandboxLostError } from '../sandbox.ts';
import { type Container, withDeadline } from './webcontainer.ts';

/** The sandbox is asked for a sign of life this often. */
const BEAT_SECONDS = 2;
/** The embedded one tells of its death; a machine that is short of processors makes it slow. */
const SILENCE_SECONDS = 120;

/** Asks the sandbox for signs of life until it is told to stop; calls `onSilence` once when it falls silent. Returns the stop. */
export function watchHeartbeat(api: Container['api'], onSilence: (error: SandboxLostError) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const message = 'The sandbox stopped answering: most often a program used up its memory.';
  // An error is an answer, too: the folder may be gone.
  const ask = () => api.fs.readdir('.').catch(() => undefined);
  const beat = async () => {
    try {
      await withDeadline(ask(), SILENCE_SECONDS, message);
      if (!stopped) timer = setTimeout(beat, BEAT_SECONDS * 1000);
    } catch (error) {
      if (error instanceof SandboxLostError && !stopped) onSilence(error);
    }
  };
  timer = setTimeout(beat, BEAT_SECONDS * 1000);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
