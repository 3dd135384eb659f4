import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRows } from '../src/parse.js';

describe('parseRows', () => {
  it('splits fields and rows', () => assert.deepEqual(parseRows('a,b\n1,2\n'), [['a', 'b'], ['1', '2']]));
  it('knows both line ends', () => assert.deepEqual(parseRows('a\r\nb\r\n'), [['a'], ['b']]));
  it('keeps empty fields', () => assert.deepEqual(parseRows(',x,'), [['', 'x', '']]));
  it('takes quotes off', () => assert.deepEqual(parseRows('"a","b c"'), [['a', 'b c']]));
  it('keeps commas in quotes', () => assert.deepEqual(parseRows('"a,b",c'), [['a,b', 'c']]));
  it('keeps line ends in quotes', () => assert.deepEqual(parseRows('"a\nb",c\nd,e'), [['a\nb', 'c'], ['d', 'e']]));
  it('reads doubled quotes as one', () => assert.deepEqual(parseRows('"say ""hi""",x'), [['say "hi"', 'x']]));
  it('reads an empty quoted field', () => assert.deepEqual(parseRows('"",""'), [['', '']]));
  it('refuses quotes that do not end', () => assert.throws(() => parseRows('a,"b'), /quote/));
});
