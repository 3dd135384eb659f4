/** The inverse trigonometric functions. */
import {
  HALF_PI,
  highWord,
  INFINITY,
  isNegativeZero,
  isNotANumber,
  NOT_A_NUMBER,
  QUARTER_PI,
  QUARTER_PI_LOW,
  withoutLowWord,
} from './doubles.ts';

const { abs, PI, sqrt } = Math;

/** What pi and its half lack. */
const PI_LOW = 1.2246467991473532e-16;
const HALF_PI_LOW = 6.123233995736766e-17;

/** (asin(x) - x) / x as a quotient of polynomials, in x * x. */
function arcRatio(z: number): number {
  const p =
    z *
    (0.16666666666666666 +
      z *
        (-0.3255658186224009 +
          z *
            (0.20121253213486293 +
              z * (-0.04005553450067941 + z * (0.0007915349942898145 + z * 3.479331075960212e-5)))));
  const q =
    1 + z * (-2.403394911734414 + z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194)));
  return p / q;
}

export function acos(x: number): number {
  const size = abs(x);
  if (!(size < 1)) return x === 1 ? 0 : x === -1 ? PI : NOT_A_NUMBER;
  if (size < 0.5) {
    if ((highWord(x) & 0x7fffffff) <= 0x3c600000) return HALF_PI;
    return HALF_PI - (x - (HALF_PI_LOW - x * arcRatio(x * x)));
  }
  const z = (1 - size) * 0.5;
  const s = sqrt(z);
  const ratio = arcRatio(z);
  if (x < 0) return PI - 2 * (s + (ratio * s - HALF_PI_LOW));
  const high = withoutLowWord(s);
  const correction = (z - high * high) / (s + high);
  return 2 * (high + (ratio * s + correction));
}

export function asin(x: number): number {
  const size = abs(x);
  if (!(size < 1)) return size === 1 ? x * HALF_PI + x * HALF_PI_LOW : NOT_A_NUMBER;
  if (size < 0.5) return size < 2 ** -27 ? x : x + x * arcRatio(x * x);
  const z = (1 - size) * 0.5;
  const s = sqrt(z);
  const ratio = arcRatio(z);
  let result: number;
  if (highWord(size) >= 0x3fef3333) {
    result = HALF_PI - (2 * (s + s * ratio) - HALF_PI_LOW);
  } else {
    const high = withoutLowWord(s);
    const correction = (z - high * high) / (s + high);
    result = QUARTER_PI - (2 * s * ratio - (HALF_PI_LOW - 2 * correction) - (QUARTER_PI - 2 * high));
  }
  return x > 0 ? result : -result;
}

/** Where the arc tangent is known, in two parts: of 1/2, 1, 3/2 and infinity. */
const KNOWN = [0.4636476090008061, QUARTER_PI, 0.982793723247329, HALF_PI] as const;
const KNOWN_LOW = [2.2698777452961687e-17, QUARTER_PI_LOW, 1.3903311031230998e-17, HALF_PI_LOW] as const;

export function atan(x: number): number {
  const size = abs(x);
  if (isNotANumber(x)) return x;
  if (size >= 2 ** 66) return x > 0 ? HALF_PI : -HALF_PI;
  if (size < 0.4375) return size < 2 ** -27 ? x : x - x * arcSeries(x);
  const near = size < 1.1875 ? (size < 0.6875 ? 0 : 1) : size < 2.4375 ? 2 : 3;
  const t = fromKnown(size, near);
  const result = KNOWN[near] - (t * arcSeries(t) - KNOWN_LOW[near] - t);
  return x < 0 ? -result : result;
}

/** The tangent of what is between the angle and the known one. */
function fromKnown(t: number, near: 0 | 1 | 2 | 3): number {
  if (near === 0) return (2 * t - 1) / (2 + t);
  if (near === 1) return (t - 1) / (t + 1);
  return near === 2 ? (t - 1.5) / (1 + 1.5 * t) : -1 / t;
}

/** (x - atan(x)) / x. */
function arcSeries(x: number): number {
  const z = x * x;
  const w = z * z;
  const odd =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w *
            (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const even =
    w *
    (-0.19999999999876483 +
      w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  return odd + even;
}

export function atan2(y: number, x: number): number {
  if (isNotANumber(x) || isNotANumber(y)) return NOT_A_NUMBER;
  if (x === 1) return atan(y);
  const isLeft = x < 0 || isNegativeZero(x);
  const sign = y < 0 || isNegativeZero(y) ? -1 : 1;
  if (y === 0) return isLeft ? sign * PI : y;
  if (x === 0) return sign * HALF_PI;
  const isEndless = abs(y) === INFINITY;
  if (abs(x) === INFINITY) {
    if (isEndless) return sign * (isLeft ? 3 * QUARTER_PI : QUARTER_PI);
    return isLeft ? sign * PI : sign * 0;
  }
  if (isEndless) return sign * HALF_PI;
  const steepness = ((highWord(y) & 0x7fffffff) - (highWord(x) & 0x7fffffff)) >> 20;
  // So steep that the side does not count.
  if (steepness > 60) return sign * (HALF_PI + 0.5 * PI_LOW);
  const angle = isLeft && steepness < -60 ? 0 : atan(abs(y / x));
  return isLeft ? sign * (PI - (angle - PI_LOW)) : sign * angle;
}
