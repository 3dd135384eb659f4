/** Sine, cosine and tangent. */
import {
  fromHighWord,
  HALF_PI,
  highWord,
  NOT_A_NUMBER,
  QUARTER_PI,
  QUARTER_PI_LOW,
  withoutLowWord,
} from './doubles.ts';

const { abs } = Math;
const { BigInt: toBigInt, Number: toNumber } = globalThis;
const { asUintN } = BigInt;

/** As high words: pi / 4, and 2 ** 19 * pi / 2. */
const QUARTER_PI_WORD = 0x3fe921fb;
const FAR_WORD = 0x413921fb;
const ENDLESS_WORD = 0x7ff00000;
const PER_HALF_PI = 0.6366197723675814;
/** Half of pi in pieces of 33 bits, of which small multiples are exact; and what is left behind each. */
const PIECE_1 = 1.5707963267341256;
const REST_1 = 6.077100506506192e-11;
const PIECE_2 = 6.077100506303966e-11;
const REST_2 = 2.0222662487959506e-21;
const PIECE_3 = 2.0222662487111665e-21;
const REST_3 = 8.4784276603689e-32;

/** What is left of an angle without its multiples of pi / 2, and what that lacks. */
const left = new Float64Array(2);

/** Fills {@link left}; returns how many times pi / 2 was taken away. */
function reduce(x: number): number {
  const size = highWord(x) & 0x7fffffff;
  const n = size <= FAR_WORD ? takeNear(abs(x), size) : takeFar(abs(x));
  if (x > 0) return n;
  left[0] = -(left[0] as number);
  left[1] = -(left[1] as number);
  return -n;
}

function takeNear(x: number, size: number): number {
  const n = (x * PER_HALF_PI + 0.5) | 0;
  let r = x - n * PIECE_1;
  let w = n * REST_1;
  let y = r - w;
  // Where most digits are gone with the first piece, the next ones are needed.
  if (n >= 32 || size === highWord(n * HALF_PI)) {
    const exponent = size >> 20;
    if (exponent - exponentOf(y) > 16) {
      const first = r;
      r = first - n * PIECE_2;
      w = n * REST_2 - (first - r - n * PIECE_2);
      y = r - w;
      if (exponent - exponentOf(y) > 49) {
        const second = r;
        r = second - n * PIECE_3;
        w = n * REST_3 - (second - r - n * PIECE_3);
        y = r - w;
      }
    }
  }
  left[0] = y;
  left[1] = r - y - w;
  return n;
}

const exponentOf = (y: number): number => (highWord(y) >> 20) & 0x7ff;

/** 2 / pi in digits of 24 bits, as many as the largest number needs. */
const TWO_OVER_PI = toBigInt(
  [
    '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921c',
    'fe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980f',
    'ef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d08',
    '56033046fc7b6babf0cfbc209af4361da9e391615ee61b086599855f14a068408dffd8804d73273106061556ca73a8c9',
    '60e27bc08c6b',
  ].join(''),
);
const PLACES = 66;
const DIGIT = 24n;
/** pi / 2, a digit each. */
const HALF_PI_DIGITS = [
  1.570796251296997, 7.549789415861596e-8, 5.390302529957765e-15, 3.282003415807913e-22, 1.270655753080676e-29,
] as const;
const LAST = HALF_PI_DIGITS.length - 1;

/** The digit so many places behind the point. */
const twoOverPi = (place: number): bigint =>
  place < 0 ? 0n : asUintN(24, TWO_OVER_PI >> (DIGIT * toBigInt(PLACES - 1 - place)));

/**
 * By Payne and Hanek: multiplies with those digits of 2 / pi that make neither whole turns nor what is too small to count, one more
 * until the product has a digit that is not zero.
 */
function takeFar(x: number): number {
  const exponent = exponentOf(x) - 1023;
  const mantissa = toBigInt(x * 2 ** (52 - exponent)) << 19n;
  const xs = [mantissa >> 48n, asUintN(24, mantissa >> 24n), asUintN(24, mantissa)] as const;
  const first = ((exponent - 26) / 24) | 0;
  /** The power of two that the product's first digit counts. */
  const weight = exponent - 23 - 24 * (first + 1);
  for (let count = LAST; ; count++) {
    let product = 0n;
    for (let i = first; i <= first + count; i++) {
      product = (product << DIGIT) + xs[0] * twoOverPi(i) + xs[1] * twoOverPi(i - 1) + xs[2] * twoOverPi(i - 2);
    }
    const one = 1n << toBigInt(24 * count - weight);
    const fraction = product & (one - 1n);
    const isPast = 2n * fraction >= one;
    const rest = isPast ? one - fraction : fraction;
    if (rest >> (DIGIT * toBigInt(LAST)) === 0n) continue;
    timesHalfPi(rest, weight - 24 * count, isPast ? -1 : 1);
    return (toNumber(asUintN(3, product / one)) + (isPast ? 1 : 0)) & 7;
  }
}

