import * as v8 from 'node:v8';
import { expect, test } from 'vitest';
import { ByteWriter } from './byte-writer.ts';
import { Tag } from './format.ts';
import { ValueReader } from './value-reader.ts';
import { ValueWriter } from './value-writer.ts';

const cyclic: Record<string, unknown> = { name: 'cycle' };
cyclic.self = cyclic;
const shared = { x: 1 };
const sparse: unknown[] = [1];
sparse[2] = 3;
const withProperties = Object.assign([1, 2], { extra: 'é' });

const values: [string, unknown][] = [
  ['primitives', [undefined, null, true, false, 0, -1, 2 ** 31, -0, 0.5, Number.NaN]],
  ['bigints', [0n, 5n, -(2n ** 70n)]],
  ['strings', ['', 'latin é', 'wide € 😀', 'x'.repeat(300), '€'.repeat(100)]],
  ['objects', { a: { b: [1, { c: 'd' }] }, 7: 'index', again: [shared, shared] }],
  ['cycles', cyclic],
  ['arrays', [[], sparse, withProperties]],
  ['dates and wrappers', [new Date(12345.5), Object(true), Object(1.5), Object('s'), Object(3n)]],
  ['regular expressions', [/a+/giu, /€/]],
  [
    'collections',
    [
      new Map<unknown, unknown>([
        ['k', { v: 1 }],
        [{}, 2],
      ]),
      new Set([1, 'two']),
    ],
  ],
  ['buffers', [new ArrayBuffer(3), new Uint16Array([1, 2]), new DataView(new ArrayBuffer(4), 1)]],
];

function write(value: unknown): Buffer {
  const out = new ByteWriter();
  out.byte(Tag.version);
  out.varint(15);
  const refuse = (message: string): never => {
    throw new Error(message);
  };
  new ValueWriter(out, { viewsAreHostObjects: false, writeHostObject: () => undefined, refuse }).write(value);
  return Buffer.from(out.take());
}

function nativeWrite(value: unknown): Buffer {
  const serializer = new v8.Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

function read(bytes: Uint8Array): unknown {
  const reader = new ValueReader(bytes, globalThis, () => undefined);
  expect(reader.header()).toBe(true);
  return reader.read();
}

test.each(values)("writes V8's bytes: %s", (_name, value) => {
  expect(write(value).toString('latin1')).toBe(nativeWrite(value).toString('latin1'));
});

test.each(values)("reads V8's bytes: %s", (_name, value) => {
  expect(read(nativeWrite(value))).toEqual(value);
});

test('errors', () => {
  const error = new RangeError('too far', { cause: { deep: 1 } });
  const mine = read(nativeWrite(error)) as Error;
  expect([mine.constructor, mine.message, mine.stack, mine.cause]).toEqual([
    RangeError,
    'too far',
    error.stack,
    { deep: 1 },
  ]);
  const theirs = v8.deserialize(write(error)) as Error;
  expect([theirs.constructor, theirs.message, theirs.stack]).toEqual([RangeError, 'too far', error.stack]);
});

test('what cannot be cloned, and what is cut off', () => {
  expect(() => write(() => 1)).toThrow('() => 1 could not be cloned.');
  expect(() => write({ a: Promise.resolve() })).toThrow('#<Promise> could not be cloned.');
  const bytes = nativeWrite({ a: 'text' });
  for (let end = 2; end < bytes.length; end++)
    expect(() => read(bytes.subarray(0, end))).toThrow('Unable to deserialize');
});
