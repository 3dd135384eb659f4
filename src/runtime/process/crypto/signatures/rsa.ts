/** RSA (RFC 8017) over big integers: the bare operation, the paddings, and key generation. */

import type { RunningDigest } from '../hashes/running-digest.ts';
import { bitLength, inverse, power, toBytes, toInteger } from '../integers.ts';

export interface RsaKey {
  n: bigint;
  e: bigint;
  private?: RsaSecret;
}

export interface RsaSecret {
  d: bigint;
  p: bigint;
  q: bigint;
  dp: bigint;
  dq: bigint;
  qi: bigint;
}

/** What the paddings need of a hash function. */
export interface PaddingHash {
  outputLength: number;
  create(): RunningDigest;
}

type Random = (length: number) => Uint8Array;

export const modulusBytes = (key: RsaKey): number => Math.ceil(bitLength(key.n) / 8);

export function publicOperation(key: RsaKey, bytes: Uint8Array): Uint8Array {
  return toBytes(power(toInteger(bytes), key.e, key.n), modulusBytes(key));
}

/** By the Chinese remainder theorem. */
export function privateOperation(key: RsaKey, secret: RsaSecret, bytes: Uint8Array): Uint8Array {
  const input = toInteger(bytes);
  const { p, q, dp, dq, qi } = secret;
  const m1 = power(input, dp, p);
  const m2 = power(input, dq, q);
  const h = ((((m1 - m2) % p) + p) * qi) % p;
  return toBytes(m2 + h * q, modulusBytes(key));
}

const digestOf = (hash: PaddingHash, ...parts: readonly Uint8Array[]): Uint8Array => {
  const running = hash.create();
  for (const part of parts) running.update(part);
  return running.digest();
};

/** MGF1. */
function mask(hash: PaddingHash, seed: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let counter = 0, at = 0; at < length; counter++, at += hash.outputLength) {
    const block = digestOf(hash, seed, toBytes(BigInt(counter), 4));
    bytes.set(block.subarray(0, length - at), at);
  }
  return bytes;
}

const xored = (left: Uint8Array, right: Uint8Array) => left.map((byte, i) => byte ^ (right[i] ?? 0));

/** 00, the type, padding, 00, the data; null when it does not fit. Type 1 pads with ff, type 2 with random bytes. */
export function padPkcs1(type: 1 | 2, data: Uint8Array, length: number, random: Random): Uint8Array | null {
  const filler = length - data.length - 3;
  if (filler < 8) return null;
  const bytes = new Uint8Array(length).fill(0xff);
  bytes.set([0, type]);
  if (type === 2)
    bytes.set(
      random(filler).map((byte) => byte || 1),
      2,
    );
  bytes[length - data.length - 1] = 0;
  bytes.set(data, length - data.length);
  return bytes;
}

/** The data; null when the padding is wrong. */
export function unpadPkcs1(type: 1 | 2, bytes: Uint8Array): Uint8Array | null {
  const end = bytes.indexOf(0, 2);
  const starts = bytes[0] === 0 && bytes[1] === type && end >= 10;
  const filled = type === 2 || bytes.subarray(2, end).every((byte) => byte === 0xff);
  return starts && filled ? bytes.slice(end + 1) : null;
}

export interface OaepOptions {
  hash: PaddingHash;
  label: Uint8Array;
}

export function padOaep(data: Uint8Array, length: number, { hash, label }: OaepOptions, random: Random) {
  const size = hash.outputLength;
  if (data.length > length - 2 * size - 2) return null;
  const block = new Uint8Array(length - size - 1);
  block.set(digestOf(hash, label));
  block[block.length - data.length - 1] = 1;
  block.set(data, block.length - data.length);
  const seed = random(size);
  const masked = xored(block, mask(hash, seed, block.length));
  const bytes = new Uint8Array(length);
  bytes.set(xored(seed, mask(hash, masked, size)), 1);
  bytes.set(masked, size + 1);
  return bytes;
}

