/** Accepting connections: the same for TCP ports and for paths. */

import type { Connected } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { errnoOfError, guestMethod } from './handle-wrap.ts';

interface Server {
  handle: object;
  fd: number;
  isClosed: () => boolean;
}

/** Accepts until the handle is closed; `toHandle` makes the connection's handle for the guest's `onconnection`. */
export function acceptConnections(
  context: ProcessContext,
  server: Server,
  toHandle: (connection: Connected) => object,
): void {
  const { sys, asyncContext, loop } = context;
  const wait = (): void => sys.callWith('poll', [server.fd], acceptAll);
  // One callback each: ticks and microtasks of one connection come before the next.
  const acceptAll = (): void => {
    if (server.isClosed()) return;
    const connection = acceptOne(context, server.fd);
    if (connection === null) {
      wait();
      return;
    }
    // As libuv, all that wait: each before it hears from its client.
    loop.enqueueNext(acceptAll);
    const onConnection = guestMethod(server.handle, 'onconnection');
    asyncContext.runIn(server.handle, () => {
      if (typeof connection === 'number') onConnection?.(connection);
      else onConnection?.(0, toHandle(connection));
    });
  };
  wait();
}

/** null when nobody waits, else a connection or an errno. */
function acceptOne(context: ProcessContext, fd: number): Connected | number | null {
  try {
    return context.sys.call('accept', fd);
  } catch (error) {
    const errno = errnoOfError(context, error);
    return errno === context.errnoOf('EAGAIN') ? null : errno;
  }
}
