/** The kernel's end of the window through which the synchronous requests of a process, and their answers, pass: see `sync-layout.ts`. */

import { Look, type Stat, type SystemError } from '../syscalls.ts';
import { Encoder } from './codec.ts';
import { copyShared } from './copy-shared.ts';
import { packStat } from './pack-stat.ts';
import { isWrite, LongRequest } from './requests.ts';
import { indexOf, NEVER_KEPT, type Stamps } from './stamps.ts';
import { MAX_DEPENDENCIES, MAX_NOTES, MAX_NUMBER, State, Status, WINDOW_BYTES, Word } from './sync-layout.ts';

/** How often the kernel looks for the next request of a process it has just answered: being woken costs more than most calls take. */
const SPINS = 2000;
/** A longer write is not copied out of the window. */
const COPIED_BYTES = 1024;

const encoder = new Encoder();

export class SyncWindow {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #window: Uint8Array;
  readonly #stamps: Stamps;
  readonly #long = new LongRequest();
  /** Of an answer, what the process has yet to ask for. */
  #rest: Uint8Array | null = null;
  #closed = false;

  constructor(words: Int32Array<SharedArrayBuffer>, window: Uint8Array, stamps: Stamps) {
    this.#words = words;
    this.#window = window;
    this.#stamps = stamps;
  }

  /** The process waits no longer, and gets no answer. */
  close(): void {
    this.#closed = true;
    this.#handOver(State.closed);
  }

  /** The state, after a short wait when the last answer has not been taken yet. */
  nextState(): number {
    let state = Atomics.load(this.#words, Word.state);
    for (let spins = 0; state === State.answer && spins < SPINS; spins++) state = Atomics.load(this.#words, Word.state);
    return state;
  }

  /** Keeps the part of a request that lies in the window. False when the request is too long to be one. */
  takePart(): boolean {
    if (this.#long.isFull) return false;
    this.#long.add(this.#window);
    this.#handOver(State.taken);
    return true;
  }

  /** The bytes of the request. Those of a long write are valid until the answer. */
  takeRequest(): Uint8Array {
    const last = this.#window.subarray(0, this.#words[Word.length]);
    // What a file takes is copied once more there, and the process does nothing until it is answered.
    if (this.#long.isEmpty) return last.length > COPIED_BYTES && isWrite(last) ? last : last.slice();
    this.#long.add(last);
    return this.#long.take();
  }

  /** What the process tells with a request, in pairs: a descriptor and its offset. */
  takeNotes(): unknown[] {
    const count = this.#words[Word.noteCount] ?? 0;
    if (count === 0) return [];
    return [...this.#words.subarray(Word.notes, Word.notes + 2 * Math.min(count, MAX_NOTES))];
  }

  /** Says on which inodes the next answer depends: null, too many, or one that is never kept, and the process does not keep it. */
  nameDependencies(visited: number[] | null): void {
    const words = this.#words;
    words[Word.stampCount] = 0;
    if (visited === null || visited.length > MAX_DEPENDENCIES || visited.includes(NEVER_KEPT)) return;
    for (let i = 0; i < visited.length; i++) words[Word.dependencies + i] = numberOnWire(visited[i] ?? 0);
    words[Word.stampCount] = visited.length;
    words[Word.stampSum] = this.#stamps.sum(visited);
  }

  answer(value: unknown, isStat: boolean): void {
    if (value instanceof Look) this.#sendLook(value);
    else if (isStat && value !== null) this.#send(Status.stat, packStat(value as Stat));
    else if (value instanceof Uint8Array) this.#send(Status.bytes, value);
    else this.#send(Status.value, encoder.encode(value));
  }

  answerError({ code, message }: SystemError): void {
    this.#send(Status.error, encoder.encode([code, message]));
  }

  /** The next piece of the answer. False when there is none. */
  sendMore(): boolean {
    if (!this.#rest) return false;
    this.#writePiece(this.#rest);
    return true;
  }

  #sendLook({ stampBefore, stampAfter, stat, bytes }: Look): void {
    if (this.#closed) return;
    const packed = packStat(stat);
    const length = packed.length + bytes.length;
    this.#window.set(packed);
    copyShared(this.#window, bytes, packed.length);
    this.#words[Word.stampBefore] = stampBefore;
    this.#words[Word.stampAfter] = stampAfter;
    this.#words[Word.status] = Status.look;
    this.#words[Word.total] = this.#words[Word.length] = length;
    this.#rest = null;
    this.#handOver(State.answer);
  }

  #send(status: number, bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#words[Word.status] = status;
    this.#words[Word.total] = bytes.length;
    // The rest must outlive the encoder's memory and later writes to the file that it may be a view of.
    this.#writePiece(bytes.length > WINDOW_BYTES ? bytes.slice() : bytes);
  }

  #writePiece(rest: Uint8Array): void {
    const piece = rest.subarray(0, WINDOW_BYTES);
    copyShared(this.#window, piece);
    this.#words[Word.length] = piece.length;
    this.#rest = rest.length > piece.length ? rest.subarray(piece.length) : null;
    this.#handOver(State.answer);
  }

  #handOver(state: number): void {
    Atomics.store(this.#words, Word.state, state);
    Atomics.notify(this.#words, Word.state);
  }
}

/** What stands for a working directory is too large for a word. */
const numberOnWire = (inode: number): number => (inode < MAX_NUMBER ? inode : -indexOf(inode));
