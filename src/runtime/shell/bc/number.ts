/** Decimal numbers of any length with a scale, as bc calculates: digits past the scale are cut off, never rounded. */

export interface Decimal {
  /** The value times ten to the power of `scale`. */
  units: bigint;
  /** Digits behind the point. */
  scale: number;
}

export class BcError extends Error {
  override name = 'BcError';
}

export const ZERO: Decimal = { units: 0n, scale: 0 };
export const ONE: Decimal = { units: 1n, scale: 0 };

const power10 = (digits: number) => 10n ** BigInt(digits);
const absolute = (value: bigint) => (value < 0n ? -value : value);

/** With another scale; digits that do not fit are cut off. */
export function rescale({ units, scale }: Decimal, wanted: number): Decimal {
  if (wanted >= scale) return { units: units * power10(wanted - scale), scale: wanted };
  return { units: units / power10(scale - wanted), scale: wanted };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale).units + rescale(b, scale).units, scale };
}

export const negate = ({ units, scale }: Decimal): Decimal => ({ units: -units, scale });
export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, negate(b));

export function compare(a: Decimal, b: Decimal): number {
  const difference = subtract(a, b).units;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The scale is that of the factors together, but no more than the larger of theirs and `scale`. */
export function multiply(a: Decimal, b: Decimal, scale: number): Decimal {
  const full = { units: a.units * b.units, scale: a.scale + b.scale };
  return rescale(full, Math.min(full.scale, Math.max(scale, a.scale, b.scale)));
}

export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  if (b.units === 0n) throw new BcError('Divide by zero');
  const shift = scale + b.scale - a.scale;
  const top = shift >= 0 ? a.units * power10(shift) : a.units;
  const bottom = shift >= 0 ? b.units : b.units * power10(-shift);
  return { units: top / bottom, scale };
}

/** What `a / b` at that scale leaves. */
export function modulo(a: Decimal, b: Decimal, scale: number): Decimal {
  if (b.units === 0n) throw new BcError('Modulo by zero');
  const wanted = Math.max(scale + b.scale, a.scale);
  const quotient = divide(a, b, scale);
  return rescale(subtract(a, multiply(quotient, b, wanted)), wanted);
}

/** The exponent's fraction is ignored. */
export function power(base: Decimal, exponent: Decimal, scale: number): Decimal {
  const times = rescale(exponent, 0).units;
  if (times < 0n) return divide(ONE, raise(base, -times), scale);
  const full = raise(base, times);
  return rescale(full, Math.min(full.scale, Math.max(scale, base.scale)));
}

const raise = ({ units, scale }: Decimal, times: bigint): Decimal => ({
  units: units ** times,
  scale: scale * Number(times),
});

export function squareRoot(value: Decimal, scale: number): Decimal {
  if (value.units < 0n) throw new BcError('Square root of a negative number');
  const wanted = Math.max(scale, value.scale);
  return { units: integerRoot(rescale(value, wanted * 2).units), scale: wanted };
}

function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) / 2n;
    if (next >= guess) return guess;
    guess = next;
  }
}

const DIGITS = '0123456789ABCDEF';

/** Digits of any base up to 16; one digit alone counts for itself, in longer numbers those too large count as the largest. */
export function parseNumber(text: string, base: number): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  const worthOf = (digit: string) => {
    const value = DIGITS.indexOf(digit);
    return BigInt(text.length === 1 ? value : Math.min(value, base - 1));
  };
  if (base === 10)
    return { units: BigInt([...(whole + fraction)].map(worthOf).join('') || '0'), scale: fraction.length };
  let units = 0n;
  for (const digit of whole + fraction) units = units * BigInt(base) + worthOf(digit);
  if (fraction === '') return { units, scale: 0 };
  return divide({ units, scale: 0 }, { units: BigInt(base) ** BigInt(fraction.length), scale: 0 }, fraction.length);
}

/** In a base from 2; bases above 16 write each digit as a decimal number after a blank. */
export function formatNumber(value: Decimal, base: number): string {
  const { units, scale } = value;
  const sign = units < 0n ? '-' : '';
  const digits = absolute(units)
    .toString()
    .padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  if (base === 10)
    return `${sign}${whole === '0' && scale > 0 && units !== 0n ? '' : whole}${scale > 0 && units !== 0n ? `.${fraction}` : ''}`;
  const width = String(base - 1).length;
  const show = (digit: bigint) =>
    base <= 16 ? (DIGITS[Number(digit)] ?? '') : ` ${String(digit).padStart(width, '0')}`;
  let text = '';
  for (let rest = BigInt(whole); rest > 0n; rest /= BigInt(base)) text = show(rest % BigInt(base)) + text;
  if (scale > 0) {
    text += '.';
    let rest = BigInt(fraction);
    // As many digits as are worth those of the decimal scale.
    for (let worth = 1n; worth < power10(scale); worth *= BigInt(base)) {
      rest *= BigInt(base);
      text += show(rest / power10(scale));
      rest %= power10(scale);
    }
  }
  return sign + (text === '' ? (base <= 16 ? '0' : ` ${'0'.repeat(width)}`) : text);
}
