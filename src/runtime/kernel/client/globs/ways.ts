/** In how many ways a backtracking engine may try an expression. */
import type { Pattern } from './parse-pattern.ts';

/** For a text of n characters `factor` times n to the power of `stars`, at most. */
export interface Ways {
  readonly factor: number;
  readonly stars: number;
}

const ONE: Ways = { factor: 1, stars: 0 };
const ENDLESS: Ways = { factor: Number.POSITIVE_INFINITY, stars: 0 };
/** What is looked for is tried at each place anew. */
const FEW_LOOKS = 16;

export function waysOf(pattern: Pattern): Ways {
  switch (pattern.type) {
    case 'sequence':
      return pattern.parts.map(waysOf).reduce(together, ONE);
    case 'choice': {
      const ways = pattern.parts.map(waysOf);
      const factor = ways.reduce((sum, each) => sum + each.factor, 0);
      return { factor, stars: Math.max(...ways.map(({ stars }) => stars)) };
    }
    case 'look': {
      const { factor, stars } = waysOf(pattern.part);
      return stars === 0 && factor <= FEW_LOOKS ? ONE : ENDLESS;
    }
    case 'repeat':
      return waysOfRepeat(pattern);
    default:
      return ONE;
  }
}

const together = (a: Ways, b: Ways): Ways => ({ factor: a.factor * b.factor, stars: a.stars + b.stars });

function waysOfRepeat({ part, least, most }: Extract<Pattern, { type: 'repeat' }>): Ways {
  const { factor, stars } = waysOf(part);
  if (most === Number.POSITIVE_INFINITY) return factor === 1 && stars === 0 ? { factor: 1, stars: 1 } : ENDLESS;
  return { factor: (most - least + 1) * factor ** most, stars: stars * most };
}
