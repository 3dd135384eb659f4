/** The exponential function, and the hyperbolic functions that are made of it. */
import {
  fromHighWord,
  highWord,
  INFINITY,
  isNotANumber,
  LN2_HIGH,
  LN2_LOW,
  NOT_A_NUMBER,
  powerOfTwo,
} from './doubles.ts';

const { abs, E, LOG2E: PER_LN2 } = Math;

/** Beyond, the result is infinite, or zero. */
const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019411;
/** As high words: ln 2 / 2, and 3 / 2 ln 2. */
const HALF_LN2_WORD = 0x3fd62e42;
const LN2_AND_HALF_WORD = 0x3ff0a2b2;

/** Of r (exp(r) + 1) / (exp(r) - 1), in r * r. */
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;

/** Of the same for `expm1`, in r * r / 2. */
const Q1 = -0.03333333333333313;
const Q2 = 0.0015873015872548146;
const Q3 = -7.93650757867488e-5;
const Q4 = 4.008217827329362e-6;
const Q5 = -2.0109921818362437e-7;

/** How many times ln 2 is taken away from x, so that what is left is small. */
function multipleOfLn2(x: number, size: number): number {
  const sign = x < 0 ? -1 : 1;
  return size < LN2_AND_HALF_WORD ? sign : (PER_LN2 * x + 0.5 * sign) | 0;
}

export function exp(x: number): number {
  if (!(x <= LARGEST)) return x > LARGEST ? INFINITY : NOT_A_NUMBER;
  if (x < SMALLEST) return 0;
  if (x === 1) return E;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e300000) return 1 + x;
  const k = size > HALF_LN2_WORD ? multipleOfLn2(x, size) : 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k === 1024) return y * 2 * 2 ** 1023;
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * 2 ** -1000;
}

/** exp(x) - 1, also where that would be rounded. */
export function expm1(x: number): number {
  if (!(x <= LARGEST)) return x > LARGEST ? INFINITY : NOT_A_NUMBER;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3c900000) return x;
  if (x < 0 && size >= 0x4043687a) return -1;
  const k = size > HALF_LN2_WORD ? multipleOfLn2(x, size) : 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const correction = high - r - low;
  const half = 0.5 * r;
  const z = r * half;
  const r1 = 1 + z * (Q1 + z * (Q2 + z * (Q3 + z * (Q4 + z * Q5))));
  const t = 3 - r1 * half;
  const e = z * ((r1 - t) / (6 - r * t));
  if (k === 0) return r - (r * e - z);
  const error = r * (e - correction) - correction - z;
  if (k === -1) return 0.5 * (r - error) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (error - (r + 0.5)) : 1 + 2 * (r - error);
  if (k <= -2 || k > 56) {
    const y = 1 - (error - r);
    return (k === 1024 ? y * 2 * 8.98846567431158e307 : y * powerOfTwo(k)) - 1;
  }
  // 1 - 2 ** -k, or 2 ** -k, whichever is exact.
  const y = k < 20 ? fromHighWord(0x3ff00000 - (0x200000 >> k)) - (error - r) : r - (error + powerOfTwo(-k)) + 1;
  return y * powerOfTwo(k);
}

/** Where the exponential function itself is infinite, but half of it is not. */
function halfOfHuge(x: number): number {
  const root = exp(0.5 * x);
  return 0.5 * root * root;
}

export function cosh(x: number): number {
  const t = abs(x);
  const size = highWord(t);
  if (size < 0x3fd62e43) {
    const less = expm1(t);
    const whole = 1 + less;
    return size < 0x3c800000 ? whole : 1 + (less * less) / (whole + whole);
  }
  const e = size < 0x40862e42 ? exp(t) : 0;
  if (size < 0x40360000) return 0.5 * e + 0.5 / e;
  return size < 0x40862e42 ? 0.5 * e : halfOfHuge(t);
}

export function sinh(x: number): number {
  const t = abs(x);
  if (t < 2 ** -28 || isNotANumber(x)) return x;
  const half = x < 0 ? -0.5 : 0.5;
  if (t < 22) {
    const less = expm1(t);
    return half * (t < 1 ? 2 * less - (less * less) / (less + 1) : less + less / (less + 1));
  }
  return t < 709.7822265625 ? half * exp(t) : 2 * half * halfOfHuge(t);
}

export function tanh(x: number): number {
  const t = abs(x);
  if (t < 2 ** -28 || isNotANumber(x)) return x;
  let result = 1;
  if (t < 1) {
    const less = expm1(-2 * t);
    result = -less / (less + 2);
  } else if (t < 22) {
    result = 1 - 2 / (expm1(2 * t) + 2);
  }
  return x < 0 ? -result : result;
}
