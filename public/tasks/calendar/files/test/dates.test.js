import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dateOf, daysIn, weekdayOf } from '../src/dates.js';

describe('daysIn', () => {
  it('knows long and short months', () => assert.deepEqual([1, 4, 12].map((month) => daysIn(2025, month)), [31, 30, 31]));
  it('knows leap years', () => assert.deepEqual([2023, 2024, 1900, 2000].map((year) => daysIn(year, 2)), [28, 29, 28, 29]));
});

describe('weekdayOf', () => {
  it('is 0 on a Monday', () => assert.equal(weekdayOf(dateOf(2025, 9, 1)), 0));
  it('is 5 on a Saturday', () => assert.equal(weekdayOf(dateOf(2025, 3, 1)), 5));
  it('is 6 on a Sunday', () => assert.equal(weekdayOf(dateOf(2025, 6, 1)), 6));
});
