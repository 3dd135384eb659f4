/** A bounded queue of bytes: a pipe, or one direction of a socket. Writers wait while it is full, readers while it is empty. */
import { concatenate } from './process-channel.ts';
import { SystemError } from './syscalls.ts';
import { type Caller, WAIT, WaitQueue } from './wait-queue.ts';

/** As a pipe of Linux. */
export const PIPE_CAPACITY = 64 * 1024;

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #ended = false;
  #abandoned = false;
  readonly #readers = new WaitQueue();
  readonly #writers = new WaitQueue();
  readonly #capacity: number;

  constructor(capacity = PIPE_CAPACITY) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** At most `length` bytes; empty when the writers are gone and everything has been read. */
  read(caller: Caller, fd: number | null, length: number): Uint8Array | Promise<Uint8Array> {
    return this.#readers.run(caller, fd, () => {
      if (this.#size === 0 && length > 0) return this.#ended ? new Uint8Array(0) : WAIT;
      const bytes = this.#take(length);
      this.#writers.wake();
      return bytes;
    });
  }

  /** Writes everything, waiting for room as often as needed. EPIPE when nobody will read. */
  write(caller: Caller, fd: number | null, data: Uint8Array): number | Promise<number> {
    let written = 0;
    const attempt = () => {
      if (this.#abandoned || this.#ended) throw new SystemError('EPIPE');
      const room = this.#capacity - this.#size;
      const part = data.subarray(written, written + room);
      if (part.length > 0) {
        this.#chunks.push(part.slice());
        this.#size += part.length;
        written += part.length;
        this.#readers.wake();
      }
      return written < data.length ? WAIT : written;
    };
    const tryHard = () => {
      // Readers that were waiting may have made room again.
      for (;;) {
        const before = written;
        const result = attempt();
        if (result !== WAIT || written === before) return result;
      }
    };
    return this.#writers.run(caller, fd, tryHard);
  }

  /** No more will be written: readers see the end after what is left. */
  end(): void {
    this.#ended = true;
    this.#readers.wake();
    this.#writers.wake();
  }

  /** Nobody will read any more. */
  abandon(): void {
    this.#abandoned = true;
    this.#chunks = [];
    this.#size = 0;
    this.#writers.wake();
  }

  #take(length: number): Uint8Array {
    const first = this.#chunks[0];
    if (!first) return new Uint8Array(0);
    if (first.length > length) {
      this.#chunks[0] = first.subarray(length);
      this.#size -= length;
      return first.subarray(0, length);
    }
    const parts: Uint8Array[] = [];
    let taken = 0;
    for (let chunk: Uint8Array | undefined = first; chunk && taken + chunk.length <= length; chunk = this.#chunks[0]) {
      parts.push(chunk);
      taken += chunk.length;
      this.#chunks.shift();
    }
    this.#size -= taken;
    return parts.length === 1 ? first : concatenate(parts);
  }
}