/** Fills {@link left} with so much of pi / 2; the smallest products are added first. */
function timesHalfPi(fraction: bigint, weight: number, sign: number): void {
  // The first digit last, as they come.
  const digits: number[] = [];
  let count = 0;
  for (let rest = fraction; rest > 0n; rest >>= DIGIT) {
    digits[count] = toNumber(asUintN(24, rest)) * 2 ** (weight + 24 * count);
    count++;
  }
  const products: number[] = [];
  for (let place = 0; place < count; place++) {
    let sum = 0;
    for (let k = 0; k <= LAST && k <= place; k++) {
      sum += (HALF_PI_DIGITS[k] as number) * (digits[count - 1 - place + k] as number);
    }
    products[place] = sum;
  }
  let high = 0;
  for (let place = count - 1; place >= 0; place--) high += products[place] as number;
  let low = (products[0] as number) - high;
  for (let place = 1; place < count; place++) low += products[place] as number;
  left[0] = sign * high;
  left[1] = sign * low;
}

/** Of an angle of at most pi / 4, and what it lacks. */
function nearSine(x: number, y: number): number {
  if ((highWord(x) & 0x7fffffff) < 0x3e400000) return x;
  const z = x * x;
  const v = z * x;
  const r =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  if (y === 0) return x + v * (-0.16666666666666632 + z * r);
  return x - (z * (0.5 * y - v * r) - y - v * -0.16666666666666632);
}

function nearCosine(x: number, y: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
  // About a quarter of the angle, which is taken from both without rounding.
  const part = size > 0x3fe90000 ? 0.28125 : fromHighWord(size - 0x00200000);
  return 1 - part - (0.5 * z - part - (z * r - x * y));
}

/** The tangent, or -1 over it. */
function nearTangent(angle: number, lack: number, isOdd: boolean): number {
  const high = highWord(angle);
  const size = high & 0x7fffffff;
  let x = angle;
  let y = lack;
  if (size < 0x3e300000) return isOdd ? lessThanZero(x, y) : x;
  const isLarge = size >= 0x3fe59428;
  if (isLarge) {
    const sign = high < 0 ? -1 : 1;
    x = QUARTER_PI - sign * x + (QUARTER_PI_LOW - sign * y);
    y = 0;
  }
  const z = x * x;
  const w = z * z;
  const odd =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w *
          (0.0035920791075913124 +
            w * (0.0005880412408202641 + w * (7.817944429395571e-5 + w * -1.8558637485527546e-5))));
  const even =
    z *
    (0.05396825397622605 +
      w *
        (0.0088632398235993 +
          w *
            (0.0014562094543252903 +
              w * (0.0002464631348184699 + w * (7.140724913826082e-5 + w * 2.590730518636337e-5)))));
  const s = z * x;
  const r = y + z * (s * (odd + even) + y) + 0.3333333333333341 * s;
  const sum = x + r;
  if (isLarge) {
    const v = isOdd ? -1 : 1;
    return (high < 0 ? -1 : 1) * (v - 2 * (x - ((sum * sum) / (sum + v) - r)));
  }
  return isOdd ? lessThanZero(x, r) : sum;
}

/** -1 / (x + y), as exact as it can be. */
function lessThanZero(x: number, y: number): number {
  const sum = x + y;
  const z = withoutLowWord(sum);
  const a = -1 / sum;
  const t = withoutLowWord(a);
  return t + a * (1 + t * z + t * (y - (z - x)));
}

export function sin(x: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size <= QUARTER_PI_WORD) return nearSine(x, 0);
  if (size >= ENDLESS_WORD) return NOT_A_NUMBER;
  return quarterOf(reduce(x) & 3);
}

export function cos(x: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size <= QUARTER_PI_WORD) return nearCosine(x, 0);
  if (size >= ENDLESS_WORD) return NOT_A_NUMBER;
  return quarterOf((reduce(x) + 1) & 3);
}

/** The sine of what is left, so many quarters of a turn on. */
function quarterOf(quarters: number): number {
  const x = left[0] as number;
  const y = left[1] as number;
  const value = (quarters & 1) === 0 ? nearSine(x, y) : nearCosine(x, y);
  return quarters < 2 ? value : -value;
}

export function tan(x: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size <= QUARTER_PI_WORD) return nearTangent(x, 0, false);
  if (size >= ENDLESS_WORD) return NOT_A_NUMBER;
  const isOdd = (reduce(x) & 1) === 1;
  return nearTangent(left[0] as number, left[1] as number, isOdd);
}
