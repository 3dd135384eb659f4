import { TRANSFER_BYTES } from '../../kernel/channel/sync-layout.ts';
import type { ProcessContext } from '../context.ts';
import { errnoOfError } from './handle-wrap.ts';

/** A write that follows another so soon is not waited for, whatever broke meanwhile. */
const BURST_MS = 2;

/** Writes a stream synchronously, as the standard streams are written. */
export class DirectWriter {
  readonly #context: ProcessContext;
  readonly #fd: number;
  #lastWrite = Number.NEGATIVE_INFINITY;
  /** What had broken when a write was waited for: while no more has, the next ones succeed as that did. */
  #breaks = Number.NaN;
  #isConnection: boolean | null = null;

  constructor(context: ProcessContext, fd: number) {
    this.#context = context;
    this.#fd = fd;
  }

  /** Zero, or a negative errno. */
  write(bytes: Uint8Array): number {
    const { sys, host } = this.#context;
    const now = host.now();
    const inBurst = now - this.#lastWrite < BURST_MS;
    const breaks = sys.pipeBreaks;
    this.#lastWrite = now;
    if ((inBurst || this.#breaks === breaks) && sys.writeBehind(this.#fd, bytes)) return 0;
    try {
      for (let at = 0; at < bytes.length; ) at += this.#writePart(bytes, at);
      this.#isConnection ??= sys.call('descriptorKind', this.#fd) === 'socket';
      if (!this.#isConnection) this.#breaks = breaks;
      return 0;
    } catch (error) {
      return errnoOfError(this.#context, error);
    }
  }

  /** What goes to the kernel in one piece, which it need not put together first. */
  #writePart(bytes: Uint8Array, at: number): number {
    return this.#context.sys.call('write', this.#fd, bytes.subarray(at, at + TRANSFER_BYTES), null);
  }
}
