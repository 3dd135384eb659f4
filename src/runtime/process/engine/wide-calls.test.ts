import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { widenCalls } from './wide-calls.ts';

test('more values than a small stack holds are taken in pieces, with the same result', () => {
  const scope = runInNewContext('globalThis') as Pick<typeof globalThis, 'String' | 'Math'>;
  const codes = Array.from({ length: 65_536 }, (_, code) => code);
  const expected = String.fromCharCode.apply(null, codes);
  widenCalls(scope);
  const { String: text, Math: math } = scope;
  expect(text.fromCharCode.apply(null, codes) === expected).toBe(true);
  expect(text.fromCharCode.apply(null, new Uint16Array(codes) as unknown as number[]) === expected).toBe(true);
  expect([math.max.apply(null, codes), math.min.apply(null, codes)]).toEqual([65_535, 0]);
  expect([math.max.apply(null, []), text.fromCodePoint.apply(null, [97, 98])]).toEqual([-Infinity, 'ab']);
  expect(() => text.fromCodePoint.apply(null, [-1])).toThrow('Invalid code point -1');
  expect(Object.keys(text.fromCharCode)).toEqual([]);
});
