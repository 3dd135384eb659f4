/** Prime numbers: Miller-Rabin over BigInt. Numbers are big-endian bytes. */

type Random = (length: number) => Uint8Array;

const ROUNDS = 40;
const SMALL_PRIMES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

export function isProbablePrime(candidate: Uint8Array, random: Random): boolean {
  return isPrime(fromBytes(candidate), random);
}

/** A prime of exactly `bits` bits; `safe` asks that (p - 1) / 2 is prime too; p = remainder (mod add) when given. */
export function randomPrime(request: {
  bits: number;
  safe: boolean;
  random: Random;
  add?: Uint8Array;
  remainder?: Uint8Array;
}): ArrayBuffer {
  const { bits, safe, random } = request;
  const add = request.add === undefined ? 0n : fromBytes(request.add);
  const remainder = request.remainder === undefined ? (safe ? 3n : 1n) : fromBytes(request.remainder);
  const length = Math.ceil(bits / 8);
  const top = 1n << BigInt(bits - 1);
  // OpenSSL sets the two highest bits, so that a product of two primes has twice the length.
  const high = bits > 2 ? top | (top >> 1n) : top;
  for (;;) {
    let candidate = (fromBytes(random(length)) & (top - 1n)) | high;
    if (add > 0n) candidate += (remainder - (candidate % add) + add) % add;
    else if (bits > 2) candidate |= 1n;
    if (candidate >> BigInt(bits) !== 0n) continue;
    if (isPrime(candidate, random) && (!safe || isPrime((candidate - 1n) / 2n, random))) {
      return toBytes(candidate, length);
    }
  }
}

function isPrime(n: bigint, random: Random): boolean {
  if (n < 2n) return false;
  for (const prime of SMALL_PRIMES) {
    if (n % prime === 0n) return n === prime;
  }
  let odd = n - 1n;
  let twos = 0;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  const length = Math.ceil(n.toString(16).length / 2);
  for (let round = 0; round < ROUNDS; round++) {
    const base = (fromBytes(random(length)) % (n - 3n)) + 2n;
    if (isCompositeWitness(base, { n, odd, twos })) return false;
  }
  return true;
}

function isCompositeWitness(base: bigint, { n, odd, twos }: { n: bigint; odd: bigint; twos: number }): boolean {
  let x = powerModulo(base, odd, n);
  if (x === 1n || x === n - 1n) return false;
  for (let i = 1; i < twos; i++) {
    x = (x * x) % n;
    if (x === n - 1n) return false;
  }
  return true;
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let power = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * power) % modulus;
    power = (power * power) % modulus;
  }
  return result;
}

function fromBytes(bytes: Uint8Array): bigint {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}

function toBytes(value: bigint, length: number): ArrayBuffer {
  const hex = value.toString(16).padStart(length * 2, '0');
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes.buffer;
}
