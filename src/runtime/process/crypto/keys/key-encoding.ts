/** Keys to and from PKCS #1, PKCS #8, SEC 1, SubjectPublicKeyInfo and the traditional DSA form. */

import { hashOfOid, hashOid } from '../hashes/digest-oids.ts';
import { power, toBytes, toInteger } from '../integers.ts';
import {
  type AsymmetricKey,
  type DsaKey,
  type EcKey,
  isRaw,
  type PssParameters,
  type RawKey,
  type RawKeyType,
  type RsaAsymmetricKey,
} from './asymmetric-key.ts';
import { type Curve, curveOfOid, curveOfPrime, encodePoint, PointForm, publicPoint } from './curves.ts';
import {
  DerError,
  DerReader,
  der,
  derBits,
  derInteger,
  derNull,
  derOctets,
  derOid,
  derSequence,
  readDer,
  Tag,
} from './der.ts';
import { rawAlgorithm, rawTypeBy } from './raw-keys.ts';

const OID = {
  rsa: '1.2.840.113549.1.1.1',
  pss: '1.2.840.113549.1.1.10',
  mgf1: '1.2.840.113549.1.1.8',
  ec: '1.2.840.10045.2.1',
  primeField: '1.2.840.10045.1.1',
  dsa: '1.2.840.10040.4.1',
  dh: '1.2.840.113549.1.3.1',
} as const;

/** The key's algorithm is none that this runtime has. */
export class UnknownAlgorithm extends Error {}

const context = (number: number) => 0xa0 | number;

// -- algorithm identifiers ---------------------------------------------------------------------------------------------

function writeAlgorithm(key: AsymmetricKey): Uint8Array {
  if (isRaw(key)) return derSequence(derOid(rawAlgorithm(key.type).oid));
  switch (key.type) {
    case 'rsa':
      return derSequence(derOid(OID.rsa), derNull());
    case 'rsa-pss':
      return key.pss === undefined ? derSequence(derOid(OID.pss)) : derSequence(derOid(OID.pss), writePss(key.pss));
    case 'ec':
      return derSequence(derOid(OID.ec), writeCurve(key));
    case 'dsa':
      return derSequence(derOid(OID.dsa), derSequence(derInteger(key.p), derInteger(key.q), derInteger(key.g)));
    case 'dh':
      return derSequence(derOid(OID.dh), derSequence(derInteger(key.p), derInteger(key.g)));
  }
}

function writePss({ hash, mgfHash, saltLength }: PssParameters): Uint8Array {
  const algorithm = (name: string) => derSequence(derOid(hashOid(name) ?? ''), derNull());
  return derSequence(
    ...(hash === 'sha1' ? [] : [der(context(0), algorithm(hash))]),
    ...(mgfHash === 'sha1' ? [] : [der(context(1), derSequence(derOid(OID.mgf1), algorithm(mgfHash)))]),
    ...(saltLength === 20 ? [] : [der(context(2), derInteger(saltLength))]),
  );
}

export function readPss(reader: DerReader): PssParameters | undefined {
  if (reader.atEnd) return undefined;
  const parameters = reader.sequence();
  const hashName = (content: DerReader): string => hashOfOid(content.sequence().oid()) ?? 'sha1';
  const hash = parameters.optional(context(0));
  const mgf = parameters.optional(context(1));
  const salt = parameters.optional(context(2));
  const mgfHash = () => {
    const algorithm = new DerReader(mgf ?? new Uint8Array(0)).sequence();
    algorithm.oid();
    return hashName(algorithm);
  };
  return {
    hash: hash === null ? 'sha1' : hashName(new DerReader(hash)),
    mgfHash: mgf === null ? 'sha1' : mgfHash(),
    saltLength: salt === null ? 20 : Number(new DerReader(salt).integer()),
  };
}

function writeCurve({ curve, explicit }: EcKey): Uint8Array {
  if (!explicit) return derOid(curve.oid);
  const { p, n, h, a, b, Gx, Gy } = curve.ecdsa.Point.CURVE();
  const bytes = (value: bigint) => derOctets(toBytes(value, curve.size));
  const generator = Uint8Array.from([PointForm.uncompressed, ...toBytes(Gx, curve.size), ...toBytes(Gy, curve.size)]);
  return derSequence(
    derInteger(1),
    derSequence(derOid(OID.primeField), derInteger(p)),
    derSequence(bytes(a), bytes(b)),
    derOctets(generator),
    derInteger(n),
    derInteger(h),
  );
}

