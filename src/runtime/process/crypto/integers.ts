/** Big integers and their bytes. */

/** Big endian, unsigned. */
export function toInteger(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** Big endian, unsigned, of that length; as short as can be (but one byte) without one. */
export function toBytes(value: bigint, length?: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const size = length ?? Math.max(1, Math.ceil(hex.length / 2));
  const padded = hex.padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(padded.slice(2 * i, 2 * i + 2), 16));
}

export const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

export const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

/** base ** exponent modulo an integer, four bits of the exponent at a time. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const table = [1n % modulus];
  const reduced = mod(base, modulus);
  for (let i = 1; i < 16; i++) table.push(((table[i - 1] ?? 1n) * reduced) % modulus);
  let result = 1n % modulus;
  for (const digit of exponent.toString(16)) {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    const nibble = Number.parseInt(digit, 16);
    if (nibble !== 0) result = (result * (table[nibble] ?? 1n)) % modulus;
  }
  return result;
}

/** The inverse modulo an integer; throws RangeError when there is none. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [mod(value, modulus), modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  if (a !== 1n) throw new RangeError('no inverse');
  return mod(x, modulus);
}

/** An integer in [1, limit). */
export function randomBelow(limit: bigint, random: (length: number) => Uint8Array): bigint {
  const bits = bitLength(limit);
  for (;;) {
    const candidate = toInteger(random(Math.ceil(bits / 8))) >> BigInt((8 - (bits % 8)) % 8);
    if (candidate > 0n && candidate < limit) return candidate;
  }
}
