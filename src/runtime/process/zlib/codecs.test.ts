import * as native from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBinaries } from '../../library/parts.ts';
import { BrotliCompressor, BrotliDecompressor } from './brotli.ts';
import { type BrotliModule, loadBrotli } from './brotli-module.ts';
import type { Codec, Failure } from './codec.ts';
import { loadZstd, ZstdCompressor, ZstdDecompressor } from './zstd.ts';

const unset = () => new Uint32Array(500).fill(-1);
const text = Buffer.from('the quick brown fox jumps over the lazy dog; '.repeat(8000));
let binaries: Map<string, Uint8Array>;
let brotli: BrotliModule;
let zstd: ReturnType<typeof loadZstd>;

beforeAll(async () => {
  binaries = await readBinaries(process.cwd());
  brotli = loadBrotli(WebAssembly, new Uint8Array(binaries.get('brotli.wasm')!));
  zstd = loadZstd(WebAssembly, new Uint8Array(binaries.get('zstd.wasm')!));
});

/** Runs one operation to its end, with a small output as Node's chunks are. */
function run(codec: Codec, flush: number, bytes: Uint8Array, chunk = 1000): Buffer {
  const parts: Buffer[] = [];
  for (let input = bytes; ; ) {
    const output = new Uint8Array(chunk);
    const step = codec.step(flush, { input, output });
    if (step.failure !== null) throw Object.assign(new Error(step.failure.message), step.failure);
    parts.push(Buffer.from(output.subarray(0, chunk - step.outputLeft)));
    input = input.subarray(input.length - step.inputLeft);
    if (step.outputLeft > 0) return Buffer.concat(parts);
  }
}

function failureOf(step: () => unknown): Failure | null {
  try {
    step();
  } catch (error) {
    const { message, code, errno } = error as Error & Failure;
    return { message, code, errno };
  }
  return null;
}

describe('brotli', () => {
  const names = new Map([[-15, 'BROTLI_DECODER_ERROR_FORMAT_PADDING_2']]);
  const decoder = () => new BrotliDecompressor(brotli, names);

  test('native reads what it writes, whole or in pieces, and the other way round', () => {
    for (const quality of [0, 5, 11]) {
      const parameters = unset();
      parameters[1] = quality;
      const codec = new BrotliCompressor(brotli, parameters);
      const parts = [run(codec, 0, text.subarray(0, 9999)), run(codec, 2, text.subarray(9999))];
      expect(native.brotliDecompressSync(Buffer.concat(parts)).equals(text)).toBe(true);
    }
    const compressed = native.brotliCompressSync(text);
    expect(run(decoder(), 2, compressed).equals(text)).toBe(true);
    const slowly = decoder();
    const bytes = [...compressed].map((byte) => run(slowly, 0, Uint8Array.of(byte)));
    expect(Buffer.concat(bytes).equals(text)).toBe(true);
  });

  test('a flush makes everything readable', () => {
    const codec = new BrotliCompressor(brotli, unset());
    const first = run(codec, 1, text);
    const reader = decoder();
    expect(run(reader, 0, first).equals(text)).toBe(true);
    const rest = Buffer.concat([run(codec, 1, Buffer.from('more')), run(codec, 2, Buffer.from('!'))]);
    expect(run(reader, 2, rest).toString()).toBe('more!');
  });

  test('a long stream does not stay in memory until its end', () => {
    const codec = new BrotliCompressor(brotli, unset().fill(0, 1, 2));
    const noise = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i * i * 31) >>> 5));
    const parts = [run(codec, 0, noise), run(codec, 0, noise)];
    expect(Buffer.concat(parts).length).toBeGreaterThan(1000);
    parts.push(run(codec, 2, noise));
    expect(native.brotliDecompressSync(Buffer.concat(parts)).length).toBe(3 << 20);
  });

  test('fails as native', () => {
    const cut = native.brotliCompressSync(text).subarray(0, 10);
    const expected = failureOf(() => native.brotliDecompressSync(cut));
    expect(failureOf(() => run(decoder(), 2, cut))).toEqual(expected);
    expect(failureOf(() => run(decoder(), 2, Buffer.from('garbage garbage')))).toMatchObject({
      message: 'Decompression failed',
      code: 'ERR__ERROR_FORMAT_PADDING_2',
    });
  });
});

describe('zstd', () => {
  const compressor = (level?: number, pledged?: number) => {
    const parameters = unset();
    if (level !== undefined) parameters[100] = level;
    const codec = new ZstdCompressor(zstd, parameters, pledged);
    expect(codec.begin()).toBeNull();
    return codec;
  };

  test('takes what the end of a buffer holds now, not what it held in the write before', () => {
    const codec = compressor();
    const buffer = new Uint8Array(100).fill(1);
    const parts = [run(codec, 0, buffer)];
    buffer.fill(2);
    parts.push(run(codec, 2, buffer.subarray(50)));
    const expected = Buffer.concat([Buffer.alloc(100, 1), Buffer.alloc(50, 2)]);
    expect(run(new ZstdDecompressor(zstd), 2, Buffer.concat(parts)).equals(expected)).toBe(true);
  });

  test.skipIf(native.zstdCompressSync === undefined)('native reads what it writes, and the other way round', () => {
    for (const level of [1, 3, 19]) {
      const codec = compressor(level);
      const parts = [run(codec, 0, text.subarray(0, 9999)), run(codec, 1, text.subarray(9999, 10500))];
      parts.push(run(codec, 2, text.subarray(10500)));
      expect(native.zstdDecompressSync(Buffer.concat(parts)).equals(text)).toBe(true);
    }
    const codec = new ZstdDecompressor(zstd);
    expect(run(codec, 2, native.zstdCompressSync(text)).equals(text)).toBe(true);
  });

  test('a flush makes everything readable', () => {
    const first = run(compressor(), 1, text);
    expect(run(new ZstdDecompressor(zstd), 0, first).equals(text)).toBe(true);
  });

  test('refuses what the reference refuses', () => {
    const strategy = unset();
    strategy[107] = 130;
    expect(new ZstdCompressor(zstd, strategy, undefined).begin()?.code).toBe('ZSTD_error_parameter_outOfBound');
    const small = unset();
    small[100] = 1;
    expect(ZstdDecompressor.accepts(small)).toBe(false);
    for (const start of ['nope', '\0', '\x28\xb5\x2e']) {
      const piece = Buffer.from(start, 'latin1');
      expect(failureOf(() => run(new ZstdDecompressor(zstd), 2, piece))?.code).toBe('ZSTD_error_prefix_unknown');
    }
    expect(failureOf(() => run(new ZstdDecompressor(zstd), 0, Buffer.from('\x51\x2a', 'latin1')))).toBeNull();
    expect(failureOf(() => run(new ZstdDecompressor(zstd), 2, Buffer.from('garbage')))).toEqual({
      message: 'Unknown frame descriptor',
      code: 'ZSTD_error_prefix_unknown',
      errno: 10,
    });
    const codec = compressor(3, 10);
    run(codec, 0, Buffer.from('abc'));
    expect(failureOf(() => run(codec, 2, Buffer.from('d')))?.code).toBe('ZSTD_error_srcSize_wrong');
  });
});
