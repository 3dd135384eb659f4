/** The streams of brotli-wasm, called without its loader, which is asynchronous. */

interface BrotliExports {
  memory: WebAssembly.Memory;
  compressstream_new(hasQuality: number, quality: number): number;
  compressstream_compress(result: number, stream: number, input: number, length: number, outputSize: number): void;
  decompressstream_new(): number;
  decompressstream_decompress(result: number, stream: number, input: number, length: number, outputSize: number): void;
  __wbg_compressstream_free(stream: number): void;
  __wbg_decompressstream_free(stream: number): void;
  __wbg_brotlistreamresult_free(result: number): void;
  __wbg_get_brotlistreamresult_code(result: number): number;
  __wbg_get_brotlistreamresult_buf(pair: number, result: number): void;
  __wbg_get_brotlistreamresult_input_offset(result: number): number;
  __wbindgen_malloc(size: number): number;
  __wbindgen_free(pointer: number, size: number): void;
  __wbindgen_add_to_stack_pointer(bytes: number): number;
}

/** Codes of {@link BrotliProgress}. */
export const BrotliCode = { done: 1, needsInput: 2, needsOutput: 3 } as const;

export interface BrotliProgress {
  code: number;
  output: Uint8Array;
  /** Bytes of the input that were used. */
  consumed: number;
}

export interface BrotliStream {
  /** Null as input ends a compressed stream. Throws an Error whose message ends with the decoder's error code. */
  run(input: Uint8Array | null, outputSize: number): BrotliProgress;
  free(): void;
}

export interface BrotliModule {
  compressor(quality: number): BrotliStream;
  decompressor(): BrotliStream;
}

/** Runs the module; `binary` is `brotli.wasm`. */
export function loadBrotli(assembly: typeof WebAssembly, binary: Uint8Array<ArrayBuffer>): BrotliModule {
  /** JavaScript values that the module knows by number. Only errors and their messages occur. */
  const values = new Map<number, unknown>();
  let last = 0;
  const keep = (value: unknown): number => {
    values.set(++last, value);
    return last;
  };
  const text = (pointer: number, length: number): string =>
    String.fromCharCode(...new Uint8Array(wasm.memory.buffer, pointer, length));
  const imports: Record<string, (...args: number[]) => unknown> = {
    __wbindgen_string_new: (pointer = 0, length = 0) => keep(text(pointer, length)),
    __wbindgen_error_new: (pointer = 0, length = 0) => keep(new Error(text(pointer, length))),
    __wbindgen_object_drop_ref: (id = 0) => values.delete(id),
    __wbindgen_throw: (pointer = 0, length = 0) => {
      throw new Error(text(pointer, length));
    },
  };
  const module = new assembly.Module(binary);
  for (const { name } of assembly.Module.imports(module)) {
    imports[name] ??= () => {
      throw new Error(`brotli.wasm called ${name}`);
    };
  }
  const wasm = new assembly.Instance(module, { wbg: imports }).exports as unknown as BrotliExports;

  /** Calls with a place for two or three result words, and reads them. */
  const returning = (call: (place: number) => void): Int32Array => {
    const place = wasm.__wbindgen_add_to_stack_pointer(-16);
    try {
      call(place);
      return new Int32Array(wasm.memory.buffer, place, 3).slice();
    } finally {
      wasm.__wbindgen_add_to_stack_pointer(16);
    }
  };
  /** The module frees its input itself. */
  const passed = (input: Uint8Array | null): [pointer: number, length: number] => {
    if (input === null) return [0, 0];
    const pointer = wasm.__wbindgen_malloc(input.length);
    new Uint8Array(wasm.memory.buffer).set(input, pointer);
    return [pointer, input.length];
  };
  const progressOf = (words: Int32Array): BrotliProgress => {
    const [result = 0, failure = 0, failed = 0] = words;
    if (failed !== 0) {
      const error = values.get(failure);
      values.delete(failure);
      throw error;
    }
    const [pointer = 0, length = 0] = returning((place) => wasm.__wbg_get_brotlistreamresult_buf(place, result));
    const output = new Uint8Array(wasm.memory.buffer).slice(pointer, pointer + length);
    wasm.__wbindgen_free(pointer, length);
    const code = wasm.__wbg_get_brotlistreamresult_code(result);
    const consumed = wasm.__wbg_get_brotlistreamresult_input_offset(result);
    wasm.__wbg_brotlistreamresult_free(result);
    return { code, output, consumed };
  };

  return {
    compressor(quality) {
      const stream = wasm.compressstream_new(1, quality);
      return {
        run: (input, size) =>
          progressOf(returning((at) => wasm.compressstream_compress(at, stream, ...passed(input), size))),
        free: () => wasm.__wbg_compressstream_free(stream),
      };
    },
    decompressor() {
      const stream = wasm.decompressstream_new();
      return {
        run: (input, size) =>
          progressOf(returning((at) => wasm.decompressstream_decompress(at, stream, ...passed(input), size))),
        free: () => wasm.__wbg_decompressstream_free(stream),
      };
    },
  };
}
