/** System calls on the loopback network. */
import { ListenerDescription } from '../descriptions/listener.ts';
import { SocketDescription } from '../descriptions/socket.ts';
import { addEntry } from '../file-system/entries.ts';
import { SocketInode } from '../file-system/inode.ts';
import { find, locate } from '../file-system/lookup.ts';
import { SystemError } from '../syscalls.ts';
import type { CallContext, CallTable } from './call-table.ts';

type NetworkCall = 'listen' | 'accept' | 'connect' | 'listenPath' | 'connectPath' | 'shutdown' | 'takeError' | 'reset';

export const networkCalls: CallTable<NetworkCall> = {
  listen: ({ kernel, process }, host, port, _backlog, options) => {
    const { listener, port: chosen } = kernel.network.listen(host, port, options);
    return { fd: process.descriptors.add(listener), port: chosen };
  },
  accept: ({ process }, fd) => {
    const listener = process.descriptors.get(fd);
    if (!(listener instanceof ListenerDescription)) throw new SystemError('EINVAL');
    const { socket, local, remote } = listener.accept();
    return { fd: process.descriptors.add(socket), local, remote, connection: socket.connection };
  },
  connect: ({ kernel, process }, host, port, from) => {
    const { socket, local, remote } = kernel.network.connect(host, port, from);
    const { connection } = socket;
    return afterListener({ fd: process.descriptors.add(socket), local, remote, connection });
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
    return afterListener(process.descriptors.add(kernel.network.connectTo(place)));
  },
  shutdown: (context, fd) => socketAt(context, fd).shutdown(),
  takeError: (context, fd) => socketAt(context, fd).takeError(),
  reset: (context, fd) => socketAt(context, fd).resetOnClose(),
};

/** A name of Linux's abstract sockets begins with a NUL. */
function isName(path: string): boolean {
  return path.startsWith('\0');
}

/** A process that listens and connects sees the connection before its own success, as from a native kernel. */
async function afterListener<Answer>(answer: Answer): Promise<Answer> {
  // The listener's `poll` is answered in the microtask after the next; both then arrive together.
  for (let microtasks = 4; microtasks > 0; microtasks--) await null;
  return answer;
}

function socketAt({ process }: CallContext, fd: number): SocketDescription {
  const socket = process.descriptors.get(fd);
  if (!(socket instanceof SocketDescription)) throw new SystemError('ENOTSOCK');
  return socket;
}
