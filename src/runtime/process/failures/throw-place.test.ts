import { describe, expect, it } from 'vitest';
import { findThrow } from './throw-place.ts';

const find = (source: string, ...frames: [line: number, column: number][]) =>
  findThrow(
    frames.map(([line, column]) => ({ file: '/a.js', line, column })),
    () => source,
  );

describe('findThrow', () => {
  it('on the same line', () => {
    expect(find("if (x) throw new Error('no');", [1, 14])).toEqual({ file: '/a.js', line: 1, column: 8 });
  });
  it('below, by the name of the error', () => {
    const source = "const err = new Error('no');\nerr.code = 'X';\nthrow err;";
    expect(find(source, [1, 13])).toEqual({ file: '/a.js', line: 3, column: 1 });
  });
  it('in a caller', () => {
    expect(find('function make() { return new Error() }\nthrow make();', [1, 26], [2, 7])).toMatchObject({
      line: 2,
      column: 1,
    });
  });
  it('nowhere, when an engine error was made where it was thrown', () => {
    expect(find('a.b.c();\nthrow x;', [1, 5])).toBeUndefined();
  });
});
