import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageOf } from '../src/page.js';
import { weeksOf } from '../src/weeks.js';

const text = (date) => date.toISOString().slice(0, 10);

describe('weeksOf', () => {
  it('begins with the Monday of the first week', () => {
    assert.equal(text(weeksOf(2025, 6)[0][0]), '2025-05-26');
    assert.equal(text(weeksOf(2025, 9)[0][0]), '2025-09-01');
  });
  it('ends with the Sunday of the last week', () => {
    assert.equal(text(weeksOf(2025, 6).at(-1)[6]), '2025-07-06');
    assert.equal(text(weeksOf(2025, 8).at(-1)[6]), '2025-08-31');
  });
  it('has as many weeks as the month touches', () => {
    assert.deepEqual([2, 6, 9].map((month) => weeksOf(2021, month).length), [4, 5, 5]);
    assert.equal(weeksOf(2025, 6).length, 6);
  });
});

describe('pageOf', () => {
  it('writes a month that begins on a Monday', () => {
    assert.equal(pageOf(2021, 2).split('\n')[2], ' 1  2  3  4  5  6  7');
  });
  it('writes a month that begins on a Sunday', () => {
    assert.deepEqual(pageOf(2025, 6).split('\n').slice(0, 4), [
      'June 2025',
      'Mo Tu We Th Fr Sa Su',
      '                   1',
      ' 2  3  4  5  6  7  8',
    ]);
  });
});
