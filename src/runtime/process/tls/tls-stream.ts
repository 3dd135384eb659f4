/**
 * A stream whose bytes are those of a TLS connection over another stream: the half of `TLSWrap` that reads and writes. As in
 * Node's own, a cycle moves what is there in all directions until nothing moves any more.
 */

import { joinBytes } from '../../kernel/join-bytes.ts';
import type { ProcessContext } from '../context.ts';
import { nativeError } from '../crypto/errors.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import {
  kArrayBufferOffset,
  kBytesWritten,
  kLastWriteWasAsync,
  kReadBytesOrError,
  type ReadListener,
  type StreamClasses,
} from '../streams/stream-wrap.ts';
import { bytesOf, copyOf, encodeLatin1, encodeUcs2, encodeUtf8, ownMemoryOf } from '../streams/text.ts';
import { encodeChunks } from '../streams/write-chunks.ts';
import type { Connection } from './engine/connection.ts';
import { TlsFailure } from './engine/failure.ts';

/** The stream below: a socket's handle, a stream of JavaScript, or another of this kind. */
export interface StreamBelow {
  readonly bytesRead: number;
  setReadListener(listener: ReadListener | null): void;
  readStart(): number;
  readStop(): number;
  writeBuffer(request: object, data: Uint8Array): number;
  shutdown(request: object): number;
}

export type TlsStream = InstanceType<ReturnType<typeof defineTlsStream>>;

