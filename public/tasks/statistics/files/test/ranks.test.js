'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { median, quantile } = require('../src/ranks.js');

test('median of an odd number of values', () => assert.equal(median([3, 1, 2]), 2));
test('median of an even number of values', () => assert.equal(median([4, 1, 3, 2]), 2.5));
test('median of values with different numbers of digits', () => assert.equal(median([100, 9, 20, 3, 15]), 15));
test('quartiles', () => assert.deepEqual([0.25, 0.75].map((q) => quantile([1, 5, 10, 50, 100], q)), [5, 50]));
test('the values keep their order', () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});
test('nothing has no median', () => assert.throws(() => median([]), RangeError));
