/** The types of the handlers of system calls. */
import type { Kernel } from '../kernel.ts';
import type { ProcessRecord } from '../processes/process-record.ts';
import type { SyscallName, Syscalls } from '../syscalls.ts';
import type { ThreadRecord } from '../threads/thread-record.ts';

/** Answers one call, now or later; throws or rejects with a SystemError. */
export type Handler<Name extends SyscallName> = (
  context: CallContext,
  ...args: Parameters<Syscalls[Name]>
) => ReturnType<Syscalls[Name]> | Promise<ReturnType<Syscalls[Name]>>;

export interface CallContext {
  readonly kernel: Kernel;
  readonly process: ProcessRecord;
  /** Who calls, and waits if it has to. */
  readonly thread: ThreadRecord;
}

export type CallTable<Name extends SyscallName> = { [K in Name]: Handler<K> };
