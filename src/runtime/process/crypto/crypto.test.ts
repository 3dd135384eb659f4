import * as native from 'node:crypto';
import { hkdf } from '@noble/hashes/hkdf.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { describe, expect, test } from 'vitest';
import { findDigest } from './digests.ts';
import { isProbablePrime, randomPrime } from './primes.ts';

const random = (length: number) => new Uint8Array(native.randomBytes(length));
const data = Buffer.from('déjà vu '.repeat(40));

describe('digests', () => {
  const missing = new Set(['RSA-SM3', 'sm3', 'sm3WithRSAEncryption', 'md5-sha1']);
  test.each(native.getHashes().filter((name) => !missing.has(name)))('%s', (name) => {
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

  test('key derivation', () => {
    const { hash } = findDigest('SHA-512')!;
    const derived = pbkdf2(hash, data, data, { c: 3, dkLen: 70 });
    expect(Buffer.from(derived).equals(native.pbkdf2Sync(data, data, 3, 70, 'sha512'))).toBe(true);
    const expanded = hkdf(hash, data, data, data, 70);
    expect(Buffer.from(expanded).equals(Buffer.from(native.hkdfSync('sha512', data, data, data, 70)))).toBe(true);
  });
});

test('primes', () => {
  for (const bits of [8, 64, 256]) {
    const prime = new Uint8Array(randomPrime({ bits, safe: false, random }));
    expect(native.checkPrimeSync(prime)).toBe(true);
    expect(isProbablePrime(prime, random)).toBe(true);
  }
  const product = native.generatePrimeSync(64, { bigint: true }) * native.generatePrimeSync(64, { bigint: true });
  expect(isProbablePrime(Buffer.from(product.toString(16).padStart(32, '0'), 'hex'), random)).toBe(false);
  expect(native.checkPrimeSync(randomPrime({ bits: 32, safe: true, random }))).toBe(true);
});
