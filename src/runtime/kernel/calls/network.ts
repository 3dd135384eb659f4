/** System calls on the loopback network. */
import { ListenerDescription } from '../descriptions/listener.ts';
import { SocketDescription } from '../descriptions/socket.ts';
import { addEntry } from '../file-system/entries.ts';
import { SocketInode } from '../file-system/inode.ts';
import { find, locate } from '../file-system/lookup.ts';
import { SystemError } from '../syscalls.ts';
import type { CallTable } from './call-table.ts';

type NetworkCall = 'listen' | 'accept' | 'connect' | 'listenPath' | 'connectPath' | 'shutdown';

export const networkCalls: CallTable<NetworkCall> = {
  listen: ({ kernel, process }, host, port) => {
    const { listener, port: chosen } = kernel.network.listen(host, port);
    return { fd: process.descriptors.add(listener), port: chosen };
  },
  accept: async ({ process }, fd) => {
    const listener = process.descriptors.get(fd);
    if (!(listener instanceof ListenerDescription)) throw new SystemError('EINVAL');
    const { socket, local, remote } = await listener.accept({ caller: process, fd });
    return { fd: process.descriptors.add(socket), local, remote };
  },
  connect: ({ kernel, process }, host, port) => {
    const { socket, local, remote } = kernel.network.connect(host, port);
    return { fd: process.descriptors.add(socket), local, remote };
  },
  listenPath: ({ kernel, process }, path) => {
    const { parent, name, inode } = locate(process, path, true);
    if (inode) throw new SystemError('EADDRINUSE');
    const socket = new SocketInode(0o777 & ~process.umask);
    addEntry(kernel.fs, parent, name, socket);
    return process.descriptors.add(kernel.network.listenAt(socket));
  },
  connectPath: ({ kernel, process }, path) =>
    process.descriptors.add(kernel.network.connectTo(find(process, path, true))),
  shutdown: ({ process }, fd) => {
    const socket = process.descriptors.get(fd);
    if (!(socket instanceof SocketDescription)) throw new SystemError('ENOTSOCK');
    socket.shutdown();
  },
};
