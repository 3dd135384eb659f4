import { describe, expect, it } from 'vitest';
import { decode, decodeInPlace, Encoder } from './codec.ts';

const encoder = new Encoder();
const roundTrip = (value: unknown) => decode(encoder.encode(value).slice());

describe('codec', () => {
  it.each([
    undefined,
    null,
    true,
    false,
    0,
    -0,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    2 ** 53,
    0.1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    'plain',
    'Grüße, 世界 🎉',
    '\0',
    'x'.repeat(100_000),
    'é'.repeat(63),
    new Uint8Array(0),
    new Uint8Array([0, 255, 128]),
    [],
    [1, ['two', null], { three: undefined }],
    {},
    { nested: { list: [{ a: 1 }] }, 'odd key ü': new Uint8Array(3) },
  ])('returns %s as it was', (value) => {
    expect(Object.is(roundTrip(value), value) || roundTrip(value)).toStrictEqual(
      Object.is(roundTrip(value), value) || value,
    );
  });

  it('keeps the name __proto__ a plain property', () => {
    const value = JSON.parse('{"__proto__": 1}') as object;
    expect(Object.keys(roundTrip(value) as object)).toEqual(['__proto__']);
  });

  it('copies bytes out of the memory that it reads', () => {
    const memory = encoder.encode(new Uint8Array([1, 2])).slice();
    const bytes = decode(memory) as Uint8Array;
    memory.fill(9);
    expect([...bytes]).toEqual([1, 2]);
  });

  it('grows for large values and goes on working', () => {
    const large = new Uint8Array(5_000_000).fill(7);
    const [, returned] = roundTrip(['a', large]) as [string, Uint8Array];
    // `toEqual` takes seconds for this many elements.
    expect(Buffer.compare(returned, large)).toBe(0);
    expect(roundTrip('after')).toBe('after');
  });

  it('keeps lone surrogates, which stand for bytes in paths', () => {
    expect(roundTrip('a\ud800b')).toBe('a\ud800b');
    expect(roundTrip({ 'k\udcff': ['\udc80', 'x'] })).toEqual({ 'k\udcff': ['\udc80', 'x'] });
  });

  it('refuses truncated data and values that it does not know', () => {
    const whole = encoder.encode('some text').slice();
    for (let length = 0; length < whole.length; length++) {
      expect(() => decode(whole.subarray(0, length))).toThrow(RangeError);
    }
    expect(() => encoder.encode(Symbol('x'))).toThrow(TypeError);
    expect(() => encoder.encode(() => 1)).toThrow(TypeError);
  });
});

it('puts byte arrays where they are copied word by word', () => {
  const encoder = new Encoder();
  for (let length = 0; length < 20; length++) {
    const bytes = new Uint8Array(1000).fill(length);
    const [text, found] = decodeInPlace(encoder.encode(['x'.repeat(length), bytes])) as [string, Uint8Array];
    expect([text.length, found.byteOffset % 8]).toEqual([length, 0]);
    expect(found).toEqual(bytes);
  }
});

it('encodes long byte arrays without copying them, in the same form', () => {
  const encoder = new Encoder();
  const long = new Uint8Array(100_000).fill(7);
  const value = [3, long, { text: 'between', long: long.subarray(1) }, new Uint8Array([1, 2]), 'end'];
  const pieces = encoder.encodeInPieces(value);
  expect(pieces.map((piece) => piece.buffer === long.buffer)).toEqual([false, true, false, true, false]);
  const whole = Buffer.concat(pieces);
  expect(whole.equals(Buffer.from(encoder.encode(value)))).toBe(true);
  expect(decode(new Uint8Array(whole))).toEqual(value);
});
