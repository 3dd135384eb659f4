/**
 * The writes of one descriptor, in order. What the kernel has room for is written at once, as libuv's `uv_try_write` does; the
 * rest is handed to it too, and completes when the kernel took it: that is the back pressure. So what was written before a
 * `process.exit` is on its way.
 */
import type { SocketDescription } from '../../kernel/descriptions/socket.ts';
import type { ProcessContext } from '../context.ts';
import { errnoOfError } from './handle-wrap.ts';

/**
 * So much is written without waiting for the kernel, before a write asks again whether there is room. A pipe holds that much more
 * than it should.
 */
const PUSH_BYTES = 16 * 1024;
/** A synchronous call carries so much; more would be copied in vain where there is no room. */
const TRY_BYTES = 256 * 1024 - 64;

const NOTHING = new Uint8Array(0);

type Done = (status: number) => void;
interface Item {
  length: number;
  done: Done;
  /** What there was no room for yet, on a connection within this thread. */
  rest?: Uint8Array;
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
  #used = false;
  #local: SocketDescription | null = null;
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

  /** Nothing was written, nor ended. */
  get isUnused(): boolean {
    return !this.#used && !this.#closed;
  }

  /** The connection within this thread that takes the place of the kernel's; null: the kernel's again. */
  carryBy(local: SocketDescription | null): void {
    this.#local = local;
    if (local !== null) return;
    for (const item of this.#items) {
      if (item.rest === undefined) continue;
      this.#context.sys.callWith('write', [this.#fd, item.rest, null], (error) => this.#settle(item, error));
      delete item.rest;
    }
  }

  /** There may be room on the connection within this thread. */
  flush(): void {
    for (const item of this.#items) {
      if (item.rest === undefined) continue;
      let failure: Error | null = null;
      try {
        item.rest = item.rest.subarray(taken(() => this.#local?.writeMore(item.rest ?? NOTHING)));
      } catch (error) {
        failure = error as Error;
      }
      if (failure === null && item.rest.length > 0) return;
      delete item.rest;
      this.#context.loop.enqueue(() => this.#settle(item, failure));
    }
  }

  /** Returns an errno (0 is success) and whether `done` will be called later. `passed`: a descriptor that goes along. */
  write(bytes: Uint8Array, done: Done, passed?: number): { status: number; pending: boolean } {
    this.#used = true;
    if (this.#local === null && passed === undefined && this.#push(bytes)) return { status: 0, pending: false };
    let written = 0;
    if (this.#items.length === 0) {
      try {
        written = this.#writeAvailable(bytes, passed);
      } catch (error) {
        return { status: errnoOfError(this.#context, error), pending: false };
      }
    }
    if (written === bytes.length) return { status: 0, pending: false };
    const rest = bytes.subarray(written);
    const item: Item = { length: rest.length, done };
    this.unsent += rest.length;
    this.#items.push(item);
    const { sys, loop } = this.#context;
    loop.ref();
    if (this.#local !== null) {
      item.rest = new Uint8Array(rest);
      return { status: 0, pending: true };
    }
    const settle = (error: Error | null): void => this.#settle(item, error);
    if (passed === undefined || written > 0) sys.callWith('write', [this.#fd, rest, null], settle);
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
    if (this.#local !== null) return this.#tryParts(bytes);
    const { breaks } = this.#context.sys;
    const written = this.#tryParts(bytes, passed);
    this.#breaks = this.#isOwn && written === bytes.length ? breaks : null;
    this.#pushed = 0;
    return written;
  }

  #tryParts(bytes: Uint8Array, passed?: number): number {
    let total = 0;
    while (total < bytes.length) {
      const part = bytes.subarray(total, total + TRY_BYTES);
      const written = this.#tryPart(part, total === 0 ? passed : undefined);
      total += written;
      if (written < part.length) break;
    }
    return total;
  }

  #tryPart(part: Uint8Array, passed?: number): number {
    const local = this.#local;
    return taken(() => local?.writeAvailable(part) ?? this.#context.sys.call('writeAvailable', this.#fd, part, passed));
  }

  /** Ends the writing side after what was written before. */
  shutdown(done: Done): void {
    this.#used = true;
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
    if (this.#local !== null) {
      this.#local.shutdown();
      return 0;
    }
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
    // The others are answered by the kernel.
    for (const { rest } of this.#items) if (rest !== undefined) loop.unref();
    for (const done of this.#takeWaiting()) loop.enqueueClosing(() => done(this.#context.errnoOf('ECANCELED')));
    if (!this.#fdOpen) return;
    if (reset) this.#local?.resetOnClose();
    this.#local?.close();
    try {
      if (reset) sys.send('reset', this.#fd);
      sys.send('close', this.#fd);
    } catch (error) {
      // Another thread may have closed it.
      errnoOfError(this.#context, error);
    }
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

/** What was written, nothing where there is no room. */
function taken(write: () => number | undefined): number {
  try {
    return write() ?? 0;
  } catch (error) {
    if (isFull(error)) return 0;
    throw error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
