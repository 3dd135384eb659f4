/**
 * How the event loop comes back after the browser has drained the microtasks: a wait of this thread's own that it ends itself.
 * V8 resolves such a wait in a task, which costs a sixth of a message through a port.
 */
import type { HostGlobals } from './context.ts';

/** Returns what asks for a call of `callback`, in a task of its own, behind the tasks that wait already. */
export function createNextTurn({ queueMicrotask, waitAsync, notify, promiseThen }: HostGlobals, callback: () => void) {
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  // Not from the promise itself: the browser would take what it throws for a rejection.
  const run = () => queueMicrotask(callback);
  return (): void => {
    const wait = waitAsync(cell, 0, 0);
    if (wait.async) promiseThen(wait.value, run);
    notify(cell, 0);
  };
}
