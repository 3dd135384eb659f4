/** Signing and verifying with every kind of key. */

import { nativeError, opensslError } from '../errors.ts';
import { hashOid } from '../hashes/digest-oids.ts';
import { type Digest, digestWhole } from '../hashes/digests.ts';
import { bitLength, inverse, mod, power, randomBelow, toBytes, toInteger } from '../integers.ts';
import type { AsymmetricKey, DsaKey, EcKey, RsaAsymmetricKey } from '../keys/asymmetric-key.ts';
import { isRaw } from '../keys/asymmetric-key.ts';
import { DerReader, derInteger, derNull, derOctets, derOid, derSequence } from '../keys/der.ts';
import { rawAlgorithm } from '../keys/raw-keys.ts';
import type { CryptoServices } from '../services.ts';
import { modulusBytes, padPkcs1, padPss, privateOperation, publicOperation, type RsaKey, verifyPss } from './rsa.ts';

export const RsaPadding = { pkcs1: 1, none: 3, oaep: 4, pss: 6 } as const;
const SaltLength = { digest: -1, maximum: -2 } as const;
const SignatureForm = { der: 0, p1363: 1 } as const;

export interface SignOptions {
  padding?: number | undefined;
  saltLength?: number | undefined;
  /** Form of DSA and ECDSA signatures. */
  form?: number | undefined;
  /** Of Ed448 and ML-DSA. */
  context?: Uint8Array | undefined;
}

/** What is to be signed: a message, or the digest of one by that function. */
export type Signed = { message: Uint8Array; digest: Digest | null } | { hash: Uint8Array; digest: Digest };

const hashOf = (signed: Signed, fallback: Digest | undefined): { digest: Digest; hash: Uint8Array } => {
  const digest = signed.digest ?? fallback;
  if (digest === undefined) throw new TypeError('no digest');
  return { digest, hash: 'hash' in signed ? signed.hash : digestWhole(digest, signed.message) };
};

const messageOf = (signed: Signed): Uint8Array => ('message' in signed ? signed.message : signed.hash);

export function sign(services: CryptoServices, key: AsymmetricKey, signed: Signed, options: SignOptions): Uint8Array {
  const { random } = services;
  if (isRaw(key)) {
    const { sign: signRaw } = rawAlgorithm(key.type);
    if (signRaw === undefined || key.private === undefined) throw notForThisKey(services);
    if (signed.digest !== null) throw invalidDigest(services);
    return signRaw(key.private, messageOf(signed), options.context, random);
  }
  switch (key.type) {
    case 'rsa':
    case 'rsa-pss':
      return signRsa(services, key, signed, options);
    case 'ec': {
      const { hash } = hashOf(signed, services.findDigest('sha256'));
      return signEc(key, hash, options, random);
    }
    case 'dsa': {
      const { hash } = hashOf(signed, services.findDigest('sha256'));
      return encodePair(signDsa(key, hash, random), byteLength(key.q), options);
    }
    case 'dh':
      throw notForThisKey(services);
  }
}

export function verify(
  services: CryptoServices,
  key: AsymmetricKey,
  { signature, ...signed }: Signed & { signature: Uint8Array },
  options: SignOptions,
): boolean {
  if (isRaw(key)) {
    const { verify: verifyRaw } = rawAlgorithm(key.type);
    if (verifyRaw === undefined) throw notForThisKey(services);
    if (signed.digest !== null) throw invalidDigest(services);
    return verifyRaw(key.public, messageOf(signed), signature, options.context);
  }
  switch (key.type) {
    case 'rsa':
    case 'rsa-pss':
      return verifyRsa(services, key, { ...signed, signature }, options);
    case 'ec': {
      const { hash } = hashOf(signed, services.findDigest('sha256'));
      return verifyEc(key, hash, signature, options);
    }
    case 'dsa': {
      const { hash } = hashOf(signed, services.findDigest('sha256'));
      const pair = decodePair(signature, byteLength(key.q), options);
      return pair !== null && verifyDsa(key, hash, pair);
    }
    case 'dh':
      throw notForThisKey(services);
  }
}

function notForThisKey({ context }: CryptoServices): Error {
  const reason = 'operation not supported for this keytype';
  return opensslError(context, { library: 'evp', reason, number: 0x96 });
}

