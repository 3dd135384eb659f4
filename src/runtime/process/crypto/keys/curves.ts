/** The elliptic curves by OpenSSL's names, over @noble/curves. */
import { type ECDSA, ecdsa, weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';

export interface Curve {
  /** OpenSSL's name. */
  name: string;
  oid: string;
  /** Name in JSON Web Keys, if it has one. */
  jwk?: string;
  /** Bytes of a coordinate, and of a scalar. */
  size: number;
  scalarSize: number;
  ecdsa: ECDSA;
}

/** The first byte of an encoded point. */
export const PointForm = { compressed: 2, uncompressed: 4, hybrid: 6 } as const;

/** SEC 2, section 2.5.2. */
const P224 = ecdsa(
  weierstrass({
    p: 2n ** 224n - 2n ** 96n + 1n,
    n: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
    h: 1n,
    a: 2n ** 224n - 2n ** 96n - 2n,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    Gx: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
    Gy: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
  }),
  sha256,
);

const curve = (name: string, oid: string, size: number, signer: ECDSA, jwk?: string): Curve => ({
  name,
  oid,
  size,
  scalarSize: size,
  ecdsa: signer,
  ...(jwk !== undefined && { jwk }),
});

export const CURVES: readonly Curve[] = [
  curve('prime256v1', '1.2.840.10045.3.1.7', 32, p256, 'P-256'),
  curve('secp224r1', '1.3.132.0.33', 28, P224),
  curve('secp256k1', '1.3.132.0.10', 32, secp256k1, 'secp256k1'),
  curve('secp384r1', '1.3.132.0.34', 48, p384, 'P-384'),
  curve('secp521r1', '1.3.132.0.35', 66, p521, 'P-521'),
];

const ALIASES: Readonly<Record<string, string>> = {
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

/** By OpenSSL's name, or NIST's. */
export function findCurve(name: string): Curve | undefined {
  const known = ALIASES[name] ?? name;
  return CURVES.find((candidate) => candidate.name === known);
}

export const curveOfOid = (oid: string): Curve | undefined => CURVES.find((candidate) => candidate.oid === oid);
export const curveOfPrime = (p: bigint): Curve | undefined =>
  CURVES.find((candidate) => candidate.ecdsa.Point.CURVE().p === p);

/** The point in that form; throws when it is none of the curve's. */
export function encodePoint(curve: Curve, point: Uint8Array, form: number): Uint8Array {
  const decoded = decodePoint(curve, point);
  if (form === PointForm.compressed) return decoded.toBytes(true);
  const bytes = decoded.toBytes(false);
  if (form === PointForm.hybrid) bytes[0] = PointForm.hybrid | ((bytes[bytes.length - 1] ?? 0) & 1);
  return bytes;
}

/** Throws when the bytes are no point of the curve. */
export function decodePoint({ ecdsa: { Point } }: Curve, bytes: Uint8Array) {
  if (bytes[0] !== 6 && bytes[0] !== 7) return Point.fromBytes(new Uint8Array(bytes));
  const uncompressed = new Uint8Array(bytes);
  uncompressed[0] = PointForm.uncompressed;
  return Point.fromBytes(uncompressed);
}

/** The public point, uncompressed, of a private scalar. Throws when the scalar is out of range. */
export const publicPoint = ({ ecdsa: signer }: Curve, scalar: Uint8Array): Uint8Array =>
  signer.getPublicKey(new Uint8Array(scalar), false);
