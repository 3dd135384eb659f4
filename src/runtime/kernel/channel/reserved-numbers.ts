import { reserveNumbers } from '../file-system/inode.ts';
import { MAX_NUMBER, Word } from './sync-layout.ts';

/** So many inodes a process may make until it waits for an answer the next time. */
const RESERVED = 1024;

/** The numbers of the inodes that a process makes without waiting: it takes them in their order. */
export class ReservedNumbers {
  readonly #words: Int32Array<SharedArrayBuffer>;
  #next = 0;
  #end = 0;

  constructor(words: Int32Array<SharedArrayBuffer>) {
    this.#words = words;
  }

  /** Gives it new ones where few are left; none, where there are no more that fit. */
  refill(): void {
    if (this.#end - this.#next >= RESERVED / 2) return;
    const from = reserveNumbers(RESERVED);
    const fits = from + RESERVED < MAX_NUMBER;
    this.#next = fits ? from : 0;
    this.#end = fits ? from + RESERVED : 0;
    this.#words[Word.reservedFrom] = this.#next;
    this.#words[Word.reservedEnd] = this.#end;
  }

  /** Whether the process may use this number now; it is used then. */
  take(number: unknown): number is number {
    if (number !== this.#next || this.#next === this.#end) return false;
    this.#next++;
    return true;
  }
}
