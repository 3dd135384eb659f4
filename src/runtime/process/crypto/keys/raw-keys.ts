/** Signatures, key agreement and encapsulation of the keys that are byte strings. */
import { ed448, x448 } from '@noble/curves/ed448.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import {
  slh_dsa_sha2_128f,
  slh_dsa_sha2_128s,
  slh_dsa_sha2_192f,
  slh_dsa_sha2_192s,
  slh_dsa_sha2_256f,
  slh_dsa_sha2_256s,
  slh_dsa_shake_128f,
  slh_dsa_shake_128s,
  slh_dsa_shake_192f,
  slh_dsa_shake_192s,
  slh_dsa_shake_256f,
  slh_dsa_shake_256s,
} from '@noble/post-quantum/slh-dsa.js';
import type { RawKey, RawKeyType } from './asymmetric-key.ts';

type Random = (length: number) => Uint8Array;

export interface RawAlgorithm {
  oid: string;
  /** OpenSSL's number of the type. */
  nid: number;
  /** Name in JSON Web Keys and Web Crypto. */
  name: string;
  publicLength: number;
  privateLength: number;
  /** Bytes of the seed, where a private key has one. */
  seedLength?: number;
  /** Bytes of randomness that a key is made of. */
  entropy: number;
  derive(secret: Uint8Array): Omit<RawKey, 'type'>;
  sign?(key: Uint8Array, message: Uint8Array, context: Uint8Array | undefined, random: Random): Uint8Array;
  verify?(key: Uint8Array, message: Uint8Array, signature: Uint8Array, context: Uint8Array | undefined): boolean;
  agree?(secret: Uint8Array, other: Uint8Array): Uint8Array;
  encapsulate?(key: Uint8Array, random: Random): { cipherText: Uint8Array; sharedSecret: Uint8Array };
  decapsulate?(secret: Uint8Array, cipherText: Uint8Array): Uint8Array;
  /** The public key within an expanded private key. */
  publicOf?(secret: Uint8Array): Uint8Array;
}

const simple = (getPublicKey: (secret: Uint8Array) => Uint8Array) => (secret: Uint8Array) => ({
  public: getPublicKey(secret),
  private: secret,
});

const checked = (verify: () => boolean): boolean => {
  try {
    return verify();
  } catch {
    // A signature or key of a wrong form is no signature.
    return false;
  }
};

const EMPTY = new Uint8Array(0);

const CFRG: Partial<Record<RawKeyType, RawAlgorithm>> = {
  ed25519: {
    oid: '1.3.101.112',
    nid: 1087,
    name: 'Ed25519',
    publicLength: 32,
    privateLength: 32,
    entropy: 32,
    derive: simple(ed25519.getPublicKey),
    sign: (key, message) => ed25519.sign(message, key),
    verify: (key, message, signature) => checked(() => ed25519.verify(signature, message, key, { zip215: false })),
  },
  ed448: {
    oid: '1.3.101.113',
    nid: 1088,
    name: 'Ed448',
    publicLength: 57,
    privateLength: 57,
    entropy: 57,
    derive: simple(ed448.getPublicKey),
    sign: (key, message, context = EMPTY) => ed448.sign(message, key, { context }),
    verify: (key, message, signature, context = EMPTY) =>
      checked(() => ed448.verify(signature, message, key, { context })),
  },
  x25519: {
    oid: '1.3.101.110',
    nid: 1034,
    name: 'X25519',
    publicLength: 32,
    privateLength: 32,
    entropy: 32,
    derive: simple(x25519.getPublicKey),
    agree: (secret, other) => x25519.getSharedSecret(secret, other),
  },
  x448: {
    oid: '1.3.101.111',
    nid: 1035,
    name: 'X448',
    publicLength: 56,
    privateLength: 56,
    entropy: 56,
    derive: simple(x448.getPublicKey),
    agree: (secret, other) => x448.getSharedSecret(secret, other),
  },
};

interface PqSigner {
  keygen(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array };
  getPublicKey(secret: Uint8Array): Uint8Array;
  sign(
    message: Uint8Array,
    secret: Uint8Array,
    options: { context?: Uint8Array; extraEntropy?: Uint8Array },
  ): Uint8Array;
  verify(signature: Uint8Array, message: Uint8Array, key: Uint8Array, options: { context?: Uint8Array }): boolean;
  lengths: { publicKey?: number; secretKey?: number; seed?: number };
}

