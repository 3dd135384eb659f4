/**
 * What comes next of a file that a process reads from one end to the other in long pieces: one question to the kernel costs more than to
 * copy many of them.
 */
import { type Look, MAX_LOOK_BYTES } from '../../kernel/syscalls.ts';
import type { TrackedFile } from './tracked-file.ts';

/** The kernel keeps the bytes of a file in pieces of so many: what lies in two of them it has to copy first. */
const PIECE = MAX_LOOK_BYTES;

export class ReadAhead {
  #buffer = new Uint8Array(0);
  #file: TrackedFile | null = null;
  #start = 0;
  #length = 0;
  #stamp = Number.NaN;
  /** Where the last long read ended, and how much to ask for when the next one goes on there. */
  #next = { file: null as TrackedFile | null, at: 0, length: 0 };

  /** Bytes that are known to be there; undefined when they are not all known. */
  read(file: TrackedFile, target: Uint8Array, position: number): number | undefined {
    if (this.#file !== file || file.currentStamp !== this.#stamp) return undefined;
    const end = Math.min(position + target.length, file.size);
    if (position < this.#start || end > this.#start + this.#length) return undefined;
    this.#goOn(file, end, this.#next.length);
    if (position >= end) return 0;
    target.set(this.#buffer.subarray(position - this.#start, end - this.#start));
    return end - position;
  }

  /** Memory for what to look at, from the position on, for a read of so many bytes; null when that read is enough. */
  roomFor(file: TrackedFile, position: number, length: number): Uint8Array | null {
    const { file: before, at, length: wanted } = this.#next;
    const goesOn = before === file && at === position;
    this.#goOn(file, position + length, goesOn ? Math.min(PIECE, 2 * wanted) : 2 * length);
    const room = Math.min(wanted, PIECE - (position % PIECE));
    if (!goesOn || room <= length) return null;
    if (this.#buffer.length < room) this.#buffer = new Uint8Array(room);
    this.#file = null;
    return this.#buffer.subarray(0, room);
  }

  /** The room holds this now. */
  keep(file: TrackedFile, position: number, { bytes, stampAfter }: Look): void {
    this.#file = file;
    this.#start = position;
    this.#length = bytes.length;
    this.#stamp = stampAfter;
  }

  #goOn(file: TrackedFile, at: number, length: number): void {
    this.#next = { file, at, length };
  }
}
