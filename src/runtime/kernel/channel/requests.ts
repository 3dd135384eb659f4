/** What comes from a process is read with care: it may send anything at all. */
import { SystemError } from '../syscalls.ts';
import { decodeInPlace, Encoder } from './codec.ts';
import { MAX_REQUEST_BYTES, nameOfCall, numberOfCall, WINDOW_BYTES } from './sync-layout.ts';
import type { CallMessage } from './worker-messages.ts';

/** There is room for so many windows when a request turns out to be longer than one. */
const FIRST_PARTS = 2;
/** A request that is longer than the window, as far as it has come. */
export class LongRequest {
  /** What is behind the length is room for more. */
  #bytes = new Uint8Array(0);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Whether a whole window more would be too much. */
  get isFull(): boolean {
    return this.#length + WINDOW_BYTES > MAX_REQUEST_BYTES;
  }

  add(part: Uint8Array): void {
    const needed = this.#length + part.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, FIRST_PARTS * WINDOW_BYTES, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(part, this.#length);
    this.#length = needed;
  }

  /** The whole request; the next one begins. */
  take(): Uint8Array {
    const whole = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    return whole;
  }
}

/** A {@link CallMessage} of which only the outside is known. */
export interface UncheckedCall {
  id: number;
  sequence: number;
  name: unknown;
  args: unknown;
  notes: unknown;
}

export function isCallMessage(message: unknown): message is UncheckedCall {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'call') return false;
  const { id, sequence } = message as Partial<CallMessage>;
  return Number.isSafeInteger(id) && Number.isSafeInteger(sequence);
}

/** The values of a record; null when it holds none. */
export function readValues(bytes: Uint8Array, decodeValues: (bytes: Uint8Array) => unknown): unknown[] | null {
  try {
    const values = decodeValues(bytes);
    return Array.isArray(values) ? values : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const writeStart = new Encoder().encode([numberOfCall('write'), 0, 0, null]).slice(0, 10);

/** Whether the bytes are a request to write, which holds no text: that cannot be decoded where memory is shared. */
export function isWrite(bytes: Uint8Array): boolean {
  return writeStart.every((byte, index) => bytes[index] === byte);
}

/** Name and arguments; EINVAL when the bytes are no request. */
export function readRequest(bytes: Uint8Array): [name: unknown, args: unknown[]] {
  let request: unknown;
  try {
    request = decodeInPlace(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SystemError('EINVAL', error.message);
  }
  if (!Array.isArray(request)) throw new SystemError('EINVAL');
  const [number, ...args] = request as unknown[];
  return [typeof number === 'number' ? nameOfCall(number) : undefined, args];
}
