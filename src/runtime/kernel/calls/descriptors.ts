/** System calls on descriptors. */
import { ByteQueue, SOCKET_CAPACITY } from '../byte-queue.ts';
import { type Description, release } from '../description.ts';
import { FileDescription } from '../descriptions/file.ts';
import { PipeReader, PipeWriter } from '../descriptions/pipe.ts';
import { createSocketPair, SocketDescription } from '../descriptions/socket.ts';
import { TerminalDescription } from '../descriptions/terminal.ts';
import type { Endpoints, PassedDescriptor, Received } from '../descriptors.ts';
import type { ProcessRecord } from '../processes/process-record.ts';
import { RECEIVED_PIECE, SystemError } from '../syscalls.ts';
import { rawAttributes } from '../terminal-attributes.ts';
import type { CallContext, CallTable } from './call-table.ts';

type DescriptorCall =
  | 'close'
  | 'discard'
  | 'reserve'
  | 'read'
  | 'write'
  | 'poll'
  | 'readAvailable'
  | 'writeAvailable'
  | 'receive'
  | 'push'
  | 'sendDescriptor'
  | 'receiveAvailable'
  | 'pipe'
  | 'socketpair'
  | 'dup'
  | 'dup2'
  | 'descriptorKind'
  | 'endpoints'
  | 'terminalSize'
  | 'setRawMode'
  | 'terminalAttributes'
  | 'setTerminalAttributes'
  | 'setForeground';

export const descriptorCalls: CallTable<DescriptorCall> = {
  close: ({ process }, fd) => {
    process.descriptors.close(fd);
    forgetClosed(process, fd);
  },
  discard: ({ process }, fd) => {
    if (process.descriptors.discard(fd)) forgetClosed(process, fd);
  },
  reserve: ({ process }, count) => process.descriptors.reserve(count),
  read: ({ process, thread }, fd, length, position) =>
    process.descriptors.get(fd).read({ caller: thread, fd }, length, position),
  write: ({ process, thread }, fd, data, position) => {
    const description = process.descriptors.get(fd);
    // What a pipe has no room for stays in the window of the process, which waits for the answer.
    const isInWindow = data.buffer === thread.channel?.memory && holdsBytes(description);
    const isSafe = isInWindow || description instanceof FileDescription || data.buffer instanceof ArrayBuffer;
    return description.write({ caller: thread, fd }, isSafe ? data : data.slice(), position);
  },
  poll: ({ process, thread }, fd) => process.descriptors.get(fd).readable?.({ caller: thread, fd }),
  readAvailable: ({ process, thread }, fd, length) => {
    const description = process.descriptors.get(fd);
    if (description.readAvailable) return description.readAvailable(length);
    return description.read({ caller: thread, fd }, length, null);
  },
  receive: ({ process, thread }, fd, length, wantsPassed) => {
    const description = process.descriptors.get(fd);
    const { readAvailable, readable } = description;
    if (!readAvailable || !readable) throw new SystemError('EINVAL');
    // Whoever reads here asks for more quietly.
    const noteUnread = () => thread.channel?.noteUnread();
    description.onUnread?.(noteUnread);
    const take = (): [Uint8Array[], number, PassedDescriptor[], number] => {
      const { data, passed } = wantsPassed
        ? receiveFrom(process, fd, length)
        : { data: readAvailable.call(description, length), passed: [] };
      if (description.onUnread && description.isReadable) noteUnread();
      return [inPieces(data), thread.writes, passed, thread.channel?.unread ?? 0];
    };
    const waiting = readable.call(description, { caller: thread, fd });
    return waiting ? waiting.then(take) : take();
  },
  push: ({ process, thread }, fd, data) => {
    thread.writes++;
    const description = process.descriptors.get(fd);
    if (!description.push) throw new SystemError('EINVAL');
    description.push(data);
  },
  writeAvailable: ({ process, thread }, fd, data, passed) => {
    thread.writes++;
    if (passed !== undefined) {
      return socketAt(process, fd, 'ENOTSUP').writeAvailable(data, process.descriptors.get(passed));
    }
    const description = process.descriptors.get(fd);
    if (description.writeAvailable) return description.writeAvailable(data);
    return description.write({ caller: thread, fd }, data, null);
  },
  sendDescriptor: ({ process, thread }, fd, data, passed) =>
    socketAt(process, fd, 'ENOTSUP').send({ caller: thread, fd }, data, process.descriptors.get(passed)),
  receiveAvailable: ({ process }, fd, length) => receiveFrom(process, fd, length),
  pipe: ({ process }, isSocket) => {
    const queue = isSocket ? new ByteQueue(SOCKET_CAPACITY) : new ByteQueue();
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
    process.threads.cancelOn(to);
    process.descriptors.put(to, description);
  },
  descriptorKind: ({ process }, fd) => process.descriptors.get(fd).kind,
  endpoints: ({ process }, fd) => endpointsOf(process.descriptors.get(fd)),
  terminalSize: (context, fd) => terminalAt(context, fd).size,
  setRawMode: (context, fd, raw) => {
    const terminal = terminalAt(context, fd);
    const { process } = context;
    if (raw) {
      process.rawTerminal ??= { terminal, before: terminal.attributes };
      terminal.attributes = rawAttributes(terminal.attributes);
    } else {
      process.leaveRawMode();
    }
  },
  terminalAttributes: (context, fd) => ({ ...terminalAt(context, fd).attributes }),
  setTerminalAttributes: (context, fd, attributes) => {
    terminalAt(context, fd).attributes = { ...attributes };
  },
  setForeground: (context, fd, group) => {
    terminalAt(context, fd).foreground = group === 0 ? context.process.group : group;
  },
};

const holdsBytes = (description: Description): boolean =>
  description instanceof PipeWriter || description instanceof SocketDescription;

/** At least one. */
function inPieces(bytes: Uint8Array): Uint8Array[] {
  const pieces = [bytes.subarray(0, RECEIVED_PIECE)];
  for (let at = RECEIVED_PIECE; at < bytes.length; at += RECEIVED_PIECE)
    pieces.push(bytes.subarray(at, at + RECEIVED_PIECE));
  return pieces;
}

function forgetClosed({ threads }: ProcessRecord, fd: number): void {
  threads.disown(fd);
  threads.cancelOn(fd);
}

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

function receiveFrom(process: ProcessRecord, fd: number, length: number): Received {
  const { bytes, passed } = socketAt(process, fd, 'ENOTSOCK').receiveAvailable(length);
  try {
    return { data: bytes, passed: passed.map((description) => acceptPassed(process, description)) };
  } finally {
    // The receiver's descriptors take the place of the references that travelled.
    for (const description of passed) release(description);
  }
}

function acceptPassed(process: ProcessRecord, description: Description): PassedDescriptor {
  const fd = process.descriptors.add(description);
  return { fd, kind: description.kind, ...endpointsOf(description) };
}

const endpointsOf = ({ local = null, remote = null }: Description): Endpoints => ({ local, remote });
