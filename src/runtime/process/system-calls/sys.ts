import type { KernelEvent, SyscallName, Syscalls, SystemError } from '../../kernel/syscalls.ts';

/** Calls that fail every day. */
export type Attempted = 'access' | 'stat';

/** The caller's side of the system calls. Both throw `SystemError` (the asynchronous one rejects with it). */
export interface Sys {
  /** Waits for the answer in `Atomics.wait`: nothing else of this process runs meanwhile. */
  call<Name extends SyscallName>(name: Name, ...args: Parameters<Syscalls[Name]>): ReturnType<Syscalls[Name]>;
  /**
   * As `call('read', …)`, into the caller's memory; returns the bytes read. Saves a copy.
   */
  readInto(fd: number, target: Uint8Array, position: number | null): number;
  /** As `call('readFile', …)`, for whoever only looks at it: it is valid until the next call. Saves a copy. */
  viewFile(path: string, most?: number): Uint8Array;
  /** As `call`, with the error that it would throw as its answer: to throw takes longer than to find out. */
  attempt<Name extends Attempted>(
    name: Name,
    ...args: Parameters<Syscalls[Name]>
  ): ReturnType<Syscalls[Name]> | SystemError;
  /** Whether there is something at the path, behind links. */
  exists(path: string): boolean;
  /**
   * As `call('write', …)` of everything, without waiting: the kernel writes it before it looks at another call. An error is lost,
   * but from then on, and where there is no room, the answer is false: nothing was written, and the call must be made.
   */
  writeBehind(fd: number, data: Uint8Array): boolean;
  /** As `call('push', …)`, without waiting. */
  push(fd: number, data: Uint8Array): void;
  /** As `call`, without waiting: nobody reads the answer, whatever is called next is handled after it. May throw as `call` does. */
  send<Name extends SyscallName>(name: Name, ...args: Parameters<Syscalls[Name]>): void;
  /** How many writes by `push` and `writeAvailable` were made. */
  readonly writes: number;
  /** Changes whenever a pipe or a connection, of any process, has lost an end. */
  readonly breaks: number;
  /** As `breaks`, of what is no connection; NaN where others could tell that a write was not waited for. */
  readonly pipeBreaks: number;
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
  /**
   * As `callWith`, for a `receive` that follows another one, whose answer had `seen` as its last item. It may wait for long: the
   * kernel is not woken for it when nothing has come since, and looks for it when something does.
   */
  callQuietly(
    seen: number,
    args: Parameters<Syscalls['receive']>,
    done: (error: Error | null, value?: ReturnType<Syscalls['receive']>) => void,
  ): void;
  /**
   * Calls `done` behind what the kernel answers at once to the calls that were made before: now, when nothing of the kind can
   * be under way any more. For answers of the process's own, which would else overtake news of an earlier date.
   */
  afterAnswers(done: () => void): void;
  /** Events that the kernel sends unasked; one listener. */
  onEvent(listener: (event: KernelEvent) => void): void;
}
