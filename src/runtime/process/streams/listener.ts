/** Accepting connections: the same for TCP ports and for paths. */

import type { Connected } from '../../kernel/network/endpoints.ts';
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
  const wait = (): void =>
    sys.callWith('acceptNext', [server.fd], (error, answer) => {
      if (answer === undefined) {
        const errno = errnoOfError(context, error);
        if (server.isClosed()) return;
        if (errno === context.errnoOf('EAGAIN')) wait();
        else deliver(errno);
        return;
      }
      const [connection, more] = answer;
      if (server.isClosed()) {
        refuse(context, connection.fd);
        return;
      }
      // As libuv, all that wait: each before it hears from its client.
      if (more) loop.enqueueNext(acceptAll);
      else wait();
      deliver(connection);
    });
  // One callback each: ticks and microtasks of one connection come before the next.
  const acceptAll = (): void => {
    if (server.isClosed()) return;
    const connection = acceptOne(context, server.fd);
    if (connection === null) {
      wait();
      return;
    }
    loop.enqueueNext(acceptAll);
    deliver(connection);
  };
  const deliver = (connection: Connected | number): void => {
    const onConnection = guestMethod(server.handle, 'onconnection');
    const isFailure = typeof connection === 'number';
    // As natively, what the connection calls back has none of the server's context: only the call with the connection has.
    const args = isFailure ? [connection] : [0, asyncContext.causeBy(server.handle, () => toHandle(connection))];
    asyncContext.runIn(server.handle, () => onConnection?.(...args));
  };
  wait();
}

/** The server was closed before it heard of the connection: as one that was never accepted. */
function refuse({ sys }: ProcessContext, fd: number): void {
  sys.send('reset', fd);
  sys.send('close', fd);
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
