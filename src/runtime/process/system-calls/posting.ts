/** What a process puts in its ring without waiting for it: writes to files, and calls of which it knows the outcome. */
import type { Encoder } from '../../kernel/channel/codec.ts';
import { Behind, MAX_POSTED_BYTES, numberOfCall, Word } from '../../kernel/channel/sync-layout.ts';
import type { FileWrite, WriteBehindRing } from '../../kernel/channel/write-behind.ts';
import type { SyscallName, Syscalls } from '../../kernel/syscalls.ts';
import type { MadeNow, NameChanges } from './knowledge.ts';

export class Posting implements NameChanges {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #ring: WriteBehindRing;
  readonly #encoder: Encoder;
  /** Where the ring ends, if all that was put in since the last answer is certain to be taken at once, and changes no names behind our back. */
  #clean = Number.NaN;
  /** The number for the next inode that is made here. */
  #nextMade = 0;
  /** How many calls went on the port, which the ring must not overtake. */
  byPort = 0;

  constructor(words: Int32Array<SharedArrayBuffer>, ring: WriteBehindRing, encoder: Encoder) {
    this.#words = words;
    this.#ring = ring;
    this.#encoder = encoder;
  }

  /** Whether nobody could tell that the process does not wait for what cannot fail. */
  mayPost(): boolean {
    return Atomics.load(this.#words, Word.mayPost) !== 0 && this.#words[Word.behindFailed] === 0;
  }

  get portIsEmpty(): boolean {
    return this.byPort === Atomics.load(this.#words, Word.kernelTook);
  }

  /** The kernel has answered: all that was in the ring is done. */
  answered(): void {
    this.#clean = this.#ring.position;
  }

  /** False when the kernel does not allow it, or there is no room in the ring. */
  write(write: FileWrite): boolean {
    const { data } = write;
    if (data.length > MAX_POSTED_BYTES || !this.mayPost() || !this.portIsEmpty) return false;
    if (this.#put(write)) return true;
    // What else may be there while it waits?
    return this.#ring.waitForRoom(data.length) && this.mayPost() && this.#put(write);
  }

  #put(write: FileWrite): boolean {
    return this.keepClean(() => this.#ring.appendWrite(write, Word.attentive));
  }

  /** What is put in the ring meanwhile neither has to wait there nor changes names. */
  keepClean(put: () => boolean): boolean {
    const isClean = this.#ring.position === this.#clean;
    const isPut = put();
    if (isClean) this.#clean = this.#ring.position;
    return isPut;
  }

  mayChange(): boolean {
    return this.#ring.word === this.#clean && this.mayPost() && this.portIsEmpty;
  }

  change<Name extends SyscallName>(name: Name, args: Parameters<Syscalls[Name]>, made: MadeNow): boolean {
    if (!this.mayChange()) return false;
    const { number, time } = made;
    const bytes = this.#encoder.encode([number, time, numberOfCall(name), ...args]);
    if (!this.#ring.appendOwned(Behind.change, bytes, Word.attentive)) return false;
    this.#clean = this.#ring.position;
    if (number > 0) this.#nextMade = number + 1;
    return true;
  }

  nextNumber(): number {
    const { [Word.reservedFrom]: from = 0, [Word.reservedEnd]: end = 0 } = this.#words;
    if (this.#nextMade < from || this.#nextMade > end) this.#nextMade = from;
    return this.#nextMade < end ? this.#nextMade : 0;
  }

  isOwn(number: number): boolean {
    return number >= (this.#words[Word.firstOwn] as number);
  }

  permissionsOf(mode: number): number {
    return mode & 0o7777 & ~(this.#words[Word.umask] as number);
  }
}
