/**
 * The writes of one descriptor, in order. Each is handed to the kernel at once, which keeps their order: what was written
 * before a `process.exit` is on its way, as it is natively.
 *
 * A write that fits into the send buffer counts as done at once, as it does with a kernel's socket buffer: its failure, if
 * any, is the failure of the next write. Longer ones complete when the kernel took them: that is the back pressure.
 */
import type { ProcessContext } from '../context.ts';
import { errnoOfError } from './handle-wrap.ts';

const SEND_BUFFER = 65536;

type Done = (status: number) => void;
interface Item {
  /** Bytes of a write; 0 of a shutdown. */
  length: number;
  /** null: its caller was told already. */
  done: Done | null;
  cancelled?: true;
}

export class WriteQueue {
  readonly #context: ProcessContext;
  readonly #fd: number;
  readonly #isPipe: boolean;
  #fdOpen = true;
  /** What the kernel has not answered yet. */
  #items: Item[] = [];
  #closed = false;
  /** The shutdown that waits for the writes before it. */
  #whenEmpty: (() => void) | null = null;
  #failure = 0;
  /** Bytes that the kernel has not taken yet. */
  unsent = 0;

  /** `isPipe`: the descriptor is the write end of a pipe, whose writing side ends with its closing. */
  constructor(context: ProcessContext, fd: number, isPipe: boolean) {
    this.#context = context;
    this.#fd = fd;
    this.#isPipe = isPipe;
  }

  /** Returns an errno (0 is success) and whether `done` will be called later. `passed`: a descriptor that goes along. */
  write(bytes: Uint8Array, done: Done, passed?: number): { status: number; pending: boolean } {
    if (this.#failure !== 0) return { status: this.#failure, pending: false };
    const buffered = this.unsent + bytes.length <= SEND_BUFFER && this.#items.every((item) => item.done === null);
    const item: Item = { length: bytes.length, done: buffered ? null : done };
    this.#items.push(item);
    this.unsent += bytes.length;
    const { sys, loop } = this.#context;
    loop.ref();
    const settle = (error: Error | null): void => this.#settle(item, error);
    if (passed === undefined) sys.callWith('write', [this.#fd, bytes, null], settle);
    else sys.callWith('sendDescriptor', [this.#fd, bytes, passed], settle);
    return { status: 0, pending: !buffered };
  }

  /** Ends the writing side after what was written before. */
  shutdown(done: Done): void {
    const item: Item = { length: 0, done };
    const end = (): void => {
      this.#context.loop.ref();
      const settle = (error: Error | null): void => this.#settle(item, error);
      this.#fdOpen = !this.#isPipe;
      this.#context.sys.callWith(this.#isPipe ? 'close' : 'shutdown', [this.#fd], settle);
    };
    // The kernel cancels what still waits when a descriptor is closed.
    if (this.#items.length === 0) end();
    else this.#whenEmpty = end;
    this.#items.push(item);
  }

  /** Cancels what was not taken as done; closes the descriptor when the kernel has taken the rest. */
  close(): void {
    this.#closed = true;
    const { loop, errnoOf } = this.#context;
    for (const item of this.#items) {
      const { done } = item;
      if (done === null) continue;
      item.done = null;
      item.cancelled = true;
      loop.enqueue(() => done(errnoOf('ECANCELED')));
    }
    this.#closeWhenPromisesAreKept();
  }

  #closeWhenPromisesAreKept(): void {
    if (!this.#closed || !this.#fdOpen || this.#items.some((item) => !item.cancelled)) return;
    this.#fdOpen = false;
    this.#context.sys.callWith('close', [this.#fd], () => undefined);
  }

  #settle(item: Item, error: Error | null): void {
    this.#context.loop.unref();
    this.#items = this.#items.filter((other) => other !== item);
    this.unsent -= item.length;
    const status = error === null ? 0 : errnoOfError(this.#context, error);
    if (status !== 0 && this.#failure === 0) this.#failure = status;
    const next = this.#items.length === 1 && !this.#closed ? this.#whenEmpty : null;
    if (next !== null) this.#whenEmpty = null;
    next?.();
    item.done?.(status);
    this.#closeWhenPromisesAreKept();
  }
}
