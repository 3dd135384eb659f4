/** Zstandard, over the reference implementation's streaming functions as WebAssembly. */
import type { Codec, Failure, Step, Window } from './codec.ts';
import { type Allocator, WasmBlock } from './wasm-heap.ts';

interface ZstdModule extends Allocator {
  ZSTD_isError(code: number): number;
  ZSTD_getErrorName(code: number): number;
  ZSTD_createCStream(): number;
  ZSTD_freeCStream(stream: number): number;
  ZSTD_initCStream(stream: number, level: number): number;
  ZSTD_CCtx_setParameter(stream: number, parameter: number, value: number): number;
  ZSTD_createDStream(): number;
  ZSTD_freeDStream(stream: number): number;
  ZSTD_initDStream(stream: number): number;
  ZSTD_compressStream2_simpleArgs(...args: Streaming): number;
  ZSTD_decompressStream_simpleArgs(...args: Streaming): number;
}

/** Stream; target, its size and the place of its position; source, its size and the place of its position; the directive. */
type Streaming = [number, number, number, number, number, number, number, number?];

/** ZSTD_ErrorCode -> name; `errno` of the library's error is the number. */
const ERROR_NAMES: Readonly<Record<number, string>> = {
  1: 'GENERIC',
  10: 'prefix_unknown',
  12: 'version_unsupported',
  14: 'frameParameter_unsupported',
  16: 'frameParameter_windowTooLarge',
  20: 'corruption_detected',
  22: 'checksum_wrong',
  24: 'literals_headerWrong',
  30: 'dictionary_corrupted',
  32: 'dictionary_wrong',
  34: 'dictionaryCreation_failed',
  40: 'parameter_unsupported',
  41: 'parameter_combination_unsupported',
  42: 'parameter_outOfBound',
  44: 'tableLog_tooLarge',
  46: 'maxSymbolValue_tooLarge',
  48: 'maxSymbolValue_tooSmall',
  50: 'stabilityCondition_notRespected',
  60: 'stage_wrong',
  62: 'init_missing',
  64: 'memory_allocation',
  66: 'workSpace_tooSmall',
  70: 'dstSize_tooSmall',
  72: 'srcSize_wrong',
  74: 'dstBuffer_null',
};
const END = 2;
const SRC_SIZE_WRONG = 72;
const COMPRESSION_LEVEL = 100;
const WINDOW_LOG_MAX = 100;
const DEFAULT_LEVEL = 3;
/** ZSTD_d_windowLogMax's bounds, of a 32-bit build as of a 64-bit one where it matters. */
const WINDOW_LOG_BOUNDS = [10, 31] as const;

/** Runs the module; `binary` is `zstd.wasm`. */
export function loadZstd(assembly: typeof WebAssembly, binary: Uint8Array<ArrayBuffer>): ZstdModule {
  const grow = (size: number): number => {
    const { memory } = module;
    const missing = Math.ceil((Math.max(size, memory.buffer.byteLength * 1.2) - memory.buffer.byteLength) / 65536);
    try {
      memory.grow(missing);
      return 1;
    } catch (error) {
      // The module's malloc then answers null, as it should.
      if (error instanceof RangeError) return 0;
      throw error;
    }
  };
  const instance = new assembly.Instance(new assembly.Module(binary), {
    env: {
      emscripten_resize_heap: (size: number) => grow(size >>> 0),
      emscripten_memcpy_big: (target: number, source: number, count: number) => {
        new Uint8Array(module.memory.buffer).copyWithin(target, source, source + count);
      },
      setTempRet0: () => undefined,
    },
  });
  const module = instance.exports as unknown as ZstdModule & { __wasm_call_ctors(): void };
  module.__wasm_call_ctors();
  return module;
}

abstract class ZstdCodec implements Codec {
  protected readonly module: ZstdModule;
  protected stream = 0;
  readonly #input: WasmBlock;
  readonly #output: WasmBlock;
  readonly #positions: WasmBlock;
  #failure: Failure | null = null;
  /** What the last step has left of what lies in the input block, and how much lies there in all. */
  #left: { of: Uint8Array; bytes: number; length: number } | null = null;

  constructor(module: ZstdModule) {
    this.module = module;
    this.#input = new WasmBlock(module);
    this.#output = new WasmBlock(module);
    this.#positions = new WasmBlock(module);
    this.#positions.reserve(8);
  }

