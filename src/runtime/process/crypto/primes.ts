/** Prime numbers: a sieve of small primes, then Miller-Rabin over big integers. */
import { bitLength, inverse, power, randomBelow, toInteger } from './integers.ts';

type Random = (length: number) => Uint8Array;

const ROUNDS = 40;
/** Enough for a number that was picked at random: the chance of an error is below 2^-100 (FIPS 186-5, table B.1). */
const ROUNDS_OF_LARGE_RANDOM = 8;
const LARGE = 512;
const SIEVE_LIMIT = 4000;
/** A safe prime is rare: it pays to strike out more. */
const SAFE_SIEVE_LIMIT = 200_000;
const TRIES = 4096;
const SAFE_TRIES = 65_536;

const SMALL_PRIMES = sieve(SIEVE_LIMIT);

function sieve(limit: number): number[] {
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let n = 2; n < limit; n++) {
    if (composite[n]) continue;
    primes.push(n);
    for (let multiple = n * n; multiple < limit; multiple += n) composite[multiple] = 1;
  }
  return primes;
}

/** `candidate` in big-endian bytes. */
export function isProbablePrime(candidate: Uint8Array, random: Random): boolean {
  return isPrime(toInteger(candidate), random, ROUNDS);
}

export interface PrimeRequest {
  bits: number;
  /** (p - 1) / 2 shall be prime too. */
  safe?: boolean;
  random: Random;
  /** p = remainder (mod add), when it is given. */
  add?: bigint | undefined;
  remainder?: bigint | undefined;
}

/** A prime of exactly so many bits. */
export function randomPrime({ bits, safe = false, random, add, remainder }: PrimeRequest): bigint {
  const top = 1n << BigInt(bits - 1);
  // OpenSSL sets the two highest bits, so that a product of two primes has twice the length.
  const high = bits > 2 ? top | (top >> 1n) : top;
  const step = add ?? (safe && bits > 6 ? 12n : 2n);
  const rest = remainder ?? (add !== undefined ? (safe ? 3n : 1n) : safe && bits > 6 ? 11n : 1n);
  const rounds = bits >= LARGE ? ROUNDS_OF_LARGE_RANDOM : ROUNDS;
  const accepts = (candidate: bigint) =>
    isPrime(candidate, random, safe ? 1 : rounds) &&
    (!safe || (isPrime((candidate - 1n) / 2n, random, rounds) && isPrime(candidate, random, rounds)));
  for (;;) {
    const start = (toInteger(random(Math.ceil(bits / 8))) & (top - 1n)) | high;
    if (bits === 2) return 2n + (start & 1n);
    const first = start + ((((rest - (start % step)) % step) + step) % step);
    for (const offset of survivors(first, step, safe)) {
      const candidate = first + BigInt(offset) * step;
      if (bitLength(candidate) !== bits) break;
      if (accepts(candidate)) return candidate;
    }
  }
}

/** The multiples of `step` to try: those whose sum has no small factor (nor, for a safe prime, its half). */
function* survivors(first: bigint, step: bigint, safe: boolean): Iterable<number> {
  if (bitLength(first) < 32) {
    for (let i = 0; i < 64; i++) yield i;
    return;
  }
  const tries = safe ? SAFE_TRIES : TRIES;
  const struck = new Uint8Array(tries);
  for (const prime of safe ? safeSieve() : SMALL_PRIMES) {
    const modulus = BigInt(prime);
    const stride = step % modulus;
    const rest = Number(first % modulus);
    if (stride === 0n) {
      if (rest === 0) return;
      continue;
    }
    const each = Number(inverse(stride, modulus));
    strike(struck, prime, ((prime - rest) * each) % prime);
    if (safe && prime > 2) strike(struck, prime, ((prime + 1 - rest) * each) % prime);
  }
  for (let i = 0; i < tries; i++) if (!struck[i]) yield i;
}

function strike(struck: Uint8Array, prime: number, from: number): void {
  for (let i = from; i < struck.length; i += prime) struck[i] = 1;
}

let largerPrimes: number[] | null = null;
function safeSieve(): number[] {
  largerPrimes ??= sieve(SAFE_SIEVE_LIMIT);
  return largerPrimes;
}

function isPrime(n: bigint, random: Random, rounds: number): boolean {
  if (n < 2n) return false;
  for (const prime of SMALL_PRIMES) {
    if (n % BigInt(prime) === 0n) return n === BigInt(prime);
  }
  let odd = n - 1n;
  let twos = 0;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  for (let round = 0; round < rounds; round++) {
    const base = round === 0 ? 2n : randomBelow(n - 1n, random);
    if (isCompositeWitness(base, { n, odd, twos })) return false;
  }
  return true;
}

function isCompositeWitness(base: bigint, { n, odd, twos }: { n: bigint; odd: bigint; twos: number }): boolean {
  let x = power(base, odd, n);
  if (x === 1n || x === n - 1n) return false;
  for (let i = 1; i < twos; i++) {
    x = (x * x) % n;
    if (x === n - 1n) return false;
  }
  return true;
}
