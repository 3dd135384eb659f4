import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subtotal, total } from '../src/cart.js';
import { format } from '../src/money.js';

const lines = [
  { price: 12.5, count: 8 },
  { price: 25, count: 4 },
];

test('subtotal adds up all lines', () => assert.equal(subtotal(lines), 200));
test('an empty cart costs nothing', () => assert.equal(total([]), 0));
test('total applies the volume discount', () => assert.equal(total(lines), 180));
test('total applies the coupon after the volume discount', () => assert.equal(total(lines, 0.25), 135));
test('amounts are printed with two decimals', () => assert.equal(format(135), '€ 135.00'));
