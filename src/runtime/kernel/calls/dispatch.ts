/** Finds the handler of a system call. */
import type { Kernel } from '../kernel.ts';
import type { ProcessRecord } from '../process-record.ts';
import type { SyscallName } from '../syscalls.ts';
import type { CallContext, CallTable } from './call-table.ts';
import { descriptorCalls } from './descriptors.ts';
import { fileCalls } from './files.ts';
import { networkCalls } from './network.ts';
import { processCalls } from './processes.ts';

const table: CallTable<SyscallName> = { ...fileCalls, ...descriptorCalls, ...processCalls, ...networkCalls };

/** Answers a call of a process, now or later; throws or rejects with a SystemError. */
export function dispatch(kernel: Kernel, process: ProcessRecord, name: SyscallName, args: unknown[]): unknown {
  const handler = table[name] as (context: CallContext, ...args: unknown[]) => unknown;
  return handler({ kernel, process }, ...args);
}
