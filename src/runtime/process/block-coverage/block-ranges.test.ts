import { describe, expect, test } from 'vitest';
import { blockRanges, type CountedBlock, OPEN } from './block-ranges.ts';

const block = (start: number, end: number, count: number): CountedBlock => ({ start, end, count });

describe('ranges of a function that runs from 0 to 100, twice', () => {
  const cases: Record<string, { counted: CountedBlock[]; told: CountedBlock[] }> = {
    'what counts as its surroundings is not told': {
      counted: [block(10, 20, 2), block(30, 40, 1)],
      told: [block(30, 40, 1)],
    },
    'an open block ends where the next begins': {
      counted: [block(10, OPEN, 1), block(30, 40, 0)],
      told: [block(10, 30, 1), block(30, 40, 0)],
    },
    'or where the one around it ends': {
      counted: [block(10, 50, 2), block(20, OPEN, 0)],
      told: [block(20, 50, 0)],
    },
    'but never at the brace of the function': { counted: [block(10, OPEN, 0)], told: [block(10, 99, 0)] },
    'neighbours that count the same are one': {
      counted: [block(10, 20, 0), block(20, OPEN, 0), block(30, 40, 2)],
      told: [block(10, 30, 0)],
    },
    'nothing is told of what never runs in what never runs': {
      counted: [block(10, 50, 0), block(20, 30, 0)],
      told: [block(10, 50, 0)],
    },
    'an open block does not count where a whole one begins': {
      counted: [block(20, OPEN, 0), block(20, 30, 1)],
      told: [block(20, 30, 1)],
    },
    'of two at one place the higher count holds': {
      counted: [block(20, 30, 0), block(20, 30, 1)],
      told: [block(20, 30, 1)],
    },
    'what begins behind the function is dropped': { counted: [block(100, OPEN, 0)], told: [] },
  };
  for (const [name, { counted, told }] of Object.entries(cases)) {
    test(name, () => expect(blockRanges(block(0, 100, 2), counted)).toEqual(told));
  }
});
