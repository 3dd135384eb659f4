import type { BindingFactory } from '../context.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import {
  kArrayBufferOffset,
  kBytesWritten,
  kLastWriteWasAsync,
  kReadBytesOrError,
  type ReadListener,
  streamClasses,
} from '../streams/stream-wrap.ts';
import { bytesOf, copyOf, encodeLatin1, encodeUcs2, encodeUtf8, ownMemoryOf } from '../streams/text.ts';
import { encodeChunks } from '../streams/write-chunks.ts';

/** `internalBinding('js_stream')`: a handle whose bytes a stream of JavaScript reads and writes (`internal/js_stream_socket`). */
export const jsStream: BindingFactory = (context) => {
  const { asyncContext } = context;
  const { AsyncWrap } = handleClasses(context);
  const { streamBaseState: state, complete } = streamClasses(context);

  const guestBuffer = (bytes: Uint8Array): Uint8Array => {
    const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
    return GuestBuffer.from(copyOf(bytes).buffer);
  };

  class JSStream extends AsyncWrap {
    readonly isStreamBase = true;
    readonly fd = -1;
    onread: unknown = undefined;
    bytesRead = 0;
    bytesWritten = 0;
    #listener: ReadListener | null = null;

    constructor() {
      super('JSSTREAM');
    }

    readStart = (): number => this.#ask('onreadstart');
    readStop = (): number => this.#ask('onreadstop');
    shutdown(request: object): number {
      asyncContext.register(request, 'SHUTDOWNWRAP', { trigger: this });
      return this.#ask('onshutdown', request);
    }
    useUserBuffer = () => undefined;

    writeBuffer = (request: object, data: unknown): number => this.#write(request, [bytesOf(data)]);
    writeUtf8String = (request: object, text: string): number => this.#write(request, [encodeUtf8(text)]);
    writeLatin1String = (request: object, text: string): number => this.#write(request, [encodeLatin1(text)]);
    writeAsciiString = (request: object, text: string): number => this.#write(request, [encodeLatin1(text)]);
    writeUcs2String = (request: object, text: string): number => this.#write(request, [encodeUcs2(text)]);
    /** As `LibuvStreamWrap` takes them. */
    writev = (request: object, chunks: unknown[], allBuffers: boolean): number =>
      this.#write(request, encodeChunks(context, chunks, allBuffers));

    finishWrite(request: object, status: number): void {
      complete(request, [status, this, undefined]);
    }
    finishShutdown(request: object, status: number): void {
      complete(request, [status]);
    }
    /** What the stream of JavaScript has read. */
    readBuffer(data: unknown): void {
      const bytes = copyOf(data);
      this.bytesRead += bytes.length;
      this.#deliver(bytes);
    }
    emitEOF(): void {
      this.#deliver(context.errnoOf('EOF'));
    }

    setReadListener(listener: ReadListener | null): void {
      this.#listener = listener;
    }
    passToGuest(result: Uint8Array | number): void {
      const onread = guestMethod(this, 'onread');
      if (!onread) return;
      asyncContext.runIn(this, () => {
        state[kReadBytesOrError] = typeof result === 'number' ? result : result.length;
        state[kArrayBufferOffset] = 0;
        onread(typeof result === 'number' ? undefined : ownMemoryOf(result));
      });
    }

    #deliver(result: Uint8Array | number): void {
      if (this.#listener) this.#listener(result);
      else this.passToGuest(result);
    }

    #write(request: object, parts: readonly Uint8Array[]): number {
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      this.bytesWritten += length;
      asyncContext.register(request, 'WRITEWRAP', { trigger: this });
      const status = this.#ask('onwrite', request, parts.map(guestBuffer));
      // Behind it: whoever reads the stream may have written elsewhere.
      state[kBytesWritten] = length;
      state[kLastWriteWasAsync] = 1;
      return status;
    }

    /** What the library does with it; EPROTO where it has not said. */
    #ask(name: string, ...args: unknown[]): number {
      const method = guestMethod(this, name);
      if (!method) return context.errnoOf('EPROTO');
      const status = method(...args);
      return typeof status === 'number' ? status : context.errnoOf('EPROTO');
    }
  }

  return { ...context.described('js_stream'), JSStream };
};
