/** System calls on the loopback network. */
import { behindOthers } from '../behind-others.ts';
import { ListenerDescription } from '../descriptions/listener.ts';
import { SocketDescription } from '../descriptions/socket.ts';
import { addEntry } from '../file-system/entries.ts';
import { SocketInode } from '../file-system/inode.ts';
import { find, locate } from '../file-system/lookup.ts';
import type { Connected } from '../network/endpoints.ts';
import { SystemError } from '../syscalls.ts';
import type { CallContext, CallTable } from './call-table.ts';

type NetworkCall =
  | 'listen'
  | 'accept'
  | 'acceptNext'
  | 'connect'
  | 'listenPath'
  | 'connectPath'
  | 'shutdown'
  | 'takeError'
  | 'reset';

export const networkCalls: CallTable<NetworkCall> = {
  listen: ({ kernel, process }, host, port, _backlog, options) => {
    const { listener, port: chosen } = kernel.network.listen(host, port, options);
    return { fd: process.descriptors.add(listener), port: chosen };
  },
  accept: (context, fd) => acceptFrom(context, listenerAt(context, fd)),
  acceptNext: (context, fd) => {
    const listener = listenerAt(context, fd);
    const take = (): [Connected, boolean] => [acceptFrom(context, listener), listener.hasPending];
    const waiting = listener.readable({ caller: context.thread, fd });
    return waiting ? waiting.then(take) : take();
  },
  connect: ({ kernel, process }, host, port, from) => {
    const { socket, local, remote } = kernel.network.connect(host, port, from);
    const { connection } = socket;
    // A process that listens and connects sees the connection before its own success, as from a native kernel.
    return behindOthers({ fd: process.descriptors.add(socket), local, remote, connection });
  },
  listenPath: ({ kernel, process }, path) => {
    if (isName(path)) return process.descriptors.add(kernel.network.listenAt(path));
    const { parent, name, inode } = locate(process, path, true);
    if (inode) throw new SystemError('EADDRINUSE');
    const socket = new SocketInode(0o777 & ~process.umask);
    addEntry(kernel.fs, parent, name, socket);
    return process.descriptors.add(kernel.network.listenAt(socket));
  },
  connectPath: ({ kernel, process }, path) => {
    const place = isName(path) ? path : find(process, path, true);
    return behindOthers(process.descriptors.add(kernel.network.connectTo(place)));
  },
  shutdown: (context, fd) => socketAt(context, fd).shutdown(),
  takeError: (context, fd) => socketAt(context, fd).takeError(),
  reset: (context, fd) => socketAt(context, fd).resetOnClose(),
};

function listenerAt({ process }: CallContext, fd: number): ListenerDescription {
  const listener = process.descriptors.get(fd);
  if (!(listener instanceof ListenerDescription)) throw new SystemError('EINVAL');
  return listener;
}

function acceptFrom({ process }: CallContext, listener: ListenerDescription): Connected {
  const { socket, local, remote } = listener.accept();
  return { fd: process.descriptors.add(socket), local, remote, connection: socket.connection };
}

/** A name of Linux's abstract sockets begins with a NUL. */
function isName(path: string): boolean {
  return path.startsWith('\0');
}

function socketAt({ process }: CallContext, fd: number): SocketDescription {
  const socket = process.descriptors.get(fd);
  if (!(socket instanceof SocketDescription)) throw new SystemError('ENOTSOCK');
  return socket;
}
