import type { KernelEvent, SyscallName, Syscalls } from '../kernel/syscalls.ts';

/** The caller's side of the system calls. Both throw `SystemError` (the asynchronous one rejects with it). */
export interface Sys {
  /** Waits for the answer in `Atomics.wait`: nothing else of this process runs meanwhile. */
  call<Name extends SyscallName>(name: Name, ...args: Parameters<Syscalls[Name]>): ReturnType<Syscalls[Name]>;
  /**
   * As `call('read', …)`, into the caller's memory; returns the bytes read. Saves a copy.
   */
  readInto(fd: number, target: Uint8Array, position: number | null): number;
  /** Answers through the event loop. A call that still waits when its descriptor is closed is rejected with ECANCELED. */
  callAsync<Name extends SyscallName>(
    name: Name,
    ...args: Parameters<Syscalls[Name]>
  ): Promise<ReturnType<Syscalls[Name]>>;
  /** As `callAsync`, without a promise: Node's loop must not depend on the microtask queue. */
  callWith<Name extends SyscallName>(
    name: Name,
    args: Parameters<Syscalls[Name]>,
    done: (error: Error | null, value?: ReturnType<Syscalls[Name]>) => void,
  ): void;
  /** Events that the kernel sends unasked; one listener. */
  onEvent(listener: (event: KernelEvent) => void): void;
}
