import { roundToCents } from './money.js';

/** Takes `rate` (0 to 1) off `price`. */
export function applyDiscount(price, rate) {
  if (rate < 0 || rate > 1) throw new RangeError(`a rate is between 0 and 1, not ${rate}`);
  return roundToCents(price * (1 - rate));
}

/** The rate for an order of this many articles. */
export function volumeRate(count) {
  if (count >= 100) return 0.2;
  if (count >= 10) return 0.1;
  return 0;
}
