/**
 * The writes of one descriptor, in order. What the kernel has room for is written at once, as libuv's `uv_try_write` does; the
 * rest is handed to it too, and completes when the kernel took it: that is the back pressure. So what was written before a
 * `process.exit` is on its way.
 */
import type { ProcessContext } from '../context.ts';
import { errnoOfError } from './handle-wrap.ts';

/**
 * So much is written without waiting for the kernel, before a write asks again whether there is room. A pipe holds that much more
 * than it should.
 */
const PUSH_BYTES = 16 * 1024;
/** A synchronous call carries so much; more would be copied in vain where there is no room. */
const TRY_BYTES = 256 * 1024 - 64;

type Done = (status: number) => void;
interface Item {
  length: number;
  done: Done;
}

export class WriteQueue {
  readonly #context: ProcessContext;
  readonly #fd: number;
  readonly #isPipe: boolean;
  readonly #isOwn: boolean;
  /** What was written since the last write that was waited for, and whose success holds as long as nothing broke since. */
  #pushed = 0;
  #breaks: number | null = null;
  #fdOpen = true;
  /** What the kernel has not answered yet. */
  #items: Item[] = [];
  /** Called when the writing side has ended, which waits for the items. */
  #ending: Done | null = null;
  #closed = false;
  /** Bytes that the kernel has not taken yet. */
  unsent = 0;

  /**
   * `isPipe`: the descriptor is the write end of a pipe, whose writing side ends with its closing; `isOwn`: it is that of a pipe or
   * socket, and nobody else writes there.
   */
  constructor(context: ProcessContext, fd: number, { isPipe = false, isOwn = false } = {}) {
    this.#context = context;
    this.#fd = fd;
    this.#isPipe = isPipe;
    this.#isOwn = isOwn;
  }

  /** Returns an errno (0 is success) and whether `done` will be called later. `passed`: a descriptor that goes along. */
  write(bytes: Uint8Array, done: Done, passed?: number): { status: number; pending: boolean } {
    if (passed === undefined && this.#push(bytes)) return { status: 0, pending: false };
    let taken = 0;
    if (this.#items.length === 0) {
      try {
        taken = this.#writeAvailable(bytes, passed);
      } catch (error) {
        return { status: errnoOfError(this.#context, error), pending: false };
      }
    }
    if (taken === bytes.length) return { status: 0, pending: false };
    const rest = bytes.subarray(taken);
    const item = { length: rest.length, done };
    this.unsent += rest.length;
    this.#items.push(item);
    const { sys, loop } = this.#context;
    loop.ref();
    const settle = (error: Error | null): void => this.#settle(item, error);
    if (passed === undefined || taken > 0) sys.callWith('write', [this.#fd, rest, null], settle);
    else sys.callWith('sendDescriptor', [this.#fd, rest, passed], settle);
    return { status: 0, pending: true };
  }

  /** The next write is waited for, whatever it is: it is there before this process does anything else. */
  waitForNext(): void {
    this.#breaks = null;
  }

  /** False when the write must be waited for: to learn of its success, or of room. */
  #push(bytes: Uint8Array): boolean {
    const { sys } = this.#context;
    if (this.#items.length > 0 || this.#breaks !== sys.breaks) return false;
    if (this.#pushed + bytes.length > PUSH_BYTES) return false;
    this.#pushed += bytes.length;
    sys.push(this.#fd, bytes);
    return true;
  }

  #writeAvailable(bytes: Uint8Array, passed?: number): number {
    const { breaks } = this.#context.sys;
    const taken = this.#tryParts(bytes, passed);
    this.#breaks = this.#isOwn && taken === bytes.length ? breaks : null;
    this.#pushed = 0;
    return taken;
  }

  #tryParts(bytes: Uint8Array, passed?: number): number {
    let taken = 0;
    while (taken < bytes.length) {
      const part = bytes.subarray(taken, taken + TRY_BYTES);
      const written = this.#tryPart(part, taken === 0 ? passed : undefined);
      taken += written;
      if (written < part.length) break;
    }
    return taken;
  }

  #tryPart(part: Uint8Array, passed?: number): number {
    try {
      return this.#context.sys.call('writeAvailable', this.#fd, part, passed);
    } catch (error) {
      if (isFull(error)) return 0;
      throw error;
    }
  }

  /** Ends the writing side after what was written before. */
  shutdown(done: Done): void {
    if (this.#items.length > 0) {
      this.#ending = done;
      return;
    }
    const { loop } = this.#context;
    const status = this.#shutdownNow();
    loop.ref();
    loop.enqueueSoon(() => {
      loop.unref();
      done(status);
    });
  }

  #shutdownNow(): number {
    this.#fdOpen = !this.#isPipe;
    try {
      this.#context.sys.call(this.#isPipe ? 'close' : 'shutdown', this.#fd);
      return 0;
    } catch (error) {
      return errnoOfError(this.#context, error);
    }
  }

  /** Cancels what has not been written, then closes the descriptor. With `reset` the peer learns of an abort. */
  close(reset = false): void {
    this.#closed = true;
    const { sys, loop } = this.#context;
    for (const done of this.#takeWaiting()) loop.enqueueClosing(() => done(this.#context.errnoOf('ECANCELED')));
    if (!this.#fdOpen) return;
    if (reset) sys.callWith('reset', [this.#fd], () => undefined);
    sys.callWith('close', [this.#fd], () => undefined);
  }

  #settle(item: Item, error: Error | null): void {
    this.#context.loop.unref();
    if (this.#closed) return;
    this.#items = this.#items.filter((other) => other !== item);
    this.unsent -= item.length;
    item.done(error === null ? 0 : errnoOfError(this.#context, error));
    if (this.#items.length > 0 || this.#ending === null) return;
    const done = this.#ending;
    this.#ending = null;
    this.shutdown(done);
  }

  #takeWaiting(): Done[] {
    const waiting = this.#items.splice(0).map(({ done }) => done);
    if (this.#ending !== null) waiting.push(this.#ending);
    this.#ending = null;
    return waiting;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
