/**
 * What comes next of a file that a process reads from one end to the other in long pieces: one question to the kernel costs more than to
 * copy many of them.
 */
import { copyShared } from '../../kernel/channel/copy-shared.ts';
import { type Look, MAX_LOOK_BYTES } from '../../kernel/syscalls.ts';
import type { TrackedFile } from './tracked-file.ts';

/** The kernel keeps the bytes of a file in pieces of so many: what lies in two of them it has to copy first. */
const PIECE = MAX_LOOK_BYTES;

const NOTHING = new Uint8Array(0);

export class ReadAhead {
  #file: TrackedFile | null = null;
  #start = 0;
  #bytes: Uint8Array = NOTHING;
  /** The bytes lie where the kernel has put them, until something else is asked. */
  #isBorrowed = false;
  /** Room of its own. */
  #own: Uint8Array = NOTHING;
  #stamp = Number.NaN;
  /** Where the last long read ended, and how much to ask for when the next one goes on there. */
  #next = { file: null as TrackedFile | null, at: 0, length: 0 };

  /** Bytes that are known to be there; undefined when they are not all known. */
  read(file: TrackedFile, target: Uint8Array, position: number): number | undefined {
    if (this.#file !== file || file.currentStamp !== this.#stamp) return undefined;
    const end = Math.min(position + target.length, file.size);
    if (position < this.#start || end > this.#start + this.#bytes.length) return undefined;
    this.#goOn(file, end, this.#next.length);
    if (position >= end) return 0;
    copyShared(target, this.#bytes.subarray(position - this.#start, end - this.#start));
    return end - position;
  }

  /** How much to look at, from the position on, for a read of so many bytes; null when that read is enough. */
  lengthFor(file: TrackedFile, position: number, length: number): number | null {
    const { file: before, at, length: wanted } = this.#next;
    const goesOn = before === file && at === position;
    this.#goOn(file, position + length, goesOn ? Math.min(PIECE, 2 * wanted) : 2 * length);
    const most = Math.min(wanted, PIECE - (position % PIECE));
    return goesOn && most > length ? most : null;
  }

  /** These bytes are there until `leave`. */
  borrow(file: TrackedFile, position: number, { bytes, stampAfter }: Look): void {
    this.#file = file;
    this.#start = position;
    this.#bytes = bytes;
    this.#isBorrowed = true;
    this.#stamp = stampAfter;
  }

  /** Something else is about to lie where the bytes were borrowed: those that were not read yet are moved. */
  leave(): void {
    if (!this.#isBorrowed) return;
    this.#isBorrowed = false;
    const { file, at } = this.#next;
    const rest = this.#bytes.subarray(Math.max(0, at - this.#start));
    this.#bytes = NOTHING;
    if (file === null || file !== this.#file || at < this.#start || file.currentStamp !== this.#stamp) return;
    if (this.#own.length < rest.length) this.#own = new Uint8Array(rest.length);
    this.#own.set(rest);
    this.#start = at;
    this.#bytes = this.#own.subarray(0, rest.length);
  }

  #goOn(file: TrackedFile, at: number, length: number): void {
    this.#next = { file, at, length };
  }
}
