/**
 * One compression stream over pako's port of zlib, with zlib's own interface: bytes in, bytes out, a flush mode.
 * It adds what Node's binding does around zlib: telling gzip from deflate (`unzip`), several gzip members, dictionaries.
 */
import {
  type ZStream as Stream,
  ZStream,
  zlibDeflate,
  zlibDeflateInit2,
  zlibDeflateReset,
  zlibDeflateSetDictionary,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
  zlibInflateSetDictionary,
} from 'pako';
import { type Codec, type Failure, type Step, UNEXPECTED_END, type Window } from './codec.ts';

/** Node's modes, as in `zlib.constants`. */
export const Mode = { deflate: 1, inflate: 2, gzip: 3, gunzip: 4, deflateRaw: 5, inflateRaw: 6, unzip: 7 } as const;

const Z_OK = 0;
const Z_STREAM_END = 1;
const Z_NEED_DICT = 2;
const Z_DATA_ERROR = -3;
const Z_BUF_ERROR = -5;
const Z_DEFLATED = 8;
const Z_FINISH = 4;
const GZIP_MAGIC = [0x1f, 0x8b];

export interface Settings {
  windowBits: number;
  level: number;
  memLevel: number;
  strategy: number;
  dictionary: Uint8Array | null;
}

const CODES: Record<number, string> = {
  2: 'Z_NEED_DICT',
  [-2]: 'Z_STREAM_ERROR',
  [-3]: 'Z_DATA_ERROR',
  [-4]: 'Z_MEM_ERROR',
  [-5]: 'Z_BUF_ERROR',
};

const DEFAULT_LEVEL = 6;
/** Streams of compressors that were closed. */
const idle = new Map<string, Stream>();
const MOST_IDLE = 4;

export class ZlibEngine implements Codec {
  #mode: number;
  readonly #settings: Settings;
  #stream: Stream = new ZStream();
  #started = false;
  /** Bytes of the gzip header that `unzip` has seen already. */
  #magicSeen = 0;

  constructor(mode: number, settings: Settings) {
    this.#mode = mode;
    this.#settings = settings;
  }

  step(flush: number, { input, output }: Window): Step {
    const begun = this.#start();
    const stream = this.#stream;
    stream.input = input;
    stream.next_in = 0;
    stream.avail_in = input.length;
    stream.output = output;
    stream.next_out = 0;
    stream.avail_out = output.length;
    const status = begun === Z_OK ? this.#advance(flush) : begun;
    const failure = this.#failureOf(status, flush);
    return { inputLeft: stream.avail_in, outputLeft: stream.avail_out, failure };
  }