function postQuantumSignature(signer: PqSigner, rest: { oid: string; nid: number; name: string; seeded: boolean }) {
  const { publicKey = 0, secretKey = 0, seed = 0 } = signer.lengths;
  const withContext = (context: Uint8Array | undefined) => (context === undefined ? {} : { context });
  return {
    ...rest,
    publicLength: publicKey,
    privateLength: secretKey,
    ...(rest.seeded && { seedLength: seed }),
    entropy: seed,
    derive(secret: Uint8Array) {
      const keys = signer.keygen(secret);
      return { public: keys.publicKey, private: keys.secretKey, ...(rest.seeded && { seed: secret }) };
    },
    sign: (key: Uint8Array, message: Uint8Array, context: Uint8Array | undefined) =>
      signer.sign(message, key, withContext(context)),
    verify: (key: Uint8Array, message: Uint8Array, signature: Uint8Array, context: Uint8Array | undefined) =>
      checked(() => signer.verify(signature, message, key, withContext(context))),
    publicOf: (secret: Uint8Array) => signer.getPublicKey(secret),
  } satisfies RawAlgorithm & { seeded: boolean };
}

const ML_DSA: [RawKeyType, PqSigner][] = [
  ['ml-dsa-44', ml_dsa44 as unknown as PqSigner],
  ['ml-dsa-65', ml_dsa65 as unknown as PqSigner],
  ['ml-dsa-87', ml_dsa87 as unknown as PqSigner],
];
/** In the order of their numbers. */
const SLH_DSA = [
  slh_dsa_sha2_128s,
  slh_dsa_sha2_128f,
  slh_dsa_sha2_192s,
  slh_dsa_sha2_192f,
  slh_dsa_sha2_256s,
  slh_dsa_sha2_256f,
  slh_dsa_shake_128s,
  slh_dsa_shake_128f,
  slh_dsa_shake_192s,
  slh_dsa_shake_192f,
  slh_dsa_shake_256s,
  slh_dsa_shake_256f,
] as const;
const ML_KEM = [
  ['ml-kem-512', ml_kem512],
  ['ml-kem-768', ml_kem768],
  ['ml-kem-1024', ml_kem1024],
] as const;

const NIST = '2.16.840.1.101.3.4';

function algorithms(): Map<RawKeyType, RawAlgorithm> {
  const all = new Map<RawKeyType, RawAlgorithm>(Object.entries(CFRG) as [RawKeyType, RawAlgorithm][]);
  for (const [i, [type, signer]] of ML_DSA.entries()) {
    const facts = { oid: `${NIST}.3.${17 + i}`, nid: 1457 + i, name: type.toUpperCase(), seeded: true };
    all.set(type, postQuantumSignature(signer, facts));
  }
  for (const [i, [type, kem]] of ML_KEM.entries()) all.set(type, encapsulation(i, type, kem));
  let i = 0;
  for (const family of ['sha2', 'shake'] as const) {
    for (const bits of [128, 192, 256] as const) {
      for (const speed of ['s', 'f'] as const) {
        const type: RawKeyType = `slh-dsa-${family}-${bits}${speed}`;
        const signer = SLH_DSA[i] as unknown as PqSigner;
        const facts = { oid: `${NIST}.3.${20 + i}`, nid: 1460 + i, name: slhName(type), seeded: false };
        all.set(type, postQuantumSignature(signer, facts));
        i++;
      }
    }
  }
  return all;
}

/** "SLH-DSA-SHA2-128f" */
const slhName = (type: string): string => type.slice(0, -1).toUpperCase() + type.slice(-1);

function encapsulation(i: number, type: string, kem: typeof ml_kem512): RawAlgorithm {
  const { publicKey = 0, secretKey = 0, seed = 0 } = kem.lengths;
  return {
    oid: `${NIST}.4.${1 + i}`,
    nid: 1454 + i,
    name: type.toUpperCase(),
    publicLength: publicKey,
    privateLength: secretKey,
    seedLength: seed,
    entropy: seed,
    derive(secret) {
      const keys = kem.keygen(secret);
      return { public: keys.publicKey, private: keys.secretKey, seed: secret };
    },
    encapsulate: (key, random) => kem.encapsulate(key, random(32)),
    decapsulate: (secret, cipherText) => kem.decapsulate(cipherText, secret),
    publicOf: (secret) => kem.getPublicKey(secret),
  };
}

const RAW_ALGORITHMS: ReadonlyMap<RawKeyType, RawAlgorithm> = algorithms();

export function rawAlgorithm(type: RawKeyType): RawAlgorithm {
  const algorithm = RAW_ALGORITHMS.get(type);
  if (algorithm === undefined) throw new Error(`no algorithm ${type}`);
  return algorithm;
}

export function rawTypeBy(matches: (algorithm: RawAlgorithm) => boolean): RawKeyType | undefined {
  for (const [type, algorithm] of RAW_ALGORITHMS) if (matches(algorithm)) return type;
  return undefined;
}

export function generateRaw(type: RawKeyType, random: Random): RawKey {
  const { entropy, derive } = rawAlgorithm(type);
  return { type, ...derive(random(entropy)) };
}