function readCurve(reader: DerReader): { curve: Curve; explicit?: boolean } {
  if (reader.nextTag === Tag.oid) {
    const curve = curveOfOid(reader.oid());
    if (curve === undefined) throw new UnknownAlgorithm('curve');
    return { curve };
  }
  const parameters = reader.sequence();
  parameters.integer();
  const field = parameters.sequence();
  field.oid();
  const curve = curveOfPrime(field.integer());
  if (curve === undefined) throw new UnknownAlgorithm('curve');
  return { curve, explicit: true };
}

// -- public keys -------------------------------------------------------------------------------------------------------

export const writeSpki = (key: AsymmetricKey): Uint8Array =>
  derSequence(writeAlgorithm(key), derBits(publicBytes(key)));

function publicBytes(key: AsymmetricKey): Uint8Array {
  if (isRaw(key)) return key.public;
  if (key.type === 'ec') return key.point;
  if (key.type === 'dsa' || key.type === 'dh') return derInteger(key.y);
  return writePkcs1Public(key);
}

export const writePkcs1Public = (key: RsaAsymmetricKey): Uint8Array =>
  derSequence(derInteger(key.n), derInteger(key.e));

export function readPkcs1Public(bytes: Uint8Array): RsaAsymmetricKey {
  const reader = new DerReader(bytes).sequence();
  return { type: 'rsa', n: reader.integer(), e: reader.integer() };
}

export function readSpki(bytes: Uint8Array): AsymmetricKey {
  const reader = new DerReader(bytes).sequence();
  const algorithm = reader.sequence();
  const oid = algorithm.oid();
  const content = reader.bits();
  switch (oid) {
    case OID.rsa:
      return readPkcs1Public(content);
    case OID.pss: {
      const pss = readPss(algorithm);
      return { ...readPkcs1Public(content), type: 'rsa-pss', ...(pss && { pss }) };
    }
    case OID.ec: {
      const { curve, explicit } = readCurve(algorithm);
      const point = encodePoint(curve, content, PointForm.uncompressed);
      return { type: 'ec', curve, point, ...(explicit && { explicit }) };
    }
    case OID.dsa: {
      const [p, q, g] = threeIntegers(algorithm.sequence());
      return { type: 'dsa', p, q, g, y: new DerReader(content).integer() };
    }
    case OID.dh: {
      const parameters = algorithm.sequence();
      return { type: 'dh', p: parameters.integer(), g: parameters.integer(), y: new DerReader(content).integer() };
    }
  }
  const type = rawType(oid);
  if (content.length !== rawAlgorithm(type).publicLength) throw new DerError('wrong length');
  return { type, public: content.slice() };
}

function rawType(oid: string): RawKeyType {
  const type = rawTypeBy((algorithm) => algorithm.oid === oid);
  if (type === undefined) throw new UnknownAlgorithm(oid);
  return type;
}

function threeIntegers(reader: DerReader): [bigint, bigint, bigint] {
  return [reader.integer(), reader.integer(), reader.integer()];
}

// -- private keys ------------------------------------------------------------------------------------------------------

export const writePkcs8 = (key: AsymmetricKey): Uint8Array =>
  derSequence(derInteger(0), writeAlgorithm(key), derOctets(privateBytes(key)));

function privateBytes(key: AsymmetricKey): Uint8Array {
  if (isRaw(key)) return rawPrivateBytes(key);
  if (key.type === 'ec') return writeSec1(key, false);
  if (key.type === 'dsa' || key.type === 'dh') return derInteger(key.private ?? 0n);
  return writePkcs1(key);
}

/** ML-DSA and ML-KEM keys hold the seed and the expanded key, or what of them is known (RFC 9881, RFC 9935). */
function rawPrivateBytes(key: RawKey): Uint8Array {
  const secret = key.private ?? new Uint8Array(0);
  if (key.type.startsWith('slh')) return secret;
  if (!key.type.startsWith('ml')) return derOctets(secret);
  return key.seed === undefined ? derOctets(secret) : derSequence(derOctets(key.seed), derOctets(secret));
}