export function defineTlsStream(context: ProcessContext) {
  const { loop, asyncContext } = context;
  const { AsyncWrap } = handleClasses(context);
  // Those of the process, and not what a part of its own would make of the module.
  const shared = context.internalBinding('stream_wrap') as unknown as StreamClasses;
  const { streamBaseState: state, WriteWrap } = shared;
  const complete = (request: object, args: unknown[]): void =>
    asyncContext.complete(request, () => guestMethod(request, 'oncomplete')?.(...args));
  const errno = (code: string): number => context.errnoOf(code);
  const thread = threadNumber(context);

  class TlsStream extends AsyncWrap {
    readonly isStreamBase = true;
    readonly fd = -1;
    reading = false;
    onread: unknown = undefined;
    bytesRead = 0;
    bytesWritten = 0;
    protected connection: Connection | null = null;
    #below: StreamBelow | null = null;
    #listener: ReadListener | null = null;
    #userBuffer: Uint8Array | null = null;
    /** The program's write, until the peer's bytes of it have gone down. */
    #write: object | null = null;
    /** A write of nothing, which only waits for its turn below. */
    #emptyWrite: object | null = null;
    /** What could not be encrypted before the handshake has ended. */
    #unsent: Uint8Array | null = null;
    #isWritingBelow = false;
    /** Bytes that are on their way there. */
    #sizeBelow = 0;
    #mayTellOfWrite = false;
    #isInWrite = false;
    #isEnded = false;
    #isShut = false;
    /** A former owner of the stream below still writes there. */
    #waitsForFormerOwner = false;
    /** The program has been called in the midst of a cycle, which goes on in the loop's next task. */
    #isContinuing = false;
    #cycles = 0;
    /** The end of the stream below, behind what is still to be delivered. */
    #endBelow: number | null = null;
    /** Nothing goes down, and what comes is not read, while the program has a say. */
    protected isSuspended = false;

    constructor() {
      super('TLSWRAP');
    }

    protected begin(below: StreamBelow, connection: Connection, waitsForFormerOwner: boolean): void {
      this.#below = below;
      this.connection = connection;
      this.#waitsForFormerOwner = waitsForFormerOwner;
      below.setReadListener((result) => this.#received(result));
    }

    get writeQueueSize(): number {
      return this.#below === null ? 0 : (this.#unsent?.length ?? 0) + this.#sizeBelow;
    }
    /** What the library asks of a stream without a connection is refused, as by Node's own. */
    readStart(): number {
      if (this.connection === null) return errno('EINVAL');
      return this.#isEnded ? 0 : (this.#below?.readStart() ?? 0);
    }
    readStop(): number {
      if (this.connection === null) return errno('EINVAL');
      return this.#below?.readStop() ?? 0;
    }
    useUserBuffer(buffer: unknown): void {
      this.#userBuffer = bytesOf(buffer);
    }
    setReadListener(listener: ReadListener | null): void {
      this.#listener = listener;
    }
    /** Bytes that were read below before there was TLS. */
    receive(data: unknown): void {
      this.#received(copyOf(data));
    }
    /** The client says hello. */
    start(): void {
      this.cycle();
    }
    writesIssuedByPrevListenerDone(): void {
      this.#waitsForFormerOwner = false;
      this.#sendDown();
    }

    #received(result: Uint8Array | number): void {
      if (typeof result !== 'number') {
        this.connection?.push(result);
        this.cycle();
      } else if (this.#isContinuing) this.#endBelow = result;
      else this.#endedBelow(result);
    }
    #endedBelow(result: number): void {
      if (this.#isEnded) return;
      // What came before it first.
      this.#readPlain();
      if (this.#isContinuing) {
        this.#endBelow = result;
        return;
      }
      if (result === errno('EOF')) this.#isEnded = true;
      this.#deliver(result);
    }

    /** Moves what can be moved, in every direction. */
    protected cycle(): void {
      this.#cycles++;
      if (this.#cycles > 1) return;
      for (; this.#cycles > 0; this.#cycles--) {
        this.#encrypt();
        this.#readPlain();
        this.#sendDown();
      }
    }
    /** As `cycle`, when the loop comes to it: the program's callbacks have the ticks behind them that they have natively. */
    #continue(): void {
      if (this.#isContinuing) return;
      this.#isContinuing = true;
      loop.ref();
      loop.enqueue(() => {
        loop.unref();
        this.#isContinuing = false;
        this.cycle();
        const end = this.#endBelow;
        if (end === null || this.#isContinuing) return;
        this.#endBelow = null;
        this.#endedBelow(end);
      });
    }

    #readPlain(): void {
      if (this.isSuspended || this.#isEnded || this.#isContinuing || this.connection === null) return;
      try {
        const wasEstablished = this.connection.isEstablished;
        const result = this.connection.read();
        // The program was told of the end of the handshake.
        if (this.connection?.isEstablished !== wasEstablished) this.#continue();
        if (result === 'wait') return;
        if (result === 'closed') {
          this.#isEnded = true;
          this.#deliver(errno('EOF'));
          return;
        }
        this.bytesRead += result.length;
        this.#continue();
        this.#deliver(result);
      } catch (error) {
        if (!(error instanceof TlsFailure)) throw error;
        // The peer is told before the program, which closes the stream.
        this.#sendDown();
        this.tell('onerror', this.describe(error));
      }
    }

    /** Calls a method that the library has put on this handle. */
    protected tell(name: string, ...args: unknown[]): void {
      const method = guestMethod(this, name);
      if (method) asyncContext.runIn(this, () => method(...args));
    }

    protected describe(failure: TlsFailure): Error {
      const { library, reason, code } = { library: 'SSL routines', reason: failure.reason, code: failure.code };
      return nativeError(context, { message: `${thread}:${failure.line}\n`, library, reason, code });
    }

    #deliver(result: Uint8Array | number): void {
      if (this.#listener) this.#listener(result);
      else this.passToGuest(result);
    }
    passToGuest(result: Uint8Array | number): void {
      const onread = guestMethod(this, 'onread');
      if (!onread) return;
      const isNumber = typeof result === 'number';
      if (isNumber || this.#userBuffer === null) {
        asyncContext.runIn(this, () => {
          state[kReadBytesOrError] = isNumber ? result : result.length;
          state[kArrayBufferOffset] = 0;
          onread(isNumber ? undefined : ownMemoryOf(result));
        });
        return;
      }
      for (let rest = result; rest.length > 0 && this.connection !== null; ) {
        const buffer: Uint8Array = this.#userBuffer;
        const piece = rest.subarray(0, buffer.length);
        rest = rest.subarray(piece.length);
        buffer.set(piece);
        asyncContext.runIn(this, () => {
          state[kReadBytesOrError] = piece.length;
          state[kArrayBufferOffset] = 0;
          const next = onread(undefined);
          if (next !== undefined) this.#userBuffer = bytesOf(next);
        });
      }
    }

    writeBuffer(request: object, data: unknown): number {
      return this.#writeParts(request, [bytesOf(data)]);
    }
    writeUtf8String(request: object, text: string): number {
      return this.#writeParts(request, [encodeUtf8(text)]);
    }
    writeLatin1String(request: object, text: string): number {
      return this.#writeParts(request, [encodeLatin1(text)]);
    }
    writeAsciiString(request: object, text: string): number {
      return this.#writeParts(request, [encodeLatin1(text)]);
    }
    writeUcs2String(request: object, text: string): number {
      return this.#writeParts(request, [encodeUcs2(text)]);
    }
    writev(request: object, chunks: unknown[], allBuffers: boolean): number {
      return this.#writeParts(request, encodeChunks(context, chunks, allBuffers));
    }

    #writeParts(request: object, parts: readonly Uint8Array[]): number {
      const status = this.#writeBytes(request, parts.length === 1 ? (parts[0] as Uint8Array) : joinBytes(parts));
      // Behind it: the streams below have written, too.
      state[kBytesWritten] = parts.reduce((sum, part) => sum + part.length, 0);
      state[kLastWriteWasAsync] = 1;
      return status;
    }
    #writeBytes(request: object, bytes: Uint8Array): number {
      if (this.connection === null) return errno('EINVAL');
      asyncContext.register(request, 'WRITEWRAP', { trigger: this });
      this.bytesWritten += bytes.length;
      if (bytes.length === 0) return this.#writeNothing(request);
      this.#write = request;
      try {
        if (!this.connection.write(bytes)) this.#unsent = copyOf(bytes);
      } catch (error) {
        if (!(error instanceof TlsFailure)) throw error;
        this.#write = null;
        return errno('EPROTO');
      }
      this.#isInWrite = true;
      this.#sendDown();
      this.#isInWrite = false;
      return 0;
    }
    /** It goes on when what is below has gone; and the handshake may begin with it. */
    #writeNothing(request: object): number {
      this.#readPlain();
      if (this.connection?.hasOutput === true || this.#isWritingBelow) {
        this.#write = request;
        this.#sendDown();
        return 0;
      }
      this.#emptyWrite = request;
      this.#writeBelow(new Uint8Array(0), (status) => this.#wroteBelow(status));
      return 0;
    }

    shutdown(request: object): number {
      if (this.connection === null) return errno('EINVAL');
      asyncContext.register(request, 'SHUTDOWNWRAP', { trigger: this });
      this.connection.close();
      this.#isShut = true;
      this.#sendDown();
      return this.#below?.shutdown(request) ?? errno('ENOTCONN');
    }

    #encrypt(): void {
      if (this.isSuspended || this.connection === null || this.#unsent === null) return;
      try {
        if (this.connection.write(this.#unsent)) this.#unsent = null;
      } catch (error) {
        if (!(error instanceof TlsFailure)) throw error;
        this.#unsent = null;
        this.#mayTellOfWrite = true;
        this.#tellOfWrite(errno('EPROTO'), `${thread}:${error.line}\n`);
      }
    }

    #sendDown(): void {
      const { connection } = this;
      if (this.isSuspended || this.#isWritingBelow || this.#waitsForFormerOwner || connection === null) return;
      if (connection.isEstablished && this.#write !== null) this.#mayTellOfWrite = true;
      if (!connection.hasOutput) {
        if (this.#unsent !== null) return;
        if (!this.#isInWrite) this.#tellOfWrite(0);
        else this.#later(() => this.#tellOfWrite(0));
        return;
      }
      this.#isWritingBelow = true;
      const output = connection.takeOutput();
      this.#sizeBelow = output.length;
      this.#writeBelow(output, (status) => this.#wroteBelow(status));
    }
    #later(callback: () => void): void {
      loop.ref();
      loop.enqueue(() => {
        loop.unref();
        callback();
      });
    }
    #writeBelow(bytes: Uint8Array, done: (status: number) => void): void {
      const request = new WriteWrap();
      Reflect.set(request, 'oncomplete', (status: number) => done(status));
      state[kLastWriteWasAsync] = 0;
      const status = this.#below?.writeBuffer(request, bytes) ?? errno('EBADF');
      if (status !== 0) {
        this.#isWritingBelow = false;
        this.#mayTellOfWrite = true;
        this.#tellOfWrite(status);
      } else if (state[kLastWriteWasAsync] === 0) this.#later(() => done(0));
    }
    #wroteBelow(status: number): void {
      const empty = this.#emptyWrite;
      if (empty !== null) {
        this.#emptyWrite = null;
        complete(empty, [status, this, undefined]);
        return;
      }
      const result = this.connection === null ? errno('ECANCELED') : status;
      if (result !== 0) {
        if (!this.#isShut) this.#tellOfWrite(result);
        return;
      }
      this.#encrypt();
      this.#sizeBelow = 0;
      this.#isWritingBelow = false;
      this.#sendDown();
    }
    #tellOfWrite(status: number, reason?: string): void {
      if (!this.#mayTellOfWrite || this.#write === null) return;
      const request = this.#write;
      this.#write = null;
      complete(request, [status, this, reason]);
    }

    destroySSL(): void {
      if (this.connection === null) return;
      this.#mayTellOfWrite = true;
      this.#tellOfWrite(errno('ECANCELED'), 'Canceled because of SSL destruction');
      this.connection = null;
      this.#below?.setReadListener(null);
    }
  }
  return TlsStream;
}

/** OpenSSL puts the number of the thread in front of its errors. */
function threadNumber({ host }: ProcessContext): string {
  const [number = 0] = host.crypto.getRandomValues(new Uint32Array(1));
  return `${number.toString(16).padStart(8, '0').toUpperCase()}7F0000`.padStart(16, '0');
}
