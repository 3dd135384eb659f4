import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format } from '../src/format.js';
import { parse } from '../src/parse.js';

const DAY = 24 * 3600;

describe('weeks and days', () => {
  it('are read', () => assert.equal(parse('1w 2d'), 9 * DAY));
  it('are read in any order, with or without blanks', () => assert.equal(parse('2d1w  3h'), 9 * DAY + 3 * 3600));
  it('are written, the largest first', () => assert.equal(format(9 * DAY + 60), '1w 2d 1m'));
  it('come back as they went', () => assert.equal(parse(format(1_234_567)), 1_234_567));
});

describe('what is no duration', () => {
  for (const text of ['', ' ', '5', '2x', '1h1', 'h', '1h foo', '-1h', '1.5h', '1H']) {
    it(`is refused: "${text}"`, () => assert.throws(() => parse(text), RangeError));
  }
});
