import * as native from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crc32 } from './crc32.ts';
import { Mode, type Settings, ZlibEngine } from './engine.ts';

const NO_FLUSH = 0;
const SYNC_FLUSH = 2;
const FINISH = 4;
const settings: Settings = { windowBits: 15, level: -1, memLevel: 8, strategy: 0, dictionary: null };
const text = Buffer.from('the quick brown fox jumps over the lazy dog; '.repeat(500));

/** Runs one flush to its end, with a small output as Node's chunks are. */
function run(engine: ZlibEngine, flush: number, bytes: Uint8Array, chunk = 1000): Buffer {
  const parts: Buffer[] = [];
  let input = bytes;
  for (;;) {
    const output = new Uint8Array(chunk);
    const step = engine.step(flush, { input, output });
    if (step.failure !== null) throw Object.assign(new Error(step.failure.message), step.failure);
    parts.push(Buffer.from(output.subarray(0, chunk - step.outputLeft)));
    input = input.subarray(input.length - step.inputLeft);
    if (step.outputLeft > 0) return Buffer.concat(parts);
  }
}

describe('zlib', () => {
  test.each([
    ['deflate', Mode.deflate, native.inflateSync],
    ['gzip', Mode.gzip, native.gunzipSync],
    ['raw', Mode.deflateRaw, native.inflateRawSync],
  ] as const)('native zlib reads what it writes: %s', (_name, mode, decompress) => {
    for (const level of [0, 1, 5, 9]) {
      const compressed = run(new ZlibEngine(mode, { ...settings, level }), FINISH, text);
      expect(decompress(compressed).equals(text)).toBe(true);
    }
  });

  test.each([
    ['inflate', Mode.inflate, native.deflateSync],
    ['gunzip', Mode.gunzip, native.gzipSync],
    ['raw', Mode.inflateRaw, native.deflateRawSync],
    ['unzip of gzip', Mode.unzip, native.gzipSync],
    ['unzip of deflate', Mode.unzip, native.deflateSync],
  ] as const)('it reads what native zlib writes: %s', (_name, mode, compress) => {
    expect(run(new ZlibEngine(mode, settings), FINISH, compress(text)).equals(text)).toBe(true);
  });

  test('what a compressor writes does not depend on the one before it', () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31) & 255));
    const dictionary = new Uint8Array(text.subarray(0, 200));
    const changes = [{}, { level: 0 }, { level: 1 }, { level: 9 }, { strategy: 2 }, { windowBits: 9 }, { dictionary }];
    const modes = [Mode.deflate, Mode.gzip, Mode.deflateRaw];
    const variants = modes.flatMap((mode) => changes.map((change) => ({ mode, variant: { ...settings, ...change } })));
    const write = (mode: number, variant: Settings) => {
      const engine = new ZlibEngine(mode, variant);
      return { engine, written: run(engine, FINISH, text) };
    };
    const fresh = variants.map(({ mode, variant }) => write(mode, variant).written);
    for (const [index, { mode, variant }] of variants.entries()) {
      for (const before of [noise, text, Buffer.alloc(0)]) {
        const used = new ZlibEngine(mode, { ...variant, level: 6, strategy: 0, dictionary: null });
        // It is closed in the middle of its work.
        run(used, SYNC_FLUSH, before);
        used.close();
        const next = write(mode, variant);
        expect(next.written.equals(fresh[index]!)).toBe(true);
        next.engine.close();
      }
    }
  });

  test('it reads gzip members one after another, byte by byte', () => {
    const both = Buffer.concat([native.gzipSync('one,'), native.gzipSync('two')]);
    const engine = new ZlibEngine(Mode.unzip, settings);
    const parts = [...both].map((byte) => run(engine, NO_FLUSH, Uint8Array.of(byte)));
    expect(Buffer.concat(parts).toString()).toBe('one,two');
  });

  test('a sync flush makes everything readable, and parameters may change in between', () => {
    const engine = new ZlibEngine(Mode.deflate, settings);
    const first = run(engine, SYNC_FLUSH, text);
    const inflate = new ZlibEngine(Mode.inflate, settings);
    expect(run(inflate, SYNC_FLUSH, first).equals(text)).toBe(true);
    engine.parameters(0, 0);
    const second = run(engine, SYNC_FLUSH, text);
    expect(second.length).toBeGreaterThan(text.length);
    engine.parameters(9, 0);
    const third = run(engine, FINISH, text);
    expect(native.inflateSync(Buffer.concat([first, second, third])).length).toBe(3 * text.length);
  });

  test('dictionaries', () => {
    const dictionary = Buffer.from('the quick brown fox');
    const compressed = run(new ZlibEngine(Mode.deflate, { ...settings, dictionary }), FINISH, text);
    expect(native.inflateSync(compressed, { dictionary }).equals(text)).toBe(true);
    const again = run(new ZlibEngine(Mode.inflate, { ...settings, dictionary }), FINISH, compressed);
    expect(again.equals(text)).toBe(true);
    expect(failure(Mode.inflate, compressed, settings)).toEqual(nativeFailure(() => native.inflateSync(compressed)));
    const wrong = Buffer.from('wrong');
    expect(failure(Mode.inflate, compressed, { ...settings, dictionary: wrong })).toEqual(
      nativeFailure(() => native.inflateSync(compressed, { dictionary: wrong })),
    );
  });

  test.each([
    ['garbage', Buffer.from('not compressed')],
    ['cut off', native.deflateSync(text).subarray(0, 50)],
    ['bad checksum', native.deflateSync('x').fill(0, 5)],
    ['empty', Buffer.alloc(0)],
  ])('fails as native zlib: %s', (_name, bytes) => {
    expect(failure(Mode.inflate, bytes, settings)).toEqual(nativeFailure(() => native.inflateSync(bytes)));
    expect(failure(Mode.gunzip, bytes, settings)).toEqual(nativeFailure(() => native.gunzipSync(bytes)));
    expect(failure(Mode.unzip, bytes, settings)).toEqual(nativeFailure(() => native.unzipSync(bytes)));
  });

  test('crc32', () => {
    expect(crc32(text)).toBe(native.crc32(text));
    expect(crc32(text, 7)).toBe(native.crc32(text, 7));
    for (let length = 0; length < 20; length++) {
      const bytes = Uint8Array.from({ length: length + 3 }, (_, index) => 251 - 7 * index).subarray(3);
      expect(crc32(bytes)).toBe(native.crc32(bytes));
    }
  });
});

function failure(mode: number, bytes: Uint8Array, chosen: Settings) {
  return nativeFailure(() => run(new ZlibEngine(mode, chosen), FINISH, bytes));
}

function nativeFailure(step: () => unknown) {
  try {
    step();
  } catch (error) {
    const { message, code, errno } = error as Error & { code: string; errno: number };
    return { message, code, errno };
  }
  return null;
}
