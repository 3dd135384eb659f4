import { expect, test } from 'vitest';
import { canonicalAddress, ipv6ToBytes } from './addresses.ts';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['::', '::'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
  ['1::', '1::'],
  ['localhost', undefined],
  ['1.2.3', undefined],
  ['01.2.3.4', undefined],
  ['1::2::3', undefined],
  ['1:2:3:4:5:6:7:8:9', undefined],
  ['12345::', undefined],
])('%s -> %s', (text, expected) => {
  expect(canonicalAddress(text)).toBe(expected);
});

test('bytes', () => {
  expect([...(ipv6ToBytes('::1.2.3.4') ?? [])].slice(12)).toEqual([1, 2, 3, 4]);
});