const invalidDigest = ({ context }: CryptoServices): Error =>
  opensslError(context, { library: 'provider', reason: 'invalid digest', number: 0x7a });

// -- RSA ---------------------------------------------------------------------------------------------------------------

/** DigestInfo (RFC 8017, 9.2); TLS 1.0's pair of digests stands for itself. */
function digestInfo(digest: Digest, hash: Uint8Array): Uint8Array {
  const oid = hashOid(digest.name);
  return oid === undefined ? hash : derSequence(derSequence(derOid(oid), derNull()), derOctets(hash));
}

/** Only PKCS #1 and PSS sign, and a key for PSS does nothing else. */
function checkPadding({ context }: CryptoServices, key: RsaAsymmetricKey, padding: number | undefined): void {
  if (padding === undefined || padding === RsaPadding.pss) return;
  if (padding === RsaPadding.pkcs1 && key.type === 'rsa') return;
  throw opensslError(context, { library: 'provider', reason: 'illegal or unsupported padding mode', number: 0xa5 });
}

const isPss = (key: RsaAsymmetricKey, padding: number | undefined): boolean =>
  padding === undefined ? key.type === 'rsa-pss' : padding === RsaPadding.pss;

function signRsa(services: CryptoServices, key: RsaAsymmetricKey, signed: Signed, options: SignOptions): Uint8Array {
  const { context, random } = services;
  if (key.private === undefined) throw notForThisKey(services);
  checkPadding(services, key, options.padding);
  const padded = isPss(key, options.padding)
    ? pssBlock(services, key, signed, options.saltLength)
    : pkcs1Block(services, key, signed, random);
  if (padded === null) {
    const failure = isPss(key, options.padding)
      ? ({ library: 'rsa', reason: 'data too large for key size', number: 0x6e } as const)
      : ({ library: 'rsa', reason: 'digest too big for rsa key', number: 0x70 } as const);
    throw opensslError(context, failure);
  }
  return privateOperation(key, key.private, padded);
}

function pkcs1Block(services: CryptoServices, key: RsaKey, signed: Signed, random: CryptoServices['random']) {
  const { digest, hash } = hashOf(signed, services.findDigest('sha256'));
  return padPkcs1(1, digestInfo(digest, hash), modulusBytes(key), random);
}

function pssParts(services: CryptoServices, key: RsaAsymmetricKey, signed: Signed) {
  const fallback = services.findDigest(key.pss?.hash ?? 'sha256');
  const { digest, hash } = hashOf(signed, fallback);
  checkPssDigest(services, key, digest);
  const mgf = key.pss === undefined ? digest : (services.findDigest(key.pss.mgfHash) ?? digest);
  return { digest, hash, mgf };
}

function checkPssDigest({ context }: CryptoServices, key: RsaAsymmetricKey, digest: Digest): void {
  if (key.pss === undefined || key.pss.hash === digest.name) return;
  throw opensslError(context, { library: 'provider', reason: 'digest not allowed', number: 0xae });
}

function pssBlock(services: CryptoServices, key: RsaAsymmetricKey, signed: Signed, wanted: number | undefined) {
  if (key.pss !== undefined && wanted !== undefined && wanted >= 0 && wanted < key.pss.saltLength) {
    const failure = { library: 'provider', reason: 'pss saltlen too small', number: 0xac } as const;
    throw opensslError(services.context, failure);
  }
  const { digest, hash, mgf } = pssParts(services, key, signed);
  const bits = bitLength(key.n) - 1;
  const longest = Math.ceil(bits / 8) - digest.outputLength - 2;
  let saltLength = wanted ?? (key.pss === undefined ? SaltLength.maximum : key.pss.saltLength);
  if (saltLength === SaltLength.digest) saltLength = digest.outputLength;
  else if (saltLength === SaltLength.maximum) saltLength = longest;
  return padPss(hash, bits, { hash: digest, mgf, saltLength }, services.random);
}

