/**
 * The writes of one descriptor, in order, one in flight.
 *
 * A write that fits into the send buffer counts as done at once, as it does with a kernel's socket buffer: its failure, if
 * any, is the failure of the next write. Longer ones complete when the kernel took them: that is the back pressure.
 */
import type { ProcessContext } from '../context.ts';
import { errnoOfError } from './handle-wrap.ts';
import { concatenate, copyOf } from './text.ts';

const SEND_BUFFER = 65536;

type Done = (status: number) => void;
interface Item {
  bytes: Uint8Array | 'shutdown';
  /** null: its caller was told already. */
  done: Done | null;
}

export class WriteQueue {
  readonly #context: ProcessContext;
  readonly #fd: number;
  readonly #isPipe: boolean;
  #fdOpen = true;
  readonly #items: Item[] = [];
  #inFlight = false;
  #closed = false;
  #failure = 0;
  /** Bytes that the kernel has not taken yet. */
  unsent = 0;

  /** `isPipe`: the descriptor is the write end of a pipe, whose writing side ends with its closing. */
  constructor(context: ProcessContext, fd: number, isPipe: boolean) {
    this.#context = context;
    this.#fd = fd;
    this.#isPipe = isPipe;
  }

  /** Returns an errno (0 is success) and whether `done` will be called later. */
  write(bytes: Uint8Array, done: Done): { status: number; pending: boolean } {
    if (this.#failure !== 0) return { status: this.#failure, pending: false };
    const buffered = this.unsent + bytes.length <= SEND_BUFFER && this.#items.every((item) => item.done === null);
    this.unsent += bytes.length;
    // The caller may reuse its memory as soon as the write counts as done.
    this.#items.push({ bytes: copyOf(bytes), done: buffered ? null : done });
    this.#pump();
    return { status: 0, pending: !buffered };
  }

  /** Ends the writing side after what was written before. */
  shutdown(done: Done): void {
    this.#items.push({ bytes: 'shutdown', done });
    this.#pump();
  }

  /** Cancels what was not taken as done, hands over the rest, then closes the descriptor. */
  close(): void {
    this.#closed = true;
    const head = this.#inFlight ? this.#items.shift() : undefined;
    const promised = this.#items.filter((item) => item.done === null).map((item) => item.bytes as Uint8Array);
    const cancelled = this.#items.splice(0).flatMap((item) => item.done ?? []);
    const cancel = (done: Done): void => this.#context.loop.enqueue(() => done(this.#context.errnoOf('ECANCELED')));
    if (head?.done) cancel(head.done);
    for (const done of cancelled) cancel(done);
    const { sys } = this.#context;
    const closeDescriptor = (): void => {
      if (this.#fdOpen) sys.callWith('close', [this.#fd], () => undefined);
    };
    if (promised.length > 0) {
      sys.callWith('write', [this.#fd, concatenate(promised), null], closeDescriptor);
    } else if (this.#inFlight && head?.done === null) {
      this.#afterFlight = closeDescriptor;
    } else {
      closeDescriptor();
    }
  }

  #afterFlight = (): void => undefined;

  #pump(): void {
    const item = this.#items[0];
    if (item === undefined || this.#inFlight || this.#closed) return;
    this.#inFlight = true;
    const { sys, loop } = this.#context;
    loop.ref();
    const settle = (error: Error | null, written?: number): void => {
      loop.unref();
      this.#inFlight = false;
      if (this.#closed) this.#afterFlight();
      else this.#settle(item, error, written ?? 0);
    };
    if (item.bytes === 'shutdown') {
      this.#fdOpen = !this.#isPipe;
      sys.callWith(this.#isPipe ? 'close' : 'shutdown', [this.#fd], (error) => settle(error));
    } else sys.callWith('write', [this.#fd, item.bytes, null], settle);
  }

  #settle(item: Item, error: Error | null, written: number): void {
    if (error !== null) {
      this.#fail(errnoOfError(this.#context, error));
      return;
    }
    if (item.bytes !== 'shutdown') {
      this.unsent -= written;
      if (written < item.bytes.length) item.bytes = item.bytes.subarray(written);
      else this.#items.shift();
    } else {
      this.#items.shift();
    }
    const finished = this.#items[0] !== item;
    this.#pump();
    if (finished) item.done?.(0);
  }

  #fail(errno: number): void {
    this.#failure = errno;
    this.unsent = 0;
    for (const item of this.#items.splice(0)) item.done?.(errno);
  }
}