export function unpadOaep(bytes: Uint8Array, { hash, label }: OaepOptions): Uint8Array | null {
  const size = hash.outputLength;
  if (bytes.length < 2 * size + 2) return null;
  const masked = bytes.subarray(size + 1);
  const seed = xored(bytes.subarray(1, size + 1), mask(hash, masked, size));
  const block = xored(masked, mask(hash, seed, masked.length));
  const labelled = digestOf(hash, label).every((byte, i) => byte === block[i]);
  let at = size;
  while (block[at] === 0) at++;
  return bytes[0] === 0 && labelled && block[at] === 1 ? block.slice(at + 1) : null;
}

export interface PssOptions {
  hash: PaddingHash;
  mgf: PaddingHash;
  saltLength: number;
}

/** EMSA-PSS of a digest; null when the key is too short for it. */
export function padPss(digest: Uint8Array, bits: number, options: PssOptions, random: Random): Uint8Array | null {
  const { hash, mgf, saltLength } = options;
  const length = Math.ceil(bits / 8);
  const size = hash.outputLength;
  if (length < size + saltLength + 2) return null;
  const salt = random(saltLength);
  const h = digestOf(hash, new Uint8Array(8), digest, salt);
  const block = new Uint8Array(length - size - 1);
  block[block.length - saltLength - 1] = 1;
  block.set(salt, block.length - saltLength);
  const masked = xored(block, mask(mgf, h, block.length));
  masked[0] = (masked[0] ?? 0) & (0xff >> (8 * length - bits));
  const bytes = new Uint8Array(length);
  bytes.set(masked);
  bytes.set(h, block.length);
  bytes[length - 1] = 0xbc;
  return bytes;
}

/** A negative `saltLength` takes whatever length the signature has. */
export function verifyPss(bytes: Uint8Array, digest: Uint8Array, bits: number, options: PssOptions): boolean {
  const { hash, mgf, saltLength } = options;
  const length = Math.ceil(bits / 8);
  const size = hash.outputLength;
  const encoded = bytes.subarray(bytes.length - length);
  if (length < size + Math.max(0, saltLength) + 2 || encoded[length - 1] !== 0xbc) return false;
  if (bytes.subarray(0, bytes.length - length).some((byte) => byte !== 0)) return false;
  const masked = encoded.subarray(0, length - size - 1);
  const top = 0xff >> (8 * length - bits);
  if ((masked[0] ?? 0) & ~top) return false;
  const h = encoded.subarray(masked.length, length - 1);
  const block = xored(masked, mask(mgf, h, masked.length));
  block[0] = (block[0] ?? 0) & top;
  const one = block.findIndex((byte) => byte !== 0);
  if (block[one] !== 1) return false;
  const salt = block.subarray(one + 1);
  if (saltLength >= 0 && salt.length !== saltLength) return false;
  return digestOf(hash, new Uint8Array(8), digest, salt).every((byte, i) => byte === h[i]);
}

/** `prime` finds a random prime of so many bits whose two highest bits are set. */
export function generateRsa(bits: number, e: bigint, prime: (bits: number) => bigint): RsaKey & { private: RsaSecret } {
  const half = Math.ceil(bits / 2);
  for (;;) {
    const p = suitable(half, e, prime);
    const q = suitable(bits - half, e, prime);
    const n = p * q;
    if (p === q || bitLength(n) !== bits) continue;
    return { n, e, private: secretOf(p > q ? [p, q] : [q, p], e) };
  }
}

function suitable(bits: number, e: bigint, prime: (bits: number) => bigint): bigint {
  for (;;) {
    const candidate = prime(bits);
    if (gcd(candidate - 1n, e) === 1n) return candidate;
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

function secretOf([p, q]: readonly [bigint, bigint], e: bigint): RsaSecret {
  const phi = (p - 1n) * (q - 1n);
  const d = inverse(e, phi / gcd(p - 1n, q - 1n));
  return { d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
}
