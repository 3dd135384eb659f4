import { describe, expect, it } from 'vitest';
import { STRATEGIES } from './index.ts';
import { parseStrategy } from './parse-strategy.ts';

describe('parseStrategy', () => {
  it('finds each strategy by its name', () => {
    for (const strategy of STRATEGIES) expect(parseStrategy(strategy.name)).toBe(strategy);
  });

  it.each([
    ['', 'There is no strategy "". Strategies: loop'],
    ['magic', 'There is no strategy "magic". Strategies: loop'],
    ['loop+magic', 'There is no strategy "magic"'],
    ['loop+loop', '"loop" stands twice in the strategy "loop+loop".'],
  ])('says what is wrong with "%s"', (name, message) => {
    expect(() => parseStrategy(name)).toThrow(message);
  });
});
