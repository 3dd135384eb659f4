/** Brotli's streams as `zlib` has them: operations (process, flush, finish) and parameters. */
import { BrotliCode, type BrotliModule, type BrotliStream } from './brotli-module.ts';
import { BrotliStored } from './brotli-stored.ts';
import { type Codec, type Failure, type Step, UNEXPECTED_END, type Window } from './codec.ts';

const Operation = { process: 0, flush: 1, finish: 2 } as const;
const Parameter = { quality: 1, disableLiteralContext: 4, streamOffset: 9 } as const;
const UNSET = 0xffffffff;
const BEST_QUALITY = 11;
/** Input goes into the module in pieces of so many bytes. */
const PIECE = 64 * 1024;
/** So much input is held back at most, in case a flush comes: the module cannot flush. */
const HELD_BACK = 1024 * 1024;

export class BrotliCompressor implements Codec {
  readonly #module: BrotliModule;
  readonly #quality: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #stream: BrotliStream | null = null;
  /** Set by the first flush. */
  #stored: BrotliStored | null = null;
  /** Pieces that nobody has taken yet. */
  #output: Uint8Array[] = [];
  #ended = false;

  constructor(module: BrotliModule, parameters: Uint32Array) {
    this.#module = module;
    const quality = parameters[Parameter.quality] ?? UNSET;
    this.#quality = quality === UNSET ? BEST_QUALITY : Math.min(quality, BEST_QUALITY);
  }

  /** As BrotliEncoderSetParameter. */
  static accepts(parameters: Uint32Array): boolean {
    const flag = parameters[Parameter.disableLiteralContext] ?? UNSET;
    return flag === UNSET || flag <= 1;
  }

  step(flush: number, { input, output }: Window): Step {
    this.#take(input);
    if (flush === Operation.flush) this.#flush();
    else if (flush === Operation.finish) this.#finish();
    return { inputLeft: 0, outputLeft: output.length - this.#give(output), failure: null };
  }

  parameters(): void {
    // The library offers `params` for deflate alone.
  }

  reset(): Failure | null {
    this.close();
    this.#held = [];
    this.#heldBytes = 0;
    this.#stored = null;
    this.#output = [];
    this.#ended = false;
    return null;
  }

  close(): void {
    this.#stream?.free();
    this.#stream = null;
  }

  #take(input: Uint8Array): void {
    if (input.length === 0) return;
    if (this.#stream !== null) {
      this.#compress(this.#stream, input);
      return;
    }
    this.#held.push(new Uint8Array(input));
    this.#heldBytes += input.length;
    if (this.#heldBytes <= HELD_BACK) return;
    if (this.#stored !== null) this.#emit(this.#stored.blocks(this.#release()));
    else this.#compressHeld();
  }

  #flush(): void {
    // The module gives its output when a block is full; the flush of such a long stream comes to nothing.
    if (this.#stream !== null) return;
    this.#stored ??= new BrotliStored();
    this.#emit(this.#stored.blocks(this.#release()));
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stored !== null) {
      this.#emit(this.#stored.blocks(this.#release()));
      this.#emit(this.#stored.end());
      return;
    }
    const stream = this.#compressHeld();
    for (;;) {
      const { code, output } = stream.run(null, PIECE);
      this.#emit(output);
      if (code !== BrotliCode.needsOutput) return;
    }
  }

  #compressHeld(): BrotliStream {
    this.#stream ??= this.#module.compressor(this.#quality);
    for (const chunk of this.#release()) this.#compress(this.#stream, chunk);
    return this.#stream;
  }

  #compress(stream: BrotliStream, input: Uint8Array): void {
    for (let at = 0; at < input.length; ) {
      const { output, consumed } = stream.run(input.subarray(at, at + PIECE), PIECE);
      this.#emit(output);
      at += consumed;
    }
  }

  #release(): Uint8Array[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held;
  }

  #emit(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#output.push(bytes);
  }

  /** Fills `output` as far as there is something; returns how much that was. */
  #give(output: Uint8Array): number {
    let given = 0;
    let taken = 0;
    for (const piece of this.#output) {
      const part = piece.subarray(0, output.length - given);
      output.set(part, given);
      given += part.length;
      if (part.length < piece.length) {
        this.#output[taken] = piece.subarray(part.length);
        break;
      }
      taken++;
    }
    this.#output.splice(0, taken);
    return given;
  }
}

export class BrotliDecompressor implements Codec {
  readonly #module: BrotliModule;
  readonly #errorNames: ReadonlyMap<number, string>;
  #stream: BrotliStream;
  #ended = false;
  #failure: Failure | null = null;

  /** `errorNames`: the decoder's error codes -> names, as the library's constants have them. */
  constructor(module: BrotliModule, errorNames: ReadonlyMap<number, string>) {
    this.#module = module;
    this.#errorNames = errorNames;
    this.#stream = module.decompressor();
  }

  step(flush: number, { input, output }: Window): Step {
    if (this.#failure !== null) return { inputLeft: input.length, outputLeft: output.length, failure: this.#failure };
    let [read, written] = [0, 0];
    let code: number = this.#ended ? BrotliCode.done : BrotliCode.needsInput;
    try {
      while (!this.#ended && written < output.length) {
        const progress = this.#stream.run(input.subarray(read, read + PIECE), output.length - written);
        output.set(progress.output, written);
        read += progress.consumed;
        written += progress.output.length;
        code = progress.code;
        this.#ended = code === BrotliCode.done;
        if (code === BrotliCode.needsInput && read >= input.length) break;
      }
    } catch (error) {
      this.#failure = this.#describe(error);
    }
    const isShort = flush === Operation.finish && code === BrotliCode.needsInput;
    const failure = this.#failure ?? (isShort ? UNEXPECTED_END : null);
    return { inputLeft: input.length - read, outputLeft: output.length - written, failure };
  }

  parameters(): void {
    // The library offers `params` for deflate alone.
  }

  reset(): Failure | null {
    this.close();
    this.#stream = this.#module.decompressor();
    this.#ended = false;
    this.#failure = null;
    return null;
  }

  close(): void {
    this.#stream.free();
  }

  #describe(error: unknown): Failure {
    const code = /Error code (-\d+)$/.exec(error instanceof Error ? error.message : '')?.[1];
    if (code === undefined) throw error;
    const errno = Number(code);
    const name = this.#errorNames.get(errno) ?? 'BROTLI_DECODER_ERROR_UNREACHABLE';
    return { message: 'Decompression failed', errno, code: name.replace('BROTLI_DECODER', 'ERR_') };
  }
}
