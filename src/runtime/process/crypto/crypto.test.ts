import * as native from 'node:crypto';
import { hkdf } from '@noble/hashes/hkdf.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBinaries } from '../../library/parts.ts';
import { digestFinder, type FindDigest } from './hashes/digests.ts';
import { toBytes } from './integers.ts';
import { isProbablePrime, randomPrime } from './primes.ts';

const random = (length: number) => new Uint8Array(native.randomBytes(length));
let findDigest: FindDigest;
beforeAll(async () => {
  const binaries = await readBinaries(process.cwd());
  findDigest = digestFinder({ assembly: WebAssembly, binary: (name) => new Uint8Array(binaries.get(name)!) });
});
const data = Buffer.from('déjà vu '.repeat(40));

describe('digests', () => {
  test.each(native.getHashes())('%s', (name) => {
    const running = findDigest(name)!.create();
    running.update(data.subarray(0, 7));
    const copy = running.clone();
    running.update(data.subarray(7));
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(hex(running.digest())).toBe(native.createHash(name).update(data).digest('hex'));
    expect(hex(copy.digest())).toBe(native.createHash(name).update(data.subarray(0, 7)).digest('hex'));
  });

  test('SHAKE of any length', () => {
    const running = findDigest('SHAKE256')!.create(100);
    running.update(data);
    const expected = native.createHash('shake256', { outputLength: 100 }).update(data).digest();
    expect(Buffer.from(running.digest()).equals(expected)).toBe(true);
  });

  test('unknown names', () => {
    for (const name of ['nope', 'constructor', '', 'sha']) expect(findDigest(name)).toBeUndefined();
  });

  test.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'ripemd160', 'sm3'])('PBKDF2 with %s', (name) => {
    const digest = findDigest(name)!;
    const running = digest.create();
    running.update(data);
    for (const [secret, salt, iterations, length] of [
      [data, data, 3, 150],
      [data.subarray(0, 9), data.subarray(0, 0), 1, 1],
      [data.subarray(0, 0), Buffer.alloc(40_000, 7), 50, 20],
      [data, data, 1, 0],
    ] as const) {
      const derived = digest.deriveKey!({ secret, salt, iterations, length });
      const expected = length === 0 ? Buffer.alloc(0) : native.pbkdf2Sync(secret, salt, iterations, length, name);
      expect(Buffer.from(derived).equals(expected)).toBe(true);
    }
    // What was going on in the same module goes on.
    expect(Buffer.from(running.digest()).equals(native.createHash(name).update(data).digest())).toBe(true);
  });

  test('key derivation', () => {
    const hash = findDigest('SHA-512')!.hash!;
    const derived = pbkdf2(hash, data, data, { c: 3, dkLen: 70 });
    expect(Buffer.from(derived).equals(native.pbkdf2Sync(data, data, 3, 70, 'sha512'))).toBe(true);
    const expanded = hkdf(hash, data, data, data, 70);
    expect(Buffer.from(expanded).equals(Buffer.from(native.hkdfSync('sha512', data, data, data, 70)))).toBe(true);
  });
});

test('primes', () => {
  for (const bits of [8, 64, 256]) {
    const prime = toBytes(randomPrime({ bits, random }));
    expect(native.checkPrimeSync(prime)).toBe(true);
    expect(isProbablePrime(prime, random)).toBe(true);
  }
  const product = native.generatePrimeSync(64, { bigint: true }) * native.generatePrimeSync(64, { bigint: true });
  expect(isProbablePrime(Buffer.from(product.toString(16).padStart(32, '0'), 'hex'), random)).toBe(false);
  expect(native.checkPrimeSync(randomPrime({ bits: 64, safe: true, random }))).toBe(true);
});
