import type { PageMessage } from '../page-api.ts';

interface Emitter {
  /** Resolves when the server has the message. */
  (message: PageMessage): Promise<void>;
  flushed(): Promise<void>;
}

let waiting: PageMessage[] = [];
let sending: Promise<void> = Promise.resolve();

/** In order, and many at a time when they come fast. */
export const emitToServer: Emitter = Object.assign(
  (message: PageMessage) => {
    waiting.push(message);
    sending = sending.then(send);
    return sending;
  },
  { flushed: () => sending },
);

async function send(): Promise<void> {
  if (waiting.length === 0) return;
  const body = JSON.stringify(waiting);
  waiting = [];
  await fetch('/__emit', { method: 'POST', body });
}
