/** Hands the output of a process to its client: chunk after chunk, each when the one before was acknowledged. */
import type { ByteQueue } from '../byte-queue.ts';
import { joinBytes } from '../join-bytes.ts';
import type { Caller } from '../wait-queue.ts';
import type { OutputListener } from './client-interface.ts';

const CHUNK_BYTES = 64 * 1024;
/** Behind a chunk below so many bytes the next one is collected for so long: a line at a time costs the kernel more than its writer. */
const SMALL_BYTES = 4096;
const GAP_MS = 12;
const client: Caller = { waiting: new Set() };

/** Chunks end at borders of characters. */
export class Delivery {
  readonly #output: ByteQueue;
  readonly #listener: OutputListener;
  #held = new Uint8Array(0);
  #delivered = 0;
  /** What is written beyond so many bytes is dropped: whoever still writes must not be held up. */
  #limit = Number.POSITIVE_INFINITY;
  readonly #finished = Promise.withResolvers<void>();
  /** Ends a gap. */
  #hurry: () => void = () => undefined;
  #inHurry = false;

  constructor(output: ByteQueue, listener: OutputListener) {
    this.#output = output;
    this.#listener = listener;
    this.#run().then(this.#finished.resolve, this.#finished.reject);
  }

  /** Resolves when all that has been written by now is handed over. */
  async finish(): Promise<void> {
    this.#limit = this.#output.bytesWritten;
    this.#inHurry = true;
    this.#hurry();
    if (this.#delivered >= this.#limit) this.#finished.resolve();
    await this.#finished.promise;
    if (this.#held.length > 0) await this.#listener(this.#held);
    this.#held = new Uint8Array(0);
  }

  async #run(): Promise<void> {
    for (;;) {
      const read = await this.#output.read(client, null, CHUNK_BYTES);
      if (read.length === 0) return;
      if (this.#delivered < this.#limit) await this.#deliver(read.subarray(0, this.#limit - this.#delivered));
      this.#delivered += read.length;
      if (this.#delivered >= this.#limit) this.#finished.resolve();
      if (read.length < SMALL_BYTES) await this.#gap();
    }
  }

  #gap(): Promise<void> | undefined {
    if (this.#inHurry) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GAP_MS);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #deliver(read: Uint8Array): Promise<void> {
    const bytes = joinBytes([this.#held, read]);
    const whole = completeLength(bytes);
    this.#held = bytes.slice(whole);
    if (whole > 0) await this.#listener(bytes.slice(0, whole));
  }
}

/** Length without a UTF-8 sequence that is cut off at the end. */
export function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
