import { applyDiscount, volumeRate } from './discount.js';
import { roundToCents } from './money.js';

/** The sum of all lines, without discounts. Lines: { price, count }. */
export function subtotal(lines) {
  return roundToCents(lines.reduce((sum, line) => sum + line.price * line.count, 0));
}

/** What the customer pays: the volume discount first, then the coupon's. */
export function total(lines, couponRate = 0) {
  const count = lines.reduce((sum, line) => sum + line.count, 0);
  return applyDiscount(applyDiscount(subtotal(lines), volumeRate(count)), couponRate);
}
