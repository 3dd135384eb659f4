import { expect, test } from 'vitest';
import { type BlobPart, sliceParts } from './blob-parts.ts';

const file = (start: number, end: number) => ({ path: '/f', version: '1', start, end });
const bytes = (...values: number[]) => new Uint8Array(values);
const parts: BlobPart[] = [bytes(1, 2, 3), file(10, 20), bytes(4)];

test('a slice cuts bytes and ranges of files alike, and leaves out what is empty', () => {
  expect(sliceParts(parts, 0, 14)).toEqual(parts);
  expect(sliceParts(parts, 2, 5)).toEqual([bytes(3), file(10, 12)]);
  expect(sliceParts(parts, 4, 14)).toEqual([file(11, 20), bytes(4)]);
  expect(sliceParts(sliceParts(parts, 4, 14), 1, 2)).toEqual([file(12, 13)]);
  expect(sliceParts(parts, 3, 3)).toEqual([]);
});
