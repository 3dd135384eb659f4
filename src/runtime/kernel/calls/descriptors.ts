/** System calls on descriptors. */
import { ByteQueue } from '../byte-queue.ts';
import { PipeReader, PipeWriter } from '../descriptions/pipe.ts';
import { createSocketPair } from '../descriptions/socket.ts';
import { TerminalDescription } from '../descriptions/terminal.ts';
import { SystemError } from '../syscalls.ts';
import { cancelWaiting } from '../wait-queue.ts';
import type { CallContext, CallTable } from './call-table.ts';

type DescriptorCall =
  | 'close'
  | 'read'
  | 'write'
  | 'pipe'
  | 'socketpair'
  | 'dup'
  | 'dup2'
  | 'descriptorKind'
  | 'terminalSize'
  | 'setRawMode';

export const descriptorCalls: CallTable<DescriptorCall> = {
  close: ({ process }, fd) => {
    process.descriptors.close(fd);
    cancelWaiting(process, 'ECANCELED', fd);
  },
  read: ({ process }, fd, length, position) =>
    process.descriptors.get(fd).read({ caller: process, fd }, length, position),
  write: ({ process }, fd, data, position) =>
    process.descriptors.get(fd).write({ caller: process, fd }, data, position),
  pipe: ({ process }) => {
    const queue = new ByteQueue();
    return [process.descriptors.add(new PipeReader(queue)), process.descriptors.add(new PipeWriter(queue))];
  },
  socketpair: ({ process }) => {
    const [one, other] = createSocketPair();
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
};

function terminalAt({ process }: CallContext, fd: number): TerminalDescription {
  const description = process.descriptors.get(fd);
  if (!(description instanceof TerminalDescription)) throw new SystemError('ENOTTY');
  return description;
}
