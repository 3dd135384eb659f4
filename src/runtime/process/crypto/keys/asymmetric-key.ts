/** Public and private keys as values, and their DER encodings. */

import type { RsaKey } from '../signatures/rsa.ts';
import type { Curve } from './curves.ts';

/** Restrictions of an RSA-PSS key. */
export interface PssParameters {
  hash: string;
  mgfHash: string;
  saltLength: number;
}

export interface RsaAsymmetricKey extends RsaKey {
  type: 'rsa' | 'rsa-pss';
  pss?: PssParameters;
}

export interface EcKey {
  type: 'ec';
  curve: Curve;
  /** Uncompressed. */
  point: Uint8Array;
  private?: Uint8Array;
  /** The curve is written as its numbers instead of its name. */
  explicit?: boolean;
}

export type RawKeyType =
  | 'ed25519'
  | 'ed448'
  | 'x25519'
  | 'x448'
  | `ml-dsa-${44 | 65 | 87}`
  | `ml-kem-${512 | 768 | 1024}`
  | `slh-dsa-${'sha2' | 'shake'}-${128 | 192 | 256}${'f' | 's'}`;

/** Keys that are byte strings. */
export interface RawKey {
  type: RawKeyType;
  public: Uint8Array;
  private?: Uint8Array;
  /** What the private key was expanded from, where it is known (ML-DSA, ML-KEM). */
  seed?: Uint8Array;
}

export interface DsaKey {
  type: 'dsa';
  p: bigint;
  q: bigint;
  g: bigint;
  y: bigint;
  private?: bigint;
}

export interface DhKey {
  type: 'dh';
  p: bigint;
  g: bigint;
  y: bigint;
  private?: bigint;
}

export type AsymmetricKey = RsaAsymmetricKey | EcKey | RawKey | DsaKey | DhKey;

export const isRaw = (key: AsymmetricKey): key is RawKey => 'public' in key;

/** The same key without what is secret. */
export function publicPart(key: AsymmetricKey): AsymmetricKey {
  const { private: _private, ...rest } = key;
  if (!('seed' in rest)) return rest as AsymmetricKey;
  const { seed: _seed, ...open } = rest;
  return open as AsymmetricKey;
}
