/**
 * A ring in the memory of a process's synchronous calls, for what one side need not wait for. In that of the process lie writes and
 * asynchronous calls: the kernel takes them before it looks at any other call of that process, so they count as made. The
 * other side is woken through the head's word.
 *
 * A record is a number (of a write its descriptor, else see `Behind`) and the length (Int32 each), then the bytes, padded to a
 * multiple of four.
 */
import { joinBytes } from '../join-bytes.ts';

const RECORD_HEADER = 8;

export interface RingMemory {
  /** Counts the bytes that were put in; the other the bytes that were taken out. Both wrap around at 2³². */
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly head: number;
  readonly tail: number;
  /** Its size is a power of two. */
  readonly ring: Uint8Array<SharedArrayBuffer>;
}

export interface BehindRecord {
  fd: number;
  data: Uint8Array;
}

export class WriteBehindRing {
  readonly #memory: RingMemory;
  readonly #ints: Int32Array<SharedArrayBuffer>;
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
    const { words, head, tail, ring } = this.#memory;
    const start = Atomics.load(words, head);
    const used = (start - Atomics.load(words, tail)) >>> 0;
    const size = sizeOf(data.length);
    if (size > ring.length - used) return false;
    this.#putInt(start, fd);
    this.#putInt(start + 4, data.length);
    this.#putBytes(start + RECORD_HEADER, data);
    Atomics.store(words, head, (start + size) | 0);
    const from = this.#quietFrom ?? start;
    this.#quietFrom = quietly ? from : null;
    // The other side that has not taken all that it was woken for will look again before it waits.
    if (!quietly && (start - Atomics.load(words, tail)) >>> 0 <= (start - from) >>> 0) Atomics.notify(words, head);
    return true;
  }

  /** Wakes the other side for what it was not woken for. */
  wake(): void {
    if (this.#quietFrom === null) return;
    this.#quietFrom = null;
    Atomics.notify(this.#memory.words, this.#memory.head);
  }

  /** What the other side calls. null when nothing is left, or when what lies there is no record: nothing more is taken then. */
  take(): BehindRecord | null {
    const { words, head, tail, ring } = this.#memory;
    const start = Atomics.load(words, tail);
    const used = (Atomics.load(words, head) - start) >>> 0;
    if (used < RECORD_HEADER) return null;
    const fd = this.#int(start);
    const length = this.#int(start + 4);
    if (length < 0 || used > ring.length || sizeOf(length) > used) return null;
    const data = this.#bytes(start + RECORD_HEADER, length);
    Atomics.store(words, tail, (start + sizeOf(length)) | 0);
    return { fd, data };
  }

  /** As `take`, with the writes to the same descriptor that follow it, to so many bytes in all: one long one costs less. */
  takeJoined(most: number): BehindRecord | null {
    const first = this.take();
    if (first === null || first.fd < 0) return first;
    const parts = [first.data];
    let total = first.data.length;
    for (let next = this.#peek(); next?.fd === first.fd && total + next.length <= most; next = this.#peek()) {
      const record = this.take();
      if (record === null) break;
      parts.push(record.data);
      total += record.data.length;
    }
    return parts.length === 1 ? first : { fd: first.fd, data: joinBytes(parts) };
  }

  #peek(): { fd: number; length: number } | null {
    const { words, head, tail } = this.#memory;
    const start = Atomics.load(words, tail);
    if ((Atomics.load(words, head) - start) >>> 0 < RECORD_HEADER) return null;
    return { fd: this.#int(start), length: this.#int(start + 4) };
  }

  /** The head as it is now: what the other side waits on to change. */
  get position(): number {
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
      ring.set(data, at);
      return;
    }
    ring.set(data.subarray(0, room), at);
    ring.set(data.subarray(room), 0);
  }

  #bytes(position: number, length: number): Uint8Array {
    const { ring } = this.#memory;
    const at = this.#offset(position);
    if (at + length <= ring.length) return ring.slice(at, at + length);
    const data = new Uint8Array(length);
    const first = ring.subarray(at);
    data.set(first);
    data.set(ring.subarray(0, length - first.length), first.length);
    return data;
  }
}

function sizeOf(length: number): number {
  return RECORD_HEADER + ((length + 3) & ~3);
}
