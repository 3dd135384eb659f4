/** System calls on UDP sockets. */
import { DatagramDescription } from '../descriptions/datagram.ts';
import { SystemError } from '../syscalls.ts';
import type { CallContext, CallTable } from './call-table.ts';

type DatagramCall = 'datagramSocket' | 'bindDatagram' | 'sendDatagram' | 'receiveDatagram';

export const datagramCalls: CallTable<DatagramCall> = {
  datagramSocket: ({ process }) => process.descriptors.add(new DatagramDescription()),
  bindDatagram: (context, fd, at, options) => context.kernel.datagrams.bind(socketAt(context, fd), at, options),
  sendDatagram: (context, fd, data, to) => context.kernel.datagrams.send(socketAt(context, fd), data, to),
  receiveDatagram: (context, fd) => socketAt(context, fd).receive(),
};

function socketAt({ process }: CallContext, fd: number): DatagramDescription {
  const socket = process.descriptors.get(fd);
  if (!(socket instanceof DatagramDescription)) throw new SystemError('ENOTSOCK');
  return socket;
}
