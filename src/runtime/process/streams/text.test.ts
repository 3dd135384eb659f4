import { expect, test } from 'vitest';
import { decodeLatin1, encodeUtf8Pooled } from './text.ts';

const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 256);

test('bytes become one code unit each, whatever their number', () => {
  const expected = Buffer.from(bytes).toString('latin1');
  for (const length of [0, 1, 7, 8, 9, 63, 511, 512, 513, 4095, 4096, 4097, 9000]) {
    expect(decodeLatin1(bytes.subarray(5, 5 + length))).toBe(expected.slice(5, 5 + length));
    expect(decodeLatin1(bytes, 5, 5 + length)).toBe(expected.slice(5, 5 + length));
  }
});

test('short texts become UTF-8 as long ones do', () => {
  for (const length of [0, 1, 63, 64, 65, 300]) {
    const ascii = 'abcdefgh'.repeat(40).slice(0, length);
    const texts = [ascii, `${ascii.slice(2)}é`, `€${ascii.slice(1)}`, `${ascii.slice(0, -1)}\ud800`, `${ascii}\n`];
    const encoded = texts.map((text) => encodeUtf8Pooled(text));
    expect(encoded.map((part) => Buffer.from(part).toString())).toEqual(texts.map((text) => text.toWellFormed()));
  }
});
