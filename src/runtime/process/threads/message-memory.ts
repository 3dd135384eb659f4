/**
 * Memory that the threads of one process share for the messages between them: a bell for each thread, and two rings, one each
 * way, for each channel between two threads. The thread that starts the first other one makes it; each gets it with its launch.
 * The kernel only passes it on.
 *
 * Words (Int32): the bells, then the state of each slot, then the words of each slot's two directions. The rings follow.
 */

/** Threads with numbers that lie so far apart hear each other's bell: they look in vain. */
const BELLS = 1024;
const SLOTS = 127;
/** No ring was free: messages go through the kernel alone. */
export const NO_SLOT = SLOTS;
/** A power of two. */
const RING_BYTES = 256 * 1024;
const SLOT_BYTES = 2 * RING_BYTES;

/** Of one direction. */
export const ChannelWord = {
  head: 0,
  tail: 1,
  /** How many messages were sent, by this way or through the kernel: each has its number. */
  sent: 2,
  /** The number of the message that the receiver takes next. */
  expected: 3,
  /** One more than the receiving thread's number; 0 while the port is under way. */
  receiver: 4,
} as const;
const DIRECTION_WORDS = 8;

const FIRST_STATE = BELLS;
const FIRST_DIRECTION = FIRST_STATE + SLOTS + 1;
const WORDS = FIRST_DIRECTION + SLOTS * 2 * DIRECTION_WORDS;
const HEADER_BYTES = 4 * WORDS;
const FIRST_SIZE = HEADER_BYTES + 4 * SLOT_BYTES;
const LAST_SIZE = HEADER_BYTES + SLOTS * SLOT_BYTES;

/** States of a slot: free, used with the ends that were closed as bits above it, or the second in which it was given back. */
const FREE = 0;
const USED = 4;
const BOTH_CLOSED = 3;
/** A thread that was told to end may write for a while: until then nobody else gets its rings. */
const REST_SECONDS = 4;

/** Which end of a channel. */
export type Side = 0 | 1;

export interface Direction {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly ring: Uint8Array<SharedArrayBuffer>;
}

export class MessageMemory {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(buffer = new SharedArrayBuffer(FIRST_SIZE, { maxByteLength: LAST_SIZE })) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORDS);
  }

  /** A slot for a new channel, empty; NO_SLOT when all are taken. */
  allocate(): number {
    for (let slot = 0; slot < SLOTS; slot++) {
      const state = Atomics.load(this.#words, FIRST_STATE + slot);
      if (!isFree(state) || Atomics.compareExchange(this.#words, FIRST_STATE + slot, state, USED) !== state) continue;
      this.#reach(HEADER_BYTES + (slot + 1) * SLOT_BYTES);
      for (const side of [0, 1] as const) this.direction(slot, side).words.fill(0);
      return slot;
    }
    return NO_SLOT;
  }

  #reach(size: number): void {
    while (this.buffer.byteLength < size) {
      try {
        this.buffer.grow(Math.min(LAST_SIZE, Math.max(size, 2 * this.buffer.byteLength)));
      } catch (error) {
        // Another thread has made it grow further meanwhile.
        if (!(error instanceof RangeError) || this.buffer.byteLength < size) throw error;
      }
    }
  }

  /** The end is of no use any more; with the other one's end the slot is free, after a while. */
  closeEnd(slot: number, side: Side): void {
    const at = FIRST_STATE + slot;
    for (;;) {
      const state = Atomics.load(this.#words, at);
      if (!(state & USED)) return;
      const closed = state | (1 << side);
      const next = closed === (USED | BOTH_CLOSED) ? seconds() << 3 : closed;
      if (Atomics.compareExchange(this.#words, at, state, next) === state) return;
    }
  }

  /** What `side` sends. */
  direction(slot: number, side: Side): Direction {
    const index = 2 * slot + side;
    const first = FIRST_DIRECTION + index * DIRECTION_WORDS;
    return {
      words: this.#words.subarray(first, first + DIRECTION_WORDS),
      ring: new Uint8Array(this.buffer, HEADER_BYTES + index * RING_BYTES, RING_BYTES),
    };
  }

  /** The words that hold the thread's bell, and its index there. */
  bellOf(thread: number): [Int32Array<SharedArrayBuffer>, number] {
    return [this.#words, thread % BELLS];
  }

  ring(thread: number): void {
    const bell = thread % BELLS;
    Atomics.add(this.#words, bell, 1);
    Atomics.notify(this.#words, bell);
  }
}

function isFree(state: number): boolean {
  if (state === FREE) return true;
  return (state & 7) === 0 && (((seconds() << 3) - state) | 0) >> 3 >= REST_SECONDS;
}

const { timeOrigin } = performance;
// The guest may put another clock in its place.
const now = performance.now.bind(performance);
const seconds = () => Math.floor((timeOrigin + now()) / 1000);
