/**
 * Which files have changed: a number for each inode (several share one), which moves with every change of it, its entries
 * included, and one for the whole file system. Each thread has a copy in the memory of its calls, which the kernel keeps up to
 * date. What a lookup has found is still true while the numbers of all inodes that it met are the same: see
 * `process/system-calls/file-cache.ts`.
 */

/** Index of the number that moves with every change. */
export const WHOLE = 0;
export const STAMPS = 1 << 13;

/** Among the inodes that an answer depends on: it must not be kept. */
export const NEVER_KEPT = -1;

/** Stands for the working directory of a process, as if it were an inode. */
export const workingDirectoryOf = (pid: number): number => 2 ** 40 + pid;

export class Stamps {
  readonly #numbers: Int32Array;
  /** While it is set they stay as they are. */
  isHeld = false;

  constructor(numbers: Int32Array) {
    this.#numbers = numbers;
  }

  /** The inode with this number changed. */
  bump(inode: number): void {
    if (this.isHeld) return;
    Atomics.add(this.#numbers, indexOf(inode), 1);
    Atomics.add(this.#numbers, WHOLE, 1);
  }

  /** Changes when the inode with this number does. */
  at(inode: number): number {
    return Atomics.load(this.#numbers, indexOf(inode));
  }

  /** Changes when one of these does. */
  sum(inodes: Iterable<number>): number {
    let sum = 0;
    for (const inode of inodes) sum = (sum + Atomics.load(this.#numbers, indexOf(inode))) | 0;
    return sum;
  }
}

/** Where the number of an inode lies. */
export function indexOf(inode: number): number {
  return 1 + (inode % (STAMPS - 1));
}