export function writePkcs1(key: RsaAsymmetricKey): Uint8Array {
  const { n, e, private: secret } = key;
  if (secret === undefined) return writePkcs1Public(key);
  const { d, p, q, dp, dq, qi } = secret;
  return derSequence(derInteger(0), ...[n, e, d, p, q, dp, dq, qi].map((value) => derInteger(value)));
}

export function readPkcs1(bytes: Uint8Array): RsaAsymmetricKey {
  const reader = new DerReader(bytes).sequence();
  reader.integer();
  const [n, e, d] = threeIntegers(reader);
  const [p, q, dp] = threeIntegers(reader);
  return { type: 'rsa', n, e, private: { d, p, q, dp, dq: reader.integer(), qi: reader.integer() } };
}

/** With its curve when it stands alone; within PKCS #8 the algorithm says it. */
export function writeSec1(key: EcKey, withCurve = true): Uint8Array {
  return derSequence(
    derInteger(1),
    derOctets(key.private ?? new Uint8Array(0)),
    ...(withCurve ? [der(context(0), writeCurve(key))] : []),
    der(context(1), derBits(key.point)),
  );
}

export function readSec1(bytes: Uint8Array, given?: { curve: Curve; explicit?: boolean }): EcKey {
  const reader = new DerReader(bytes).sequence();
  reader.integer();
  const secret = reader.octets();
  const parameters = reader.optional(context(0));
  const found = given ?? readCurve(new DerReader(parameters ?? new Uint8Array(0)));
  const { curve, explicit } = found;
  const scalar = toBytes(toInteger(secret), curve.scalarSize);
  return { type: 'ec', curve, point: publicPoint(curve, scalar), private: scalar, ...(explicit && { explicit }) };
}

/** OpenSSL's own form of a DSA key. */
export function writeDsa({ p, q, g, y, private: x = 0n }: DsaKey): Uint8Array {
  return derSequence(derInteger(0), ...[p, q, g, y, x].map((value) => derInteger(value)));
}

export function readDsa(bytes: Uint8Array): DsaKey {
  const reader = new DerReader(bytes).sequence();
  reader.integer();
  const [p, q, g] = threeIntegers(reader);
  return { type: 'dsa', p, q, g, y: reader.integer(), private: reader.integer() };
}

export function readPkcs8(bytes: Uint8Array): AsymmetricKey {
  const reader = new DerReader(bytes).sequence();
  reader.integer();
  const algorithm = reader.sequence();
  const oid = algorithm.oid();
  const content = reader.octets();
  switch (oid) {
    case OID.rsa:
      return readPkcs1(content);
    case OID.pss: {
      const pss = readPss(algorithm);
      return { ...readPkcs1(content), type: 'rsa-pss', ...(pss && { pss }) };
    }
    case OID.ec:
      return readSec1(content, readCurve(algorithm));
    case OID.dsa: {
      const [p, q, g] = threeIntegers(algorithm.sequence());
      const x = new DerReader(content).integer();
      return { type: 'dsa', p, q, g, y: power(g, x, p), private: x };
    }
    case OID.dh: {
      const parameters = algorithm.sequence();
      const [p, g] = [parameters.integer(), parameters.integer()];
      const x = new DerReader(content).integer();
      return { type: 'dh', p, g, y: power(g, x, p), private: x };
    }
  }
  return readRawPrivate(rawType(oid), content);
}

function readRawPrivate(type: RawKeyType, content: Uint8Array): RawKey {
  const algorithm = rawAlgorithm(type);
  if (type.startsWith('slh')) return expanded(type, content.slice());
  if (algorithm.seedLength === undefined) {
    const secret = readDer(content).content.slice();
    if (secret.length !== algorithm.privateLength) throw new DerError('wrong length');
    return { type, ...algorithm.derive(secret) };
  }
  const { tag, content: inner } = readDer(content);
  // [0] a seed, an octet string the expanded key, a sequence both.
  if (tag === 0x80) return { type, ...algorithm.derive(inner.slice()) };
  if (tag === Tag.octets) return expanded(type, inner.slice());
  return { type, ...algorithm.derive(new DerReader(inner).octets().slice()) };
}

function expanded(type: RawKeyType, secret: Uint8Array): RawKey {
  const { privateLength, publicOf } = rawAlgorithm(type);
  if (secret.length !== privateLength || publicOf === undefined) throw new DerError('wrong length');
  return { type, public: publicOf(secret), private: secret };
}
