/** Numbers that several functions need, and doubles as the two words that they are: the sign, the exponent and twenty bits of the fraction in the high one, the rest in the low one. */

// Taken at the start: the guest may replace what they are found in.
export const INFINITY = Number.POSITIVE_INFINITY;
export const NOT_A_NUMBER = Number.NaN;
export const isNotANumber = Number.isNaN;
const { is } = Object;

/** ln 2, of which small multiples are exact, and the rest of it. */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;
/** Parts of pi, and what the smaller one lacks. */
export const HALF_PI = 1.5707963267948966;
export const QUARTER_PI = 0.7853981633974483;
export const QUARTER_PI_LOW = 3.061616997868383e-17;

export const isNegativeZero = (x: number): boolean => is(x, -0);

const value = new Float64Array(1);
/** Little-endian, as all machines are that a browser runs on. */
const words = new Uint32Array(value.buffer);

/** Signed, so that it is negative where the number is. */
export function highWord(x: number): number {
  value[0] = x;
  return (words[1] as number) | 0;
}

export function withHighWord(x: number, high: number): number {
  value[0] = x;
  words[1] = high;
  return value[0];
}

/** A number with an exponent and a few digits, so that products of two are exact. */
export function withoutLowWord(x: number): number {
  value[0] = x;
  words[0] = 0;
  return value[0];
}

/** The number that is nothing but its high word. */
export function fromHighWord(high: number): number {
  words[0] = 0;
  words[1] = high;
  return value[0] as number;
}

/** 2 ** `power`, from -1022 to 1023. */
export function powerOfTwo(power: number): number {
  return fromHighWord((power + 1023) << 20);
}

/** Rounded to 23 bits, a half upwards. */
export function toFewBits(x: number): number {
  value[0] = x;
  const low = words[0] as number;
  if (low >= 0x80000000) words[1] = (words[1] as number) + 1;
  words[0] = (low + 0x80000000) & 0xc0000000;
  return value[0];
}
