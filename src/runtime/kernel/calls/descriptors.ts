/** System calls on descriptors. */
import { ByteQueue } from '../byte-queue.ts';
import { type Description, release } from '../description.ts';
import { PipeReader, PipeWriter } from '../descriptions/pipe.ts';
import { createSocketPair, SocketDescription } from '../descriptions/socket.ts';
import { TerminalDescription } from '../descriptions/terminal.ts';
import type { ProcessRecord } from '../process-record.ts';
import { type PassedDescriptor, SystemError } from '../syscalls.ts';
import { cancelWaiting } from '../wait-queue.ts';
import type { CallContext, CallTable } from './call-table.ts';

type DescriptorCall =
  | 'close'
  | 'read'
  | 'write'
  | 'poll'
  | 'readAvailable'
  | 'writeAvailable'
  | 'sendDescriptor'
  | 'receiveAvailable'
  | 'pipe'
  | 'socketpair'
  | 'dup'
  | 'dup2'
  | 'descriptorKind'
  | 'terminalSize'
  | 'setRawMode'
  | 'setForeground';

export const descriptorCalls: CallTable<DescriptorCall> = {
  close: ({ process }, fd) => {
    process.descriptors.close(fd);
    cancelWaiting(process, 'ECANCELED', fd);
  },
  read: ({ process }, fd, length, position) =>
    process.descriptors.get(fd).read({ caller: process, fd }, length, position),
  write: ({ process }, fd, data, position) =>
    process.descriptors.get(fd).write({ caller: process, fd }, data, position),
  poll: ({ process }, fd) => process.descriptors.get(fd).readable?.({ caller: process, fd }),
  readAvailable: ({ process }, fd, length) => {
    const description = process.descriptors.get(fd);
    if (description.readAvailable) return description.readAvailable(length);
    return description.read({ caller: process, fd }, length, null);
  },
  writeAvailable: ({ process }, fd, data, passed) => {
    if (passed !== undefined) {
      return socketAt(process, fd, 'ENOTSUP').writeAvailable(data, process.descriptors.get(passed));
    }
    const description = process.descriptors.get(fd);
    if (description.writeAvailable) return description.writeAvailable(data);
    return description.write({ caller: process, fd }, data, null);
  },
  sendDescriptor: ({ process }, fd, data, passed) =>
    socketAt(process, fd, 'ENOTSUP').send({ caller: process, fd }, data, process.descriptors.get(passed)),
  receiveAvailable: ({ process }, fd, length) => {
    const { bytes, passed } = socketAt(process, fd, 'ENOTSOCK').receiveAvailable(length);
    return { data: bytes, passed: passed.map((description) => acceptPassed(process, description)) };
  },
  pipe: ({ process }) => {
    const queue = new ByteQueue();
    return [process.descriptors.add(new PipeReader(queue)), process.descriptors.add(new PipeWriter(queue))];
  },
  socketpair: ({ process }) => {
    const [one, other] = createSocketPair('unix');
    return [process.descriptors.add(one), process.descriptors.add(other)];
  },
  dup: ({ process }, fd) => process.descriptors.add(process.descriptors.get(fd)),
  dup2: ({ process }, from, to) => {
    const description = process.descriptors.get(from);
    if (from === to) return;
    cancelWaiting(process, 'ECANCELED', to);
    process.descriptors.put(to, description);
  },
  descriptorKind: ({ process }, fd) => process.descriptors.get(fd).kind,
  terminalSize: (context, fd) => terminalAt(context, fd).size,
  setRawMode: (context, fd, raw) => terminalAt(context, fd).setRawMode(raw),
  setForeground: (context, fd, group) => {
    terminalAt(context, fd).foreground = group;
  },
};

function terminalAt({ process }: CallContext, fd: number): TerminalDescription {
  const description = process.descriptors.get(fd);
  if (!(description instanceof TerminalDescription)) throw new SystemError('ENOTTY');
  return description;
}

function socketAt(process: ProcessRecord, fd: number, otherwise: string): SocketDescription {
  const description = process.descriptors.get(fd);
  if (!(description instanceof SocketDescription)) throw new SystemError(otherwise);
  return description;
}

/** The receiver's descriptor takes the place of the reference that travelled. */
function acceptPassed(process: ProcessRecord, description: Description): PassedDescriptor {
  const fd = process.descriptors.add(description);
  release(description);
  const { local = null, remote = null } = description;
  return { fd, kind: description.kind, local, remote };
}