  parameters(level: number, strategy: number): void {
    this.#settings.level = level;
    this.#settings.strategy = strategy;
    if (!this.#started || !this.#compresses()) return;
    const state = this.#stream.state as DeflateState;
    const effective = level === -1 ? DEFAULT_LEVEL : level;
    // Level 0 leaves the hash table behind.
    if (state.level === 0 && effective !== 0) state.head.fill(0);
    const [good, lazy, nice, chain] = TUNING[effective] ?? [0, 0, 0, 0];
    Object.assign(state, {
      level: effective,
      strategy,
      good_match: good,
      max_lazy_match: lazy,
      nice_match: nice,
      max_chain_length: chain,
    });
  }

  /** A compressor's quarter of a megabyte serves the next one. */
  close(): void {
    if (!this.#started || !this.#compresses()) return;
    const key = this.#key();
    this.#started = false;
    this.#stream.input = this.#stream.output = new Uint8Array(0);
    if (idle.size < MOST_IDLE) idle.set(key, this.#stream);
  }

  /** What a compressor's memory depends on. */
  #key(): string {
    const { windowBits, memLevel } = this.#settings;
    return `${this.#mode} ${windowBits} ${memLevel}`;
  }

  /** Goes on with the memory of one that was closed, if there is any. */
  #startAgain(): boolean {
    const key = this.#key();
    const stream = idle.get(key);
    if (!stream) return false;
    idle.delete(key);
    this.#stream = stream;
    const { level, strategy } = this.#settings;
    Object.assign(stream.state as DeflateState, { level: level === -1 ? DEFAULT_LEVEL : level, strategy });
    return zlibDeflateReset(stream) === Z_OK;
  }

  reset(): Failure | null {
    if (!this.#started) return null;
    const status = this.#compresses() ? zlibDeflateReset(this.#stream) : zlibInflateReset(this.#stream);
    if (status !== Z_OK) return this.#describe(status, 'Failed to reset stream');
    return this.#setDictionary();
  }

  #compresses(): boolean {
    return this.#mode === Mode.deflate || this.#mode === Mode.gzip || this.#mode === Mode.deflateRaw;
  }

  #advance(flush: number): number {
    const stream = this.#stream;
    if (this.#mode === Mode.unzip) this.#detectFormat();
    if (this.#compresses()) return zlibDeflate(stream, flush as Parameters<typeof zlibDeflate>[1]);
    let status = this.#inflate(flush);
    // Members of a gzip file may follow one another; zeros after the last are padding.
    while (
      stream.avail_in > 0 &&
      this.#mode === Mode.gunzip &&
      status === Z_STREAM_END &&
      stream.input[stream.next_in] !== 0
    ) {
      this.reset();
      status = this.#inflate(flush);
    }
    return status;
  }

  #inflate(flush: number): number {
    const stream = this.#stream;
    const mode = flush as Parameters<typeof zlibInflate>[1];
    let status: number = zlibInflate(stream, mode);
    const { dictionary } = this.#settings;
    if (this.#mode !== Mode.inflateRaw && status === Z_NEED_DICT && dictionary !== null) {
      status = zlibInflateSetDictionary(stream, dictionary);
      if (status === Z_OK) status = zlibInflate(stream, mode);
      // Node keeps this apart from a missing dictionary.
      else if (status === Z_DATA_ERROR) status = Z_NEED_DICT;
    }
    return status;
  }

  /** Looks for gzip's magic bytes, which may come one by one, without consuming them. */
  #detectFormat(): void {
    const { input, avail_in: available } = this.#stream;
    for (let at = 0; at < available && this.#magicSeen < 2; at++) {
      if (input[at] !== GZIP_MAGIC[this.#magicSeen]) {
        this.#mode = Mode.inflate;
        return;
      }
      this.#magicSeen++;
    }
    if (this.#magicSeen === 2) this.#mode = Mode.gunzip;
  }

  #start(): number {
    if (this.#started) return Z_OK;
    this.#started = true;
    const { windowBits, level, memLevel, strategy } = this.#settings;
    const bits = windowBitsFor(this.#mode, windowBits);
    if (this.#compresses() && this.#startAgain()) return this.#setDictionary() === null ? Z_OK : Z_DATA_ERROR;
    const status = this.#compresses()
      ? zlibDeflateInit2(
          this.#stream,
          level,
          Z_DEFLATED,
          bits,
          memLevel,
          strategy as Parameters<typeof zlibDeflateInit2>[5],
        )
      : zlibInflateInit2(this.#stream, bits);
    if (status !== Z_OK) return status;
    return this.#setDictionary() === null ? Z_OK : Z_DATA_ERROR;
  }

  /** The dictionary of formats that know it from the start; `inflate` asks for it when it meets it. */
  #setDictionary(): Failure | null {
    const { dictionary } = this.#settings;
    if (dictionary === null) return null;
    let status: number = Z_OK;
    if (this.#mode === Mode.deflate || this.#mode === Mode.deflateRaw) {
      status = zlibDeflateSetDictionary(this.#stream, dictionary);
    } else if (this.#mode === Mode.inflateRaw) {
      status = zlibInflateSetDictionary(this.#stream, dictionary);
    }
    return status === Z_OK ? null : this.#describe(status, 'Failed to set dictionary');
  }

  #failureOf(status: number, flush: number): Failure | null {
    if (status === Z_OK || (status === Z_BUF_ERROR && flush !== Z_FINISH)) {
      const unfinished = this.#stream.avail_out !== 0 && flush === Z_FINISH;
      return unfinished ? UNEXPECTED_END : null;
    }
    if (status === Z_BUF_ERROR) {
      // With a full output the next step goes on.
      return this.#stream.avail_out === 0 ? null : UNEXPECTED_END;
    }
    if (status === Z_STREAM_END) return null;
    if (status === Z_NEED_DICT) {
      return this.#describe(status, this.#settings.dictionary === null ? 'Missing dictionary' : 'Bad dictionary', true);
    }
    return this.#describe(status, 'Zlib error');
  }

  #describe(status: number, fallback: string, ignoreText = false): Failure {
    const text = ignoreText ? '' : this.#stream.msg;
    return { message: text || fallback, errno: status, code: CODES[status] ?? 'Z_ERRNO' };
  }
}

interface DeflateState {
  level: number;
  strategy: number;
  head: Uint16Array;
}

/** zlib's configuration of each level: good_length, max_lazy, nice_length, max_chain. */
const TUNING: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 0, 0],
  [4, 4, 8, 4],
  [4, 5, 16, 8],
  [4, 6, 32, 32],
  [4, 4, 16, 16],
  [8, 16, 32, 32],
  [8, 16, 128, 128],
  [8, 32, 128, 256],
  [32, 128, 258, 1024],
  [32, 258, 258, 4096],
];

/** zlib tells the format by the window's size: +16 is gzip, +32 either, negative is raw. */
function windowBitsFor(mode: number, windowBits: number): number {
  if (mode === Mode.gzip || mode === Mode.gunzip) return windowBits + 16;
  if (mode === Mode.unzip) return windowBits + 32;
  if (mode === Mode.deflateRaw || mode === Mode.inflateRaw) return -windowBits;
  return windowBits;
}
