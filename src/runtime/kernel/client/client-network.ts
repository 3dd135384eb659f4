/** Connections of the client to the servers of the sandbox. */

import { release, retain } from '../description.ts';
import type { SocketDescription } from '../descriptions/socket.ts';
import type { Network } from '../network/network.ts';
import { SystemError } from '../syscalls.ts';
import { type Caller, cancelWaiting } from '../wait-queue.ts';
import type { KernelClient } from './client-interface.ts';

type NetworkMethod = 'connect' | 'receive' | 'transmit' | 'finish' | 'disconnect';

const READ_BYTES = 64 * 1024;
/** A server listens on either of them. */
const LOOPBACKS = ['127.0.0.1', '::1'];

interface Connection {
  socket: SocketDescription;
  caller: Caller;
}

export function createClientNetwork(network: Network): Pick<KernelClient, NetworkMethod> {
  const connections = new Map<number, Connection>();
  let lastNumber = 0;
  const at = (id: number): Connection => {
    const connection = connections.get(id);
    if (!connection) throw new SystemError('ENOTCONN');
    return connection;
  };
  return {
    connect: (port) => {
      const socket = open(network, port);
      connections.set(++lastNumber, { socket, caller: { waiting: new Set() } });
      return lastNumber;
    },
    receive: async (id) => {
      const { socket, caller } = at(id);
      return (await socket.read({ caller, fd: null }, READ_BYTES)).slice();
    },
    transmit: async (id, data) => {
      const { socket, caller } = at(id);
      await socket.write({ caller, fd: null }, data);
    },
    finish: (id) => at(id).socket.shutdown(),
    disconnect: (id) => {
      const { socket, caller } = at(id);
      connections.delete(id);
      cancelWaiting(caller, 'ECANCELED');
      release(socket);
    },
  };
}

function open(network: Network, port: number): SocketDescription {
  for (const host of LOOPBACKS) {
    try {
      const { socket } = network.connect(host, port);
      retain(socket);
      return socket;
    } catch (error) {
      if (!(error instanceof SystemError && error.code === 'ECONNREFUSED')) throw error;
    }
  }
  throw new SystemError('ECONNREFUSED');
}
