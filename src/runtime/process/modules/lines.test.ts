import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { lineAt, lineStarts, linesOf } from './lines.ts';

describe('the lines of a source', () => {
  const source = 'a\nb\r\nc\rd\u2028e\u2029\n';

  it('end where the engine ends them', () => {
    expect(linesOf(source)).toEqual(['a', 'b', 'c', 'd', 'e', '', '']);
    expect(lineAt(source, 3)).toBe('d');
    expect(lineAt(source, 9)).toBeUndefined();
  });

  it('start behind what ends the one before', () => {
    expect(lineStarts(source).map((start) => source[start])).toEqual(['a', 'b', 'c', 'd', 'e', '\n', undefined]);
    // The engine agrees: the last line is where it says.
    const throws = `${source.replaceAll(/[a-e]/g, '/* */')}throw new Error('here')`;
    const error = (() => {
      try {
        return runInThisContext(throws) as Error;
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(Number(/evalmachine.<anonymous>:(\d+):/.exec(error.stack ?? '')?.[1])).toBe(linesOf(throws).length);
  });
});
