/**
 * A ring in the memory of a process's synchronous calls, for what one side need not wait for. In that of the process lie writes and
 * asynchronous calls: the kernel takes them before it looks at any other call of that process, so they count as made. The
 * other side is woken through the head's word.
 *
 * A record is a number (of a write its descriptor, else see `Behind`) and the length (Int32 each), then the bytes, padded to a
 * multiple of eight: what does not lie so is copied byte by byte, which takes ten times as long.
 */
import { copyShared } from './copy-shared.ts';

const RECORD_HEADER = 8;
/** Of a {@link FileWrite}: in front of its bytes lie its target, the lower and the upper half of its position, and of its time the lower. */
const PLACE_BYTES = 16;
const HALF = 2 ** 32;
/** To copy it costs more than a call. */
const LONG_WRITE = 16 * 1024;
/** Set in the head, which else counts whole words, while nothing may be put in by `appendOwned`. */
const NOT_OWNED = 1;
const COUNT = ~3;
/** For so much the other side is woken that looks soon: it takes as long to wake up as to put in several times as much. */
const MUCH_BYTES = 128 * 1024;
/** How often is looked for room before the thread goes to sleep. */
const ROOM_SPINS = 2000;
/** And a part of the ring is waited for, as a power of two. */
const ROOM_SHIFT = 2;
/** So many bytes are copied one by one sooner than by a call. */
const SHORT_BYTES = 128;

export interface RingMemory {
  /** Counts the bytes that were put in; the other the bytes that were taken out. Both wrap around at 2³². */
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly head: number;
  readonly tail: number;
  /** Its size is a power of two. */
  readonly ring: Uint8Array<SharedArrayBuffer>;
  /** So much may lie there when `append` puts in more: what other processes read is waited for as natively. */
  readonly appendLimit?: number;
  /** Where the one side says for how much room it waits, until the other one has made it. */
  readonly roomWanted?: number;
}

export interface BehindRecord {
  fd: number;
  data: Uint8Array;
}

/** Bytes for a file, as a record of a kind below zero. */
export interface FileWrite {
  kind: number;
  target: number;
  /** null: where the target itself says. */
  position: number | null;
  /** When it was made, in milliseconds since the epoch; of what was taken out the lower half is left, as an Int32. */
  time: number;
  /** Memory that other records will take soon. */
  data: Uint8Array;
}

export class WriteBehindRing {
  readonly #memory: RingMemory;
  readonly #ints: Int32Array<SharedArrayBuffer>;
  /** The engine's own: a program's is another one, or what it has put there. */
  readonly #wait = Atomics.wait;
  /** Where the records begin that the other side was not woken for. */
  #quietFrom: number | null = null;

  constructor(memory: RingMemory) {
    this.#memory = memory;
    const { ring } = memory;
    this.#ints = new Int32Array(ring.buffer, ring.byteOffset, ring.length / 4);
  }

  /**
   * False when there is no room: then another way must be taken. With `quietly` the other side is not woken: it sees the record when
   * it looks the next time.
   */
  append(fd: number, data: Uint8Array, quietly = false): boolean {
    return this.appendPieces(fd, [data], quietly);
  }

  /** As `append`, of data in pieces. */
  appendPieces(fd: number, pieces: readonly Uint8Array[], quietly = false): boolean {
    const length = lengthOf(pieces);
    const start = this.#begin(fd, length, this.#memory.appendLimit);
    if (start === null) return false;
    let at = start + RECORD_HEADER;
    for (const piece of pieces) {
      this.#putBytes(at, piece);
      at += piece.length;
    }
    this.#wakeNow(start, sizeOf(length), quietly);
    return true;
  }