function verifyRsa(
  services: CryptoServices,
  key: RsaAsymmetricKey,
  { signature, ...signed }: Signed & { signature: Uint8Array },
  options: SignOptions,
): boolean {
  checkPadding(services, key, options.padding);
  if (signature.length !== modulusBytes(key) || toInteger(signature) >= key.n) return false;
  const opened = publicOperation(key, signature);
  if (isPss(key, options.padding)) {
    const { digest, hash, mgf } = pssParts(services, key, signed);
    const wanted = options.saltLength ?? SaltLength.maximum;
    const saltLength = wanted === SaltLength.digest ? digest.outputLength : wanted;
    return verifyPss(opened, hash, bitLength(key.n) - 1, { hash: digest, mgf, saltLength });
  }
  const expected = pkcs1Block(services, key, signed, services.random);
  return expected?.every((byte, i) => byte === opened[i]) ?? false;
}

// -- ECDSA and DSA -----------------------------------------------------------------------------------------------------

type Pair = [r: bigint, s: bigint];

const byteLength = (order: bigint): number => Math.ceil(bitLength(order) / 8);

function encodePair([r, s]: Pair, size: number, { form }: SignOptions): Uint8Array {
  if (form === SignatureForm.p1363) return Uint8Array.from([...toBytes(r, size), ...toBytes(s, size)]);
  return derSequence(derInteger(r), derInteger(s));
}

/** Null when it is no signature. */
function decodePair(bytes: Uint8Array, size: number, { form }: SignOptions): Pair | null {
  if (form === SignatureForm.p1363) {
    if (bytes.length !== 2 * size) return null;
    return [toInteger(bytes.subarray(0, size)), toInteger(bytes.subarray(size))];
  }
  try {
    const outer = new DerReader(bytes);
    const reader = outer.sequence();
    const pair: Pair = [reader.integer(), reader.integer()];
    return outer.atEnd && reader.atEnd ? pair : null;
  } catch {
    // Not DER.
    return null;
  }
}

function signEc(key: EcKey, hash: Uint8Array, options: SignOptions, random: CryptoServices['random']): Uint8Array {
  const { curve, private: secret } = key;
  if (secret === undefined) throw new TypeError('expected a private key');
  const entropy = random(32);
  const compact = curve.ecdsa.sign(new Uint8Array(hash), new Uint8Array(secret), {
    prehash: false,
    lowS: false,
    extraEntropy: entropy,
    format: 'compact',
  });
  const half = compact.length / 2;
  return encodePair(
    [toInteger(compact.subarray(0, half)), toInteger(compact.subarray(half))],
    curve.scalarSize,
    options,
  );
}

function verifyEc({ curve, point }: EcKey, hash: Uint8Array, signature: Uint8Array, options: SignOptions): boolean {
  const pair = decodePair(signature, curve.scalarSize, options);
  const order = curve.ecdsa.Point.CURVE().n;
  if (pair === null || pair.some((value) => value <= 0n || value >= order)) return false;
  const compact = Uint8Array.from(pair.flatMap((value) => [...toBytes(value, curve.scalarSize)]));
  const parameters = { prehash: false, lowS: false, format: 'compact' } as const;
  return curve.ecdsa.verify(compact, new Uint8Array(hash), new Uint8Array(point), parameters);
}

/** The leftmost bits of the digest, as many as the order has. */
function truncated(hash: Uint8Array, order: bigint): bigint {
  const excess = hash.length * 8 - bitLength(order);
  return excess > 0 ? toInteger(hash) >> BigInt(excess) : toInteger(hash);
}

function signDsa({ p, q, g, private: x }: DsaKey, hash: Uint8Array, random: CryptoServices['random']): Pair {
  if (x === undefined) throw new TypeError('expected a private key');
  for (;;) {
    const k = randomBelow(q, random);
    const r = power(g, k, p) % q;
    const s = mod(inverse(k, q) * (truncated(hash, q) + x * r), q);
    if (r !== 0n && s !== 0n) return [r, s];
  }
}

function verifyDsa({ p, q, g, y }: DsaKey, hash: Uint8Array, [r, s]: Pair): boolean {
  if (r <= 0n || r >= q || s <= 0n || s >= q) return false;
  const w = inverse(s, q);
  const u1 = (truncated(hash, q) * w) % q;
  const u2 = (r * w) % q;
  return ((power(g, u1, p) * power(y, u2, p)) % p) % q === r;
}

/** For keys whose algorithm takes the whole message: they have no streaming form. */
export function refuseStreaming({ context }: CryptoServices): Error {
  return nativeError(context, {
    message: 'Unsupported crypto operation',
    code: 'ERR_CRYPTO_UNSUPPORTED_OPERATION',
  });
}
