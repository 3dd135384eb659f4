import { UNITS } from './units.js';

/** A number of whole seconds as a duration: 5400 -> "1h 30m". */
export function format(seconds) {
  let left = seconds;
  const parts = [];
  for (const [sign, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}${sign}`);
  }
  return parts.join(' ') || '0s';
}
