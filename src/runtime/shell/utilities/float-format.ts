/** Numbers as C's printf writes them with %e, %f and %g. */

/** The digits of a value that is not negative, for one of the letters `eEfFgG`. */
export function floatDigits(letter: string, value: number, precision: number | undefined, alternate = false): string {
  if (!Number.isFinite(value)) return casedLike(letter, Number.isNaN(value) ? 'nan' : 'inf');
  const digits = precision ?? 6;
  switch (letter.toLowerCase()) {
    case 'e':
      return casedLike(letter, exponential(value, digits));
    case 'g':
      return casedLike(letter, shortest(value, digits || 1, alternate));
    default:
      return value >= 1e21 ? BigInt(Math.round(value)).toString() : value.toFixed(Math.min(digits, 100));
  }
}

const casedLike = (letter: string, text: string) => (letter < 'a' ? text.toUpperCase() : text);

/** An exponent has two digits at least. */
const exponential = (value: number, digits: number) =>
  value.toExponential(Math.min(digits, 100)).replace(/e([-+])(\d)$/, 'e$10$2');

function shortest(value: number, digits: number, alternate: boolean): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(digits - 1, 100)).split('e')[1]);
  const plain = exponent >= -4 && exponent < digits;
  const text = plain ? value.toFixed(Math.min(digits - 1 - exponent, 100)) : exponential(value, digits - 1);
  if (alternate) return text;
  return text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}

/** Fills one directive like `%05.1f` in. */
export function formatFloat(directive: string, value: number): string {
  const match = /^%([-+ 0#']*)(\d*)(?:\.(\d*))?([efgEFG])$/.exec(directive);
  if (!match) return directive;
  const [, flags = '', width = '', precision, letter = 'f'] = match;
  const digits = precision === undefined ? undefined : Number(precision);
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const body = floatDigits(letter, Math.abs(value), digits, flags.includes('#'));
  if (flags.includes('-')) return (sign + body).padEnd(Number(width));
  if (flags.includes('0')) return sign + body.padStart(Number(width) - sign.length, '0');
  return (sign + body).padStart(Number(width));
}
