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
      return fixed(value, digits);
  }
}

const casedLike = (letter: string, text: string) => (letter < 'a' ? text.toUpperCase() : text);

/** So many digits the engine gives. */
const MOST_DIGITS = 100;

function fixed(value: number, digits: number): string {
  if (value >= 1e21) return BigInt(value) + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const text = value.toFixed(Math.min(digits, MOST_DIGITS));
  return (isTie(value, digits) ? evenAtEnd(text) : text) + '0'.repeat(Math.max(0, digits - MOST_DIGITS));
}

/** An exponent has two digits at least. */
function exponential(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(Math.min(digits, MOST_DIGITS)).split('e');
  // Rounded up to the next power of ten its last digit is even, or the only one.
  const isCarried = value < Number(`1e${exponent}`);
  const even = !isCarried && isTie(value, digits - Number(exponent)) ? evenAtEnd(mantissa) : mantissa;
  const zeros = '0'.repeat(Math.max(0, digits - MOST_DIGITS));
  return `${even}${zeros}e${exponent.replace(/^(.)(\d)$/, '$10$2')}`;
}

/** Whether two numbers of so many digits behind the point (before it, where that is below zero) are as near to the value. */
function isTie(value: number, digits: number): boolean {
  if (digits >= 0) return (value * 2 ** (digits + 1)) % 2 === 1;
  return Number.isInteger(value) && BigInt(value) % 10n ** BigInt(-digits) === 5n * 10n ** BigInt(-digits - 1);
}

/** Of two as near to a value C takes the one that ends with an even digit, and the engine the larger one. */
const evenAtEnd = (text: string): string => text.replace(/[13579]$/, (digit) => String(Number(digit) - 1));

function shortest(value: number, digits: number, alternate: boolean): string {
  // Rounding may have made it longer by one.
  const exponent = Number(exponential(value, digits - 1).split('e')[1]);
  const text =
    exponent >= -4 && exponent < digits ? fixed(value, digits - 1 - exponent) : exponential(value, digits - 1);
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
