/** Logarithms, and the inverse hyperbolic functions that are made of them. */
import { highWord, INFINITY, LN2_HIGH, LN2_LOW, NOT_A_NUMBER, withHighWord, withoutLowWord } from './doubles.ts';

const { abs, LN2, LOG10E: PER_LN10, sqrt } = Math;

/** 1 / ln 2, in two parts. */
const PER_LN2_HIGH = 1.4426950407214463;
const PER_LN2_LOW = 1.6751713164886512e-10;
/** The decimal logarithm of 2, in two parts. */
const LOG10_2_HIGH = 0.30102999566361177;
const LOG10_2_LOW = 3.694239077158931e-13;

/** Of a series for log(1 + f) in s = f / (2 + f): what is to be added to 2 s, over s. */
const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605116586;

const FRACTION = 0xfffff;
/** From here on a fraction belongs to the next power: the square root of two. */
const TO_NEXT = 0x95f64;
const ONE = 0x3ff00000;
const SMALLEST_NORMAL = 0x00100000;
const TWO_54 = 2 ** 54;

/** What {@link reduce} found besides: the power of two, and the fraction's high bits before it was halved. */
let power = 0;
let fraction = 0;

/** f of x = 2 ** power * (1 + f), with 1 + f between the square roots of 1/2 and 2. */
function reduce(x: number): number {
  let scaled = x;
  let high = highWord(x);
  power = 0;
  if (high < SMALLEST_NORMAL) {
    power = -54;
    scaled = x * TWO_54;
    high = highWord(scaled);
  }
  fraction = high & FRACTION;
  const next = (fraction + TO_NEXT) & (FRACTION + 1);
  power += (high >> 20) - 1023 + (next >> 20);
  return withHighWord(scaled, fraction | (next ^ ONE)) - 1;
}

function series(s: number): number {
  const z = s * s;
  const w = z * z;
  const even = w * (L2 + w * (L4 + w * L6));
  return z * (L1 + w * (L3 + w * (L5 + w * L7))) + even;
}

const isPositive = (x: number): boolean => x > 0 && x < INFINITY;

/** What a logarithm gives of all other numbers. */
const edge = (x: number): number => (x === 0 ? -INFINITY : x > 0 ? x : NOT_A_NUMBER);

export function log(x: number): number {
  if (!isPositive(x)) return edge(x);
  const f = reduce(x);
  const k = power;
  const bits = fraction;
  if ((FRACTION & (2 + bits)) < 3) {
    // So close to a power of two that two terms do.
    if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
    const rest = f * f * (0.5 - 0.3333333333333333 * f);
    return k * LN2_HIGH - (rest - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const sum = series(s);
  if (((bits - 0x6147a) | (0x6b851 - bits)) > 0) {
    const half = 0.5 * f * f;
    return k * LN2_HIGH - (half - (s * (half + sum) + k * LN2_LOW) - f);
  }
  return k * LN2_HIGH - (s * (f - sum) - k * LN2_LOW - f);
}

export function log2(x: number): number {
  if (!isPositive(x)) return edge(x);
  if (x === 1) return 0;
  const f = reduce(x);
  const k = power;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const high = withoutLowWord(f - half);
  const low = f - high - half + s * (half + series(s));
  const product = high * PER_LN2_HIGH;
  const sum = k + product;
  return (low + high) * PER_LN2_LOW + low * PER_LN2_HIGH + (k - sum + product) + sum;
}

export function log10(x: number): number {
  if (!isPositive(x)) return edge(x);
  if (x === 1) return 0;
  const isSmall = highWord(x) < SMALLEST_NORMAL;
  const scaled = isSmall ? x * TWO_54 : x;
  const high = highWord(scaled);
  const exponent = (high >> 20) - 1023 - (isSmall ? 54 : 0);
  // Rounded towards zero, so that the rest of a number below one is below one.
  const up = exponent < 0 ? 1 : 0;
  const rest = withHighWord(scaled, (high & FRACTION) | ((1023 - up) << 20));
  const y = exponent + up;
  return y * LOG10_2_LOW + PER_LN10 * log(rest) + y * LOG10_2_HIGH;
}

/** log(1 + x), also where 1 + x would be rounded. */
export function log1p(x: number): number {
  if (!(x > -1 && x < INFINITY)) return edge(1 + x);
  const high = highWord(x);
  const size = high & 0x7fffffff;
  if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
  let k = 0;
  let f = x;
  let bits = 1;
  let correction = 0;
  const isNearOne = high < 0x3fda827a && (high > 0 || high <= (0xbfd2bec4 | 0));
  if (!isNearOne) {
    let u = x;
    if (high < 0x43400000) {
      u = 1 + x;
      k = (highWord(u) >> 20) - 1023;
      correction = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    } else {
      k = (high >> 20) - 1023;
    }
    bits = highWord(u) & FRACTION;
    if (bits < 0x6a09e) {
      u = withHighWord(u, bits | ONE);
    } else {
      k++;
      u = withHighWord(u, bits | 0x3fe00000);
      bits = (FRACTION + 1 - bits) >> 2;
    }
    f = u - 1;
  }
  const half = 0.5 * f * f;
  const low = k * LN2_LOW + correction;
  if (bits === 0) {
    if (f === 0) return k * LN2_HIGH + low;
    return k * LN2_HIGH - (half * (1 - 0.6666666666666666 * f) - low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const sum = z * (L1 + z * (L2 + z * (L3 + z * (L4 + z * (L5 + z * (L6 + z * L7))))));
  return k * LN2_HIGH - (half - (s * (half + sum) + low) - f);
}

export function acosh(x: number): number {
  if (!(x > 1)) return x === 1 ? 0 : NOT_A_NUMBER;
  const high = highWord(x);
  if (high >= 0x41b00000) return log(x) + LN2;
  if (high > 0x40000000) return log(2 * x - 1 / (x + sqrt(x * x - 1)));
  const t = x - 1;
  return log1p(t + sqrt(2 * t + t * t));
}

export function asinh(x: number): number {
  const high = highWord(x);
  const size = high & 0x7fffffff;
  if (size >= 0x7ff00000 || size < 0x3e300000) return x;
  const t = abs(x);
  let result: number;
  if (size > 0x41b00000) result = log(t) + LN2;
  else if (size > 0x40000000) result = log(2 * t + 1 / (sqrt(x * x + 1) + t));
  else result = log1p(t + (t * t) / (1 + sqrt(1 + t * t)));
  return high > 0 ? result : -result;
}

export function atanh(x: number): number {
  const t = abs(x);
  if (!(t < 1)) return t === 1 ? x / 0 : NOT_A_NUMBER;
  if (t < 2 ** -28) return x;
  const twice = t + t;
  const result = 0.5 * log1p(t < 0.5 ? twice + (twice * t) / (1 - t) : twice / (1 - t));
  return x < 0 ? -result : result;
}