  step(flush: number, { input, output }: Window): Step {
    const whole = this.#stage(input);
    const target = this.#output.reserve(Math.max(1, output.length));
    const at = this.#positions.pointer;
    const positions = () => new Uint32Array(this.module.memory.buffer, at, 2);
    positions().set([0, whole - input.length]);
    const source = this.#input.pointer;
    const result = this.run([this.stream, target, output.length, at, source, whole, at + 4, flush]);
    const [written = 0, read = 0] = positions();
    output.set(this.#output.view(written));
    const left = { inputLeft: whole - read, outputLeft: output.length - written };
    this.#left = { of: input, bytes: left.inputLeft, length: whole };
    const isError = this.module.ZSTD_isError(result) !== 0;
    if (isError) this.#failure = this.#describe(result);
    return { ...left, failure: isError ? this.#failure : this.check(flush, read - (whole - input.length)) };
  }

  parameters(): void {
    // Zstandard's streams are not asked for it: the library offers `params` for deflate alone.
  }

  /** Another stream begins. */
  reset(): Failure | null {
    this.#left = null;
    return this.restart();
  }

  close(): void {
    for (const block of [this.#input, this.#output, this.#positions]) block.release();
    this.free();
  }

  protected abstract restart(): Failure | null;
  protected abstract run(args: Streaming): number;
  protected abstract free(): void;
  /** A failure that is not the module's. */
  protected check(_flush: number, _consumed: number): Failure | null {
    return null;
  }

  protected failureOf(code: number): Failure | null {
    return this.module.ZSTD_isError(code) === 0 ? null : this.#describe(code);
  }

  /** Copies the input once, however many steps it takes: the next ones get what is left of it. Returns the length of what lies in the block. */
  #stage(input: Uint8Array): number {
    const left = this.#left;
    if (left !== null && left.bytes > 0 && left.bytes === input.length && endOf(left.of) === endOf(input)) {
      if (left.of.buffer === input.buffer) return left.length;
    }
    this.#input.put(input);
    return input.length;
  }

  #describe(code: number): Failure {
    const errno = -(code | 0);
    return { message: this.#messageAt(this.module.ZSTD_getErrorName(code)), errno, code: errorName(errno) };
  }

  #messageAt(pointer: number): string {
    const bytes = new Uint8Array(this.module.memory.buffer, pointer);
    return String.fromCharCode(...bytes.subarray(0, bytes.indexOf(0)));
  }
}

const endOf = (bytes: Uint8Array): number => bytes.byteOffset + bytes.length;

const errorName = (errno: number): string => `ZSTD_error_${ERROR_NAMES[errno] ?? 'GENERIC'}`;

/** The parameters that were given: [number, value]. */
function* given(parameters: Uint32Array): Iterable<[number, number]> {
  for (const [key, value] of parameters.entries()) if (value !== 0xffffffff) yield [key, value];
}

export class ZstdCompressor extends ZstdCodec {
  readonly #parameters: Uint32Array;
  readonly #pledged: number | undefined;
  #consumed = 0;
  #begun = false;

  constructor(module: ZstdModule, parameters: Uint32Array, pledgedSize: number | undefined) {
    super(module);
    this.#parameters = parameters.slice();
    this.#pledged = pledgedSize;
    this.stream = module.ZSTD_createCStream();
  }

  /** Applies the parameters; null when one is refused. */
  begin(): Failure | null {
    const { module, stream } = this;
    module.ZSTD_initCStream(stream, DEFAULT_LEVEL);
    for (const [key, value] of given(this.#parameters)) {
      const level = key === COMPRESSION_LEVEL ? value | 0 : value;
      const failure = this.failureOf(module.ZSTD_CCtx_setParameter(stream, key, level));
      if (failure !== null) return failure;
    }
    return null;
  }

  protected restart(): Failure | null {
    this.#consumed = 0;
    this.#begun = false;
    return this.begin();
  }

  protected run(args: Streaming): number {
    return this.module.ZSTD_compressStream2_simpleArgs(...args);
  }

  /** A whole input in one step tells its size by itself, whatever was pledged. */
  protected override check(flush: number, consumed: number): Failure | null {
    const inOneStep = !this.#begun && flush === END;
    this.#begun = true;
    this.#consumed += consumed;
    if (this.#pledged === undefined || inOneStep) return null;
    const wrong = flush === END ? this.#consumed !== this.#pledged : this.#consumed > this.#pledged;
    return wrong ? { message: 'Src size is incorrect', errno: SRC_SIZE_WRONG, code: errorName(SRC_SIZE_WRONG) } : null;
  }

  protected free(): void {
    this.module.ZSTD_freeCStream(this.stream);
  }
}

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** Of any of 16 values of the first byte. */
const SKIPPABLE_MAGIC = [0x50, 0x2a, 0x4d, 0x18];
const PREFIX_UNKNOWN = 10;

const startsFrame = (head: readonly number[]): boolean =>
  head.every((byte, index) => byte === MAGIC[index]) ||
  head.every((byte, index) => (index === 0 ? byte & 0xf0 : byte) === SKIPPABLE_MAGIC[index]);

export class ZstdDecompressor extends ZstdCodec {
  /** The first bytes of the frame: what cannot start one is refused before there are enough for the module to look at. */
  #head: number[] = [];
  #isFrameOver = false;

  constructor(module: ZstdModule) {
    super(module);
    this.stream = module.ZSTD_createDStream();
    module.ZSTD_initDStream(this.stream);
  }

  /** Whether the reference implementation takes these parameters. */
  static accepts(parameters: Uint32Array): boolean {
    const [least, most] = WINDOW_LOG_BOUNDS;
    return [...given(parameters)].every(
      ([key, value]) => key === WINDOW_LOG_MAX && (value === 0 || (value >= least && value <= most)),
    );
  }

  protected restart(): Failure | null {
    this.#head = [];
    return this.failureOf(this.module.ZSTD_initDStream(this.stream));
  }

  override step(flush: number, window: Window): Step {
    this.#head.push(...window.input.subarray(0, MAGIC.length - this.#head.length));
    if (!startsFrame(this.#head)) {
      const failure = { message: 'Unknown frame descriptor', errno: PREFIX_UNKNOWN, code: errorName(PREFIX_UNKNOWN) };
      return { inputLeft: window.input.length, outputLeft: window.output.length, failure };
    }
    const step = super.step(flush, window);
    if (this.#isFrameOver) this.#head = [];
    return step;
  }

  protected run([stream, target, size, at, source, length, position]: Streaming): number {
    const left = this.module.ZSTD_decompressStream_simpleArgs(stream, target, size, at, source, length, position);
    this.#isFrameOver = left === 0;
    return left;
  }

  protected free(): void {
    this.module.ZSTD_freeDStream(this.stream);
  }
}
