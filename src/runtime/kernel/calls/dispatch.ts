/** Finds the handler of a system call. */
import type { Call, Kernel } from '../kernel.ts';
import type { OpenedFile, SyscallName } from '../syscalls.ts';
import type { ThreadRecord } from '../threads/thread-record.ts';
import { checkCall } from './argument-checks.ts';
import type { CallContext, CallTable } from './call-table.ts';
import { datagramCalls } from './datagrams.ts';
import { descriptorCalls } from './descriptors.ts';
import { fileCalls } from './files.ts';
import { networkCalls } from './network.ts';
import { partCalls } from './parts.ts';
import { processCalls } from './processes.ts';
import { threadCalls } from './threads.ts';

const table: CallTable<SyscallName> = {
  ...fileCalls,
  ...descriptorCalls,
  ...processCalls,
  ...networkCalls,
  ...datagramCalls,
  ...threadCalls,
  ...partCalls,
};

/** Answers a call, now or later; throws or rejects with a SystemError. Takes whatever a thread may send. */
export function dispatch(kernel: Kernel, call: Call): unknown {
  const { process, thread } = call;
  const { name, args } = checkCall(call.name, call.args);
  const handler = table[name] as (context: CallContext, ...args: unknown[]) => unknown;
  const result = handler({ kernel, process, thread }, ...args);
  return thread === process.threads.main ? result : noteDescriptors(thread, name, result);
}

/** Below zero it is that of a FIFO whose other end is not there as yet. */
const descriptorIn = (answer: number): number => (answer < 0 ? ~answer : answer);

/** Calls that open descriptors, with where their answers name them. */
const OPENING: Partial<Record<SyscallName, (answer: never) => readonly number[]>> = {
  open: (answer: number) => [descriptorIn(answer)],
  openFile: ([answer]: OpenedFile) => [descriptorIn(answer)],
  dup: (fd: number) => [fd],
  watch: (fd: number) => [fd],
  pipe: (fds: number[]) => fds,
  socketpair: (fds: number[]) => fds,
  datagramSocket: (fd: number) => [fd],
  receive: ([, , passed]: [unknown, unknown, { fd: number }[]]) => passed.map(({ fd }) => fd),
  receiveAvailable: ({ passed }: { passed: { fd: number }[] }) => passed.map(({ fd }) => fd),
  listenPath: (fd: number) => [fd],
  connectPath: (fd: number) => [fd],
  listen: (answer: { fd: number }) => [answer.fd],
  acceptNext: ([{ fd }]: [{ fd: number }]) => [fd],
  accept: (answer: { fd: number }) => [answer.fd],
  connect: (answer: { fd: number }) => [answer.fd],
};

function noteDescriptors(thread: ThreadRecord, name: SyscallName, result: unknown): unknown {
  const descriptorsOf = OPENING[name];
  if (!descriptorsOf || (/^open/.test(name) && !thread.closesFiles)) return result;
  const note = (answer: unknown) => {
    for (const fd of descriptorsOf(answer as never)) thread.opened.add(fd);
    return answer;
  };
  return result instanceof Promise ? result.then(note) : note(result);
}
