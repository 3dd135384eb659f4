import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyDiscount, volumeRate } from '../src/discount.js';

describe('applyDiscount', () => {
  it('takes a quarter off', () => assert.equal(applyDiscount(200, 0.25), 150));
  it('leaves the price without a discount', () => assert.equal(applyDiscount(80, 0), 80));
  it('makes everything free at 1', () => assert.equal(applyDiscount(80, 1), 0));
  it('rounds to cents', () => assert.equal(applyDiscount(9.99, 0.15), 8.49));
  it('refuses a rate above 1', () => assert.throws(() => applyDiscount(10, 25), RangeError));
});

describe('volumeRate', () => {
  it('grows with the number of articles', () => assert.deepEqual([1, 9, 10, 99, 100].map(volumeRate), [0, 0, 0.1, 0.1, 0.2]));
});
