import { expect, test } from 'vitest';
import { previewIterator } from './iterator-preview.ts';

test('what is to come is seen again, and still comes', () => {
  const iterator = new Map([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]).entries();
  iterator.next();
  expect(previewIterator(iterator, 'map')).toEqual([['b', 2, 'c', 3], true]);
  expect(iterator.next()).toEqual({ value: ['b', 2], done: false });
  expect(previewIterator(iterator, 'map')).toEqual([['c', 3], true]);
  expect([...iterator]).toEqual([['c', 3]]);
  expect(iterator.next()).toEqual({ value: undefined, done: true });
  expect(previewIterator(iterator, 'map')).toEqual([[], true]);
  expect(Object.keys(iterator)).toEqual([]);
});

test('pairs that are values are not taken for entries where that shows', () => {
  const same = new Map([
    [1, ['a', 1]],
    [2, ['a', 2]],
  ]);
  expect(previewIterator(same.values(), 'map')[1]).toBe(false);
  expect(previewIterator(new Set([['a', 'b']]).values(), 'set')[1]).toBe(false);
  expect(previewIterator(new Set(['a']).entries(), 'set')).toEqual([['a', 'a'], true]);
});
