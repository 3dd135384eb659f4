/** Open descriptions (what descriptors refer to, shared by duplicates) and the table of a process's descriptors. */

import type { DescriptorKind } from './descriptors.ts';
import { unlock } from './file-locks.ts';
import type { Endpoint } from './network/endpoints.ts';
import { type Stat, SystemError } from './syscalls.ts';
import type { Caller } from './wait-queue.ts';

/** The call's process and descriptor: who waits, when it has to. */
export interface CallSite {
  readonly caller: Caller;
  readonly fd: number | null;
}

/** Methods throw `SystemError`, at once or later. */
export interface Description {
  readonly kind: DescriptorKind;
  /** Addresses of a TCP socket or listener. */
  readonly local?: Endpoint | null;
  readonly remote?: Endpoint | null;
  read(site: CallSite, length: number, position: number | null): Uint8Array | Promise<Uint8Array>;
  write(site: CallSite, data: Uint8Array, position: number | null): number | Promise<number>;
  /** Waits until `readAvailable` gives something; what lacks it never waits. */
  readable?(site: CallSite): undefined | Promise<undefined>;
  /** As `read` and `write`, but EAGAIN where those would wait. */
  readAvailable?(length: number): Uint8Array;
  writeAvailable?(data: Uint8Array): number;
  /** As `write`, of what need not have room. */
  push?(data: Uint8Array): void;
  /** The listener is called when something comes that nobody waits for; what has this says with `isReadable` whether there is something. */
  onUnread?(listener: () => void): void;
  readonly isReadable?: boolean;
  stat(): Stat;
  /** The last descriptor of it was closed. */
  close(): void;
}

const references = new WeakMap<Description, number>();

/** Counts one more descriptor of it. */
export function retain(description: Description): Description {
  references.set(description, (references.get(description) ?? 0) + 1);
  return description;
}

/** Whether more than one descriptor refers to it. */
export function isShared(description: Description): boolean {
  return (references.get(description) ?? 0) > 1;
}

/** To be closed: one may hold the last reference to another, and that to another, in a chain that is longer than the stack. */
const closing: Description[] = [];

/** Counts one descriptor less; the last one closes it. */
export function release(description: Description): void {
  const left = (references.get(description) ?? 1) - 1;
  references.set(description, left);
  if (left !== 0) return;
  closing.push(description);
  if (closing.length > 1) return;
  try {
    for (const next of closing) {
      unlock(next);
      next.close();
    }
  } finally {
    closing.length = 0;
  }
}

const MAX_DESCRIPTORS = 65_536;
/** Of all processes together. */
const MAX_OPEN = 262_144;

let openDescriptors = 0;

/** Descriptors of all processes; for those who look for leaks. */
export function countOpenDescriptors(): number {
  return openDescriptors;
}

/** Stands at numbers that a process gives to files which it opens without waiting: for all others nothing is open there. */
const RESERVED: Description = {
  kind: 'null',
  read: () => refuse('EBADF'),
  write: () => refuse('EBADF'),
  stat: () => refuse('EBADF'),
  close: () => undefined,
};
const MAX_RESERVED = 256;

export class DescriptorTable {
  readonly #open: (Description | undefined)[] = [];
  /** No number below it is free. */
  #firstFree = 0;
  #closed = false;

  has(fd: number): boolean {
    const description = this.#open[fd];
    return description !== undefined && description !== RESERVED;
  }

  /** Whether `add` passes it over. EBADF. */
  checkTaken(fd: number): void {
    if (!this.#open[fd]) throw new SystemError('EBADF');
  }

  /** The lowest free numbers, fewer where there are not so many: until they are discarded, `put` alone places something there. */
  reserve(count: number): number[] {
    const numbers: number[] = [];
    const most = Math.min(count, MAX_RESERVED, MAX_OPEN / 2 - openDescriptors);
    while (numbers.length < most && this.#firstFree < MAX_DESCRIPTORS / 2) numbers.push(this.add(RESERVED));
    return numbers;
  }

  /** Closes a descriptor, or gives back a number that was reserved; false for the latter. EBADF. */
  discard(fd: number): boolean {
    if (this.#open[fd] !== RESERVED) {
      this.close(fd);
      return true;
    }
    this.#leave(fd, RESERVED);
    return false;
  }

  /** Those that are open. */
  numbers(): number[] {
    return [...this.#open.keys()].filter((fd) => this.has(fd));
  }

  /** EBADF. */
  get(fd: number): Description {
    const description = this.#open[fd];
    if (!description || description === RESERVED) throw new SystemError('EBADF');
    return description;
  }

  /** Takes the lowest free number, at least `from`. EMFILE, ENFILE; EBADF when the process has ended. */
  add(description: Description, from = 0): number {
    let fd = Math.max(from, this.#firstFree);
    while (this.#open[fd]) fd++;
    if (from <= this.#firstFree) this.#firstFree = fd;
    this.#place(fd, description);
    return fd;
  }

  /** Puts it at a number, closing what was there. EBADF, ENFILE. */
  put(fd: number, description: Description): void {
    if (fd < 0 || fd >= MAX_DESCRIPTORS) throw new SystemError('EBADF');
    // It may be what is there already: it must not be closed in between.
    retain(description);
    if (this.#open[fd]) this.discard(fd);
    this.#place(fd, description);
    release(description);
  }

  close(fd: number): void {
    this.#leave(fd, this.get(fd));
  }

  #leave(fd: number, description: Description): void {
    this.#open[fd] = undefined;
    this.#firstFree = Math.min(this.#firstFree, fd);
    openDescriptors--;
    release(description);
  }

  /** As `closeAll`, for ever. */
  closeForGood(): void {
    this.#closed = true;
    this.closeAll();
  }

  closeAll(): void {
    this.#firstFree = 0;
    for (const description of this.#open.splice(0)) {
      if (!description) continue;
      openDescriptors--;
      release(description);
    }
  }

  #place(fd: number, description: Description): void {
    const refusal = this.#closed
      ? 'EBADF'
      : fd >= MAX_DESCRIPTORS
        ? 'EMFILE'
        : openDescriptors >= MAX_OPEN
          ? 'ENFILE'
          : null;
    retain(description);
    if (refusal) {
      // What nobody else holds is closed again.
      release(description);
      throw new SystemError(refusal);
    }
    this.#open[fd] = description;
    openDescriptors++;
  }
}

/** A description's methods where the operation makes no sense for its kind. */
export function refuse(code: string): never {
  throw new SystemError(code);
}

/** What `fstat` says of something that is not in the file system. */
export function anonymousStat(mode: number): Stat {
  const now = Date.now();
  const times = { atimeMs: now, mtimeMs: now, ctimeMs: now, birthtimeMs: now };
  const facts = { dev: 2, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, ino: 0, size: 0, blocks: 0 };
  return { ...facts, ...times, mode };
}
