/** Accepting connections: the same for TCP ports and for paths. */

import type { Endpoint } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { errnoOfError, guestMethod } from './handle-wrap.ts';

export interface Connection {
  fd: number;
  local: Endpoint;
  remote: Endpoint;
}

/** Accepts until the handle is closed; `toHandle` makes the connection's handle for the guest's `onconnection`. */
export function acceptConnections(
  context: ProcessContext,
  server: { handle: object; fd: number; isClosed: () => boolean },
  toHandle: (connection: Connection) => object,
): void {
  const { sys, asyncContext } = context;
  const acceptNext = (): void =>
    sys.callWith('accept', [server.fd], (error, connection) => {
      if (server.isClosed()) return;
      const onConnection = guestMethod(server.handle, 'onconnection');
      if (error !== null || connection === undefined) {
        const status = errnoOfError(context, error);
        asyncContext.runIn(server.handle, () => onConnection?.(status));
        return;
      }
      acceptNext();
      asyncContext.runIn(server.handle, () => onConnection?.(0, toHandle(connection)));
    });
  acceptNext();
}
