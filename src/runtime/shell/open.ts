/** Opening a path without keeping this Worker from its other work: the other end of a FIFO may be opened by another job of it. */
import { O_NO_WAIT } from '../kernel/file-modes.ts';
import type { Sys } from '../process/system-calls/sys.ts';
import { Descriptor } from './descriptor.ts';

export interface Opening {
  mode?: number;
  /** Ends the waiting, with its reason. */
  signal?: AbortSignal;
  /** Told when it has to wait. */
  onWait?: () => void;
}

/** The caller's from now on. Rejects with a SystemError. */
export async function openPath(
  sys: Sys,
  path: string,
  flags: number,
  { mode = 0o666, signal, onWait }: Opening = {},
): Promise<Descriptor> {
  const fd = sys.call('open', path, flags | O_NO_WAIT, mode);
  // Below zero it is not open as yet.
  if (fd >= 0) return new Descriptor(sys, fd);
  onWait?.();
  return await whenOpen(new Descriptor(sys, ~fd), signal);
}

async function whenOpen(descriptor: Descriptor, signal: AbortSignal | undefined): Promise<Descriptor> {
  const { sys, fd } = descriptor;
  let isOpening = true;
  // Closing it ends the waiting, too.
  const giveUp = () => {
    if (isOpening) descriptor.release();
    isOpening = false;
  };
  signal?.addEventListener('abort', giveUp);
  try {
    await sys.callAsync('awaitOpen', fd);
    signal?.throwIfAborted();
    isOpening = false;
    return descriptor;
  } catch (error) {
    giveUp();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}
