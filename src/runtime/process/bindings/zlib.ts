import type { BindingFactory } from '../context.ts';
import { nativeError } from '../crypto/errors.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import { bytesOf, copyOf, encodeUtf8 } from '../streams/text.ts';
import { crc32 } from '../zlib/crc32.ts';
import { type Failure, type Step, ZlibEngine } from '../zlib/engine.ts';

/** (flush, input, its offset and length, output, its offset and length): one step's arguments, as the library passes them. */
type WriteArguments = [
  flush: number,
  input: unknown,
  inputOffset: number,
  inputLength: number,
  output: unknown,
  outputOffset: number,
  outputLength: number,
];

/** `internalBinding('zlib')`: deflate, inflate, gzip and their raw forms. */
export const zlib: BindingFactory = (context) => {
  const { loop, asyncContext } = context;

  class Zlib extends handleClasses(context).AsyncWrap {
    readonly #mode: number;
    #engine: ZlibEngine | null = null;
    #state: Uint32Array = new Uint32Array(2);
    #processed: unknown = null;
    #writing = false;
    #closePending = false;
    #closed = false;

    constructor(mode: number) {
      super('ZLIB');
      this.#mode = mode;
    }

    init(...args: unknown[]): void {
      const [windowBits, level, memLevel, strategy, state, processed, dictionary] = args;
      this.#state = state as Uint32Array;
      this.#processed = processed;
      this.#engine = new ZlibEngine(this.#mode, {
        windowBits: Number(windowBits),
        level: Number(level),
        memLevel: Number(memLevel),
        strategy: Number(strategy),
        dictionary: dictionary === undefined ? null : copyOf(dictionary),
      });
    }

    /** Calls the library's callback in a later turn. */
    write(...args: WriteArguments): void {
      this.#writing = true;
      loop.ref();
      loop.enqueue(() => {
        loop.unref();
        this.#writing = false;
        if (this.#closePending || this.#closed) return this.close();
        const step = this.#step(args);
        asyncContext.runIn(this, () => {
          if (step.failure !== null) return this.#report(step.failure);
          if (typeof this.#processed === 'function') this.#processed.call(this);
        });
        if (this.#closePending) this.close();
      });
    }

    writeSync(...args: WriteArguments): void {
      const { failure } = this.#step(args);
      if (failure !== null) this.#report(failure);
    }

    params(level: number, strategy: number): void {
      this.#engine?.parameters(level, strategy);
    }

    reset(): void {
      const failure = this.#engine?.reset() ?? null;
      if (failure !== null) this.#report(failure);
    }

    close(): void {
      this.#closePending = this.#writing;
      if (this.#writing) return;
      this.#closed = true;
      this.#engine = null;
    }

    #step(args: WriteArguments): Step {
      const [flush, input, inputOffset, inputLength, output, outputOffset, outputLength] = args;
      if (this.#engine === null) throw new Error('already finalized');
      const empty = input === null || input === undefined;
      const step = this.#engine.step(flush, {
        input: empty ? new Uint8Array(0) : bytesOf(input).subarray(inputOffset, inputOffset + inputLength),
        output: bytesOf(output).subarray(outputOffset, outputOffset + outputLength) as Uint8Array<ArrayBuffer>,
      });
      this.#state[0] = step.outputLeft;
      this.#state[1] = step.inputLeft;
      return step;
    }

    #report({ message, errno, code }: Failure): void {
      guestMethod(this, 'onerror')?.(message, errno, code);
    }
  }

  const missing = (name: string) =>
    function unavailable(): never {
      throw nativeError(context, {
        message: `${name} is not available in this sandbox: its zlib has deflate, inflate and gzip only`,
        code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      });
    };

  return {
    ...context.described('zlib'),
    Zlib,
    BrotliEncoder: missing('Brotli compression'),
    BrotliDecoder: missing('Brotli decompression'),
    ZstdCompress: missing('Zstandard compression'),
    ZstdDecompress: missing('Zstandard decompression'),
    crc32: (data: unknown, previous: number): number =>
      crc32(typeof data === 'string' ? encodeUtf8(data) : bytesOf(data), previous),
  };
};
