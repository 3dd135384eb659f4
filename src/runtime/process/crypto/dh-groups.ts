/** The well-known Diffie-Hellman groups (RFC 2409, RFC 3526), made from the digits of pi as the RFCs define them. */

/** Name -> bits, and the number that makes the prime safe. */
const GROUPS: Readonly<Record<string, readonly [bits: number, offset: bigint]>> = {
  modp1: [768, 149686n],
  modp2: [1024, 129093n],
  modp5: [1536, 741804n],
  modp14: [2048, 124476n],
  modp15: [3072, 1690314n],
  modp16: [4096, 240904n],
  modp17: [6144, 929484n],
  modp18: [8192, 4743158n],
};

const primes = new Map<string, bigint>();

/** The group's prime; its generator is 2. Undefined for a name that is none. */
export function groupPrime(name: string): bigint | undefined {
  const key = name.toLowerCase();
  const group = Object.hasOwn(GROUPS, key) ? GROUPS[key] : undefined;
  if (group === undefined) return undefined;
  let prime = primes.get(key);
  if (prime === undefined) {
    const [bits, offset] = group;
    const n = BigInt(bits);
    prime = 2n ** n - 2n ** (n - 64n) - 1n + 2n ** 64n * (piTimes(n - 130n) + offset);
    primes.set(key, prime);
  }
  return prime;
}

export const isGroupPrime = (prime: bigint): boolean => Object.keys(GROUPS).some((name) => groupPrime(name) === prime);

/** floor(2^bits · pi), by Machin's formula with bits to spare. */
function piTimes(bits: bigint): bigint {
  const spare = 64n;
  const one = 2n ** (bits + spare);
  return (16n * arcCotangent(5n, one) - 4n * arcCotangent(239n, one)) >> spare;
}

function arcCotangent(x: bigint, one: bigint): bigint {
  let power = one / x;
  let sum = power;
  for (let n = 3n, sign = -1n; power !== 0n; n += 2n, sign = -sign) {
    power /= x * x;
    sum += (sign * power) / n;
  }
  return sum;
}
