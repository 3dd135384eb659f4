'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { describe } = require('../src/describe.js');
const { mean, sum, variance } = require('../src/sums.js');

test('small terms are not lost', () => assert.equal(sum([1e16, 1, -1e16]), 1));
test('mean and variance', () => assert.deepEqual([mean([2, 4, 9]), variance([2, 4, 9])], [5, 13]));
test('a description of measurements', () => {
  assert.deepEqual(describe([8, 10, 12, 9, 11]), { count: 5, mean: 10, spread: Math.sqrt(2.5), median: 10, quartiles: [9, 11] });
});
