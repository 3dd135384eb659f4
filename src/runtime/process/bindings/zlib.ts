import type { BindingFactory, ProcessContext } from '../context.ts';
import { nativeError } from '../crypto/errors.ts';
import { once } from '../once.ts';
import { bytesOf, copyOf, encodeUtf8 } from '../streams/text.ts';
import { crc32 } from '../zlib/crc32.ts';
import { defineStreamHandle } from '../zlib/stream-handle.ts';

/** `internalBinding('zlib')`: deflate, inflate, gzip and their raw forms, Brotli and Zstandard. */
export const zlib: BindingFactory = (context) => {
  const StreamHandle = defineStreamHandle(context);
  const codecs = once(() => context.loadPart('zlib') as typeof import('../zlib/part.ts'));
  const brotli = once(() => codecs().loadBrotli(context.host.WebAssembly, context.partBytes('brotli.wasm')));
  const zstd = once(() => codecs().loadZstd(context.host.WebAssembly, context.partBytes('zstd.wasm')));
  const refuse = (message: string) => nativeError(context, { message, code: 'ERR_ZLIB_INITIALIZATION_FAILED' });

  class Zlib extends StreamHandle {
    readonly #mode: number;
    constructor(mode: number) {
      super('ZLIB');
      this.#mode = mode;
    }
    init(...args: unknown[]): void {
      const [windowBits, level, memLevel, strategy, state, processed, dictionary] = args;
      const codec = new (codecs().ZlibEngine)(this.#mode, {
        windowBits: Number(windowBits),
        level: Number(level),
        memLevel: Number(memLevel),
        strategy: Number(strategy),
        dictionary: dictionary === undefined ? null : copyOf(dictionary),
      });
      this.open({ codec, state, processed });
    }
  }

  class BrotliEncoder extends StreamHandle {
    constructor() {
      super('ZLIB');
    }
    init(parameters: Uint32Array, state: unknown, processed: unknown): void {
      if (!codecs().BrotliCompressor.accepts(parameters)) throw refuse('Initialization failed');
      this.open({ codec: new (codecs().BrotliCompressor)(brotli(), parameters), state, processed });
    }
  }

  class BrotliDecoder extends StreamHandle {
    constructor() {
      super('ZLIB');
    }
    init(_parameters: Uint32Array, state: unknown, processed: unknown): void {
      this.open({ codec: new (codecs().BrotliDecompressor)(brotli(), decoderErrors(context)), state, processed });
    }
  }

  class ZstdCompress extends StreamHandle {
    constructor() {
      super('ZLIB');
    }
    init(...args: unknown[]): void {
      const [parameters, pledgedSize, state, processed, dictionary] = args;
      if (dictionary !== undefined) throw noDictionary(context);
      const codec = new (codecs().ZstdCompressor)(zstd(), parameters as Uint32Array, pledgedSize as number | undefined);
      if (codec.begin() !== null) throw refuse('Setting parameter failed');
      this.open({ codec, state, processed });
    }
  }

  class ZstdDecompress extends StreamHandle {
    constructor() {
      super('ZLIB');
    }
    init(...args: unknown[]): void {
      const [parameters, , state, processed, dictionary] = args;
      if (dictionary !== undefined) throw noDictionary(context);
      if (!codecs().ZstdDecompressor.accepts(parameters as Uint32Array)) throw refuse('Setting parameter failed');
      this.open({ codec: new (codecs().ZstdDecompressor)(zstd()), state, processed });
    }
  }

  return {
    ...context.described('zlib'),
    Zlib,
    BrotliEncoder,
    BrotliDecoder,
    ZstdCompress,
    ZstdDecompress,
    crc32: (data: unknown, previous: number): number =>
      crc32(typeof data === 'string' ? encodeUtf8(data) : bytesOf(data), previous),
  };
};

function noDictionary(context: ProcessContext): Error {
  return nativeError(context, {
    message: 'Zstandard dictionaries are not available in this sandbox',
    code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
  });
}

/** BROTLI_DECODER_ERROR_… by number. */
function decoderErrors(context: ProcessContext): Map<number, string> {
  const { zlib: constants } = context.internalBinding('constants') as { zlib: Record<string, number> };
  return new Map(
    Object.entries(constants)
      .filter(([name]) => name.startsWith('BROTLI_DECODER_ERROR'))
      .map(([name, value]) => [value, name]),
  );
}
