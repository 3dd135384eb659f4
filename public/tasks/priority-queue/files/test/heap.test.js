import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Heap } from '../src/heap.js';

const sorted = (numbers) => {
  const heap = new Heap((a, b) => a - b);
  for (const number of numbers) heap.push(number);
  return numbers.map(() => heap.pop());
};

describe('Heap', () => {
  it('is empty at first', () => assert.equal(new Heap((a, b) => a - b).pop(), undefined));
  it('gives the least of two', () => assert.deepEqual(sorted([2, 1]), [1, 2]));
  it('sorts three', () => assert.deepEqual(sorted([3, 1, 2]), [1, 2, 3]));
  it('sorts many', () => assert.deepEqual(sorted([5, 3, 8, 1, 9, 2, 7, 4, 6, 0]), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  it('keeps equal elements', () => assert.deepEqual(sorted([2, 1, 2, 1, 2]), [1, 1, 2, 2, 2]));
  it('shows the least without taking it', () => {
    const heap = new Heap((a, b) => a - b);
    heap.push(4);
    heap.push(2);
    assert.equal(heap.peek(), 2);
    assert.equal(heap.size, 2);
  });
});