  #wakeNow(start: number, size: number, quietly: boolean): void {
    Atomics.add(this.#memory.words, this.#memory.head, size);
    const from = this.#quietFrom ?? start;
    this.#quietFrom = quietly ? from : null;
    // The other side that has not taken all that it was woken for will look again before it waits.
    if (!quietly && this.#waiting(start) <= (start - from) >>> 0) Atomics.notify(this.#memory.words, this.#memory.head);
  }

  /** As `append`. While the other side is `attentive`, which says that it looks soon, it is woken only when much lies there. */
  appendWrite({ kind, target, position, time, data }: FileWrite, attentive: number): boolean {
    const { words, head } = this.#memory;
    const start = this.#begin(kind, PLACE_BYTES + data.length);
    if (start === null) return false;
    this.#putInt(start + RECORD_HEADER, target);
    this.#putInt(start + RECORD_HEADER + 4, position === null ? -1 : position | 0);
    this.#putInt(start + RECORD_HEADER + 8, position === null ? -1 : Math.floor(position / HALF));
    this.#putInt(start + RECORD_HEADER + 12, time | 0);
    this.#putBytes(start + RECORD_HEADER + PLACE_BYTES, data);
    Atomics.add(words, head, sizeOf(PLACE_BYTES + data.length));
    this.#wakeLater(start, sizeOf(PLACE_BYTES + data.length), attentive);
    return true;
  }

  /** As `appendWrite`, of any record. */
  appendLater(kind: number, data: Uint8Array, attentive: number): boolean {
    const start = this.#begin(kind, data.length);
    if (start === null) return false;
    this.#putBytes(start + RECORD_HEADER, data);
    Atomics.add(this.#memory.words, this.#memory.head, sizeOf(data.length));
    this.#wakeLater(start, sizeOf(data.length), attentive);
    return true;
  }

  /** As `appendLater`, but false, too, when the other side has ended it (`endOwnership`), which it does in no moment between. */
  appendOwned(kind: number, data: Uint8Array, attentive: number): boolean {
    const { words, head } = this.#memory;
    const start = this.#begin(kind, data.length);
    if (start === null) return false;
    this.#putBytes(start + RECORD_HEADER, data);
    const size = sizeOf(data.length);
    if (Atomics.compareExchange(words, head, start, (start + size) | 0) !== start) return false;
    this.#wakeLater(start, size, attentive);
    return true;
  }

  /** What the other side calls: from now on `appendOwned` puts something in, or nothing. */
  beginOwnership(): void {
    Atomics.and(this.#memory.words, this.#memory.head, ~NOT_OWNED);
  }

  endOwnership(): void {
    Atomics.or(this.#memory.words, this.#memory.head, NOT_OWNED);
  }

  #wakeLater(start: number, size: number, attentive: number): void {
    const { words, head, ring } = this.#memory;
    const end = (start + size) | 0;
    const from = this.#quietFrom ?? start;
    const much = Math.min(MUCH_BYTES, ring.length / 2);
    const isMuch = this.#waiting(end) >= much && this.#waiting(start) < much;
    const isLate = Atomics.load(words, attentive) === 0 && this.#waiting(start) <= (start - from) >>> 0;
    this.#quietFrom = isLate || isMuch ? null : from;
    if (isLate || isMuch) Atomics.notify(words, head);
  }

  /** Waits until there is room for a record of so many bytes that belongs to a file; false when there never is. */
  waitForRoom(length: number): boolean {
    const { words, tail, ring, roomWanted } = this.#memory;
    const needed = Math.max(sizeOf(PLACE_BYTES + length), ring.length >> ROOM_SHIFT);
    if (roomWanted === undefined || needed > ring.length) return false;
    this.wake();
    const { position } = this;
    const most = ring.length - needed;
    for (let spins = 0; spins < ROOM_SPINS; spins++) if (this.#waiting(position) <= most) return true;
    Atomics.store(words, roomWanted, needed);
    for (;;) {
      const taken = Atomics.load(words, tail);
      if ((position - taken) >>> 0 <= most) break;
      this.#wait(words, tail, taken);
    }
    Atomics.store(words, roomWanted, 0);
    return true;
  }

  /** The records before this position are taken. */
  #taken(position: number): void {
    const { words, tail, ring, roomWanted } = this.#memory;
    Atomics.store(words, tail, position);
    if (roomWanted === undefined) return;
    const wanted = Atomics.load(words, roomWanted);
    if (wanted !== 0 && this.#waiting(this.position) <= ring.length - wanted) Atomics.notify(words, tail);
  }

  /** Puts the header of a record behind the others; null when there is no room. */
  #begin(kind: number, length: number, limit = this.#memory.ring.length): number | null {
    const start = this.position;
    if (this.#waiting(start) + sizeOf(length) > limit) return null;
    this.#putInt(start, kind);
    this.#putInt(start + 4, length);
    return start;
  }

  /** How many bytes before this position the other side has not taken. */
  #waiting(position: number): number {
    return (position - Atomics.load(this.#memory.words, this.#memory.tail)) >>> 0;
  }

  /** Wakes the other side for what it was not woken for. */
  wake(): void {
    if (this.#quietFrom === null) return;
    this.#quietFrom = null;
    Atomics.notify(this.#memory.words, this.#memory.head);
  }

  /**
   * What the other side calls. null when nothing is left, or when what lies there is no record: nothing more is taken then. Where they
   * fit into `room` the bytes lie there; else they are an array of their own.
   */
  take(room?: Uint8Array): BehindRecord | null {
    const { words, tail, ring } = this.#memory;
    const start = Atomics.load(words, tail);
    const used = this.#waiting(this.position);
    if (used < RECORD_HEADER) return null;
    const fd = this.#int(start);
    const length = this.#int(start + 4);
    if (length < 0 || used > ring.length || sizeOf(length) > used) return null;
    const data = room && length <= room.length ? room.subarray(0, length) : new Uint8Array(length);
    this.#copyBytes(start + RECORD_HEADER, data);
    this.#taken((start + sizeOf(length)) | 0);
    return { fd, data };
  }

  /** As `take`, with the writes to the same descriptor that follow it, as far as they fit into `joined`: one long one costs less. */
  takeJoined(joined: Uint8Array): BehindRecord | null {
    const fd = this.nextKind;
    if (fd === null || fd < 0) return this.take();
    const { words, tail, ring } = this.#memory;
    const start = Atomics.load(words, tail);
    const end = this.position;
    if ((end - start) >>> 0 > ring.length) return null;
    let at = start;
    let total = 0;
    while ((end - at) >>> 0 >= RECORD_HEADER && this.#int(at) === fd) {
      // Looked at once: the other side may write what it likes there.
      const length = this.#int(at + 4);
      if (length < 0 || total + length > joined.length || sizeOf(length) > (end - at) >>> 0) break;
      this.#copyTo(joined, total, at + RECORD_HEADER, length);
      total += length;
      at = (at + sizeOf(length)) | 0;
    }
    if (at === start) return this.take();
    this.#taken(at);
    return { fd, data: joined.slice(0, total) };
  }

  #copyTo(target: Uint8Array, to: number, position: number, length: number): void {
    const { ring } = this.#memory;
    const at = this.#offset(position);
    if (length > SHORT_BYTES || at + length > ring.length) {
      this.#copyBytes(position, target.subarray(to, to + length));
      return;
    }
    for (let i = 0; i < length; i++) target[to + i] = ring[at + i] as number;
  }

  /** The number that the next record begins with; null when there is none. */
  get nextKind(): number | null {
    return this.#peek()?.fd ?? null;
  }

  /**
   * Gives the write to a file that is next, if it is of that kind, to `use`, with those that go on where it ends; false when there is
   * none. A long one is not copied, and still lies in the ring meanwhile.
   */
  takeWrites(kind: number, joined: Uint8Array, use: (write: FileWrite) => void): boolean {
    const first = this.#peekWrite(kind);
    if (first === null || first.length > joined.length) return false;
    const { target, position } = first;
    const { ring } = this.#memory;
    const at = this.#offset(first.start);
    if (first.length >= LONG_WRITE && at + first.length <= ring.length) {
      use({ kind, target, position, time: first.time, data: ring.subarray(at, at + first.length) });
      this.#taken((first.start + padded(first.length)) | 0);
      return true;
    }
    let total = 0;
    let { time } = first;
    for (let next: Placed | null = first; next; next = this.#peekWrite(kind)) {
      if (next !== first && (next.target !== target || next.position !== endOf(position, total))) break;
      if (total + next.length > joined.length) break;
      this.#copyBytes(next.start, joined.subarray(total, total + next.length));
      total += next.length;
      time = next.time;
      this.#taken((next.start + padded(next.length)) | 0);
    }
    use({ kind, target, position, time, data: joined.subarray(0, total) });
    return true;
  }

  #peekWrite(kind: number): Placed | null {
    const record = this.#peek();
    if (record?.fd !== kind) return null;
    const start = Atomics.load(this.#memory.words, this.#memory.tail) + RECORD_HEADER;
    const length = record.length - PLACE_BYTES;
    const used = this.#waiting(this.position);
    if (length < 0 || used > this.#memory.ring.length || sizeOf(record.length) > used) return null;
    const upper = this.#int(start + 8);
    const position = upper < 0 ? null : upper * HALF + (this.#int(start + 4) >>> 0);
    return { target: this.#int(start), position, time: this.#int(start + 12), start: start + PLACE_BYTES, length };
  }

  #peek(): { fd: number; length: number } | null {
    if (this.#waiting(this.position) < RECORD_HEADER) return null;
    const start = Atomics.load(this.#memory.words, this.#memory.tail);
    return { fd: this.#int(start), length: this.#int(start + 4) };
  }

  /** How much was put in until now. */
  get position(): number {
    return this.word & COUNT;
  }

  /** What the other side waits on to change. */
  get word(): number {
    return Atomics.load(this.#memory.words, this.#memory.head);
  }

  /** Whether the next record lies before a position that was the head once. */
  isBefore(position: number): boolean {
    return ((position - Atomics.load(this.#memory.words, this.#memory.tail)) | 0) > 0;
  }

  #offset(position: number): number {
    return position & (this.#memory.ring.length - 1);
  }

  #int(position: number): number {
    return this.#ints[this.#offset(position) / 4] ?? 0;
  }

  #putInt(position: number, value: number): void {
    this.#ints[this.#offset(position) / 4] = value;
  }

  #putBytes(position: number, data: Uint8Array): void {
    const { ring } = this.#memory;
    const at = this.#offset(position);
    const room = ring.length - at;
    if (data.length <= room) {
      copyShared(ring, data, at);
      return;
    }
    copyShared(ring, data.subarray(0, room), at);
    copyShared(ring, data.subarray(room));
  }

  #copyBytes(position: number, target: Uint8Array): void {
    const { ring } = this.#memory;
    const at = this.#offset(position);
    const first = ring.subarray(at, at + target.length);
    target.set(first);
    if (first.length < target.length) target.set(ring.subarray(0, target.length - first.length), first.length);
  }
}

export function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

/** A {@link FileWrite} where it lies. */
interface Placed {
  target: number;
  position: number | null;
  time: number;
  start: number;
  length: number;
}

const endOf = (position: number | null, length: number): number | null =>
  position === null ? null : position + length;

const padded = (length: number): number => (length + 7) & ~7;

const sizeOf = (length: number): number => RECORD_HEADER + padded(length);
