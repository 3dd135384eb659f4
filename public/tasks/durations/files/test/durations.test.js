import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format } from '../src/format.js';
import { parse } from '../src/parse.js';

describe('parse', () => {
  it('reads one unit', () => assert.equal(parse('90s'), 90));
  it('adds units', () => assert.equal(parse('1h 30m'), 5400));
  it('needs no blanks', () => assert.equal(parse('1h30m10s'), 5410));
});

describe('format', () => {
  it('writes the units that are there', () => assert.equal(format(5410), '1h 30m 10s'));
  it('leaves out the others', () => assert.equal(format(3601), '1h 1s'));
  it('writes nothing as no seconds', () => assert.equal(format(0), '0s'));
});
