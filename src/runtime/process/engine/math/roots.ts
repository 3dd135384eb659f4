/** The cube root. */
import { fromHighWord, highWord, INFINITY, toFewBits } from './doubles.ts';

const { abs } = Math;

/** A third of the exponent's bias, less what makes the first guess best; the same for a number times 2 ** 54. */
const GUESS = 715094163;
const GUESS_OF_SMALL = 696219795;

export function cbrt(x: number): number {
  const size = abs(x);
  if (!(size > 0 && size < INFINITY)) return x;
  const high = highWord(size);
  // A third of the whole number that the word is guesses the fraction, too, to five digits.
  const guess = high < 0x00100000 ? ((highWord(size * 2 ** 54) / 3) | 0) + GUESS_OF_SMALL : ((high / 3) | 0) + GUESS;
  const t = fromHighWord(guess);
  const r = t * t * (t / size);
  const better =
    t *
    (1.87595182427177 +
      r * (-1.8849797954337717 + r * 1.6214297201053545) +
      r * r * r * (-0.758397934778766 + r * 0.14599619288661245));
  const root = toFewBits(better);
  const quotient = size / (root * root);
  const result = root + root * ((quotient - root) / (root + root + quotient));
  return x < 0 ? -result : result;
}
