/** Hash functions by OpenSSL's names, over @noble/hashes. */
import { blake2b, blake2s } from '@noble/hashes/blake2.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js';
import type { CHash } from '@noble/hashes/utils.js';

/** A digest in progress. `digest` may be called once. */
export interface RunningDigest {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
  clone(): RunningDigest;
}

export interface Digest {
  /** Bytes of the result, by default for a function of any length. */
  outputLength: number;
  /** Whether the result may have any length (SHAKE). */
  extendable: boolean;
  /** For hmac, pbkdf2 and hkdf. */
  hash: CHash;
  create(outputLength?: number): RunningDigest;
}

const fixed = (hash: CHash): Digest => ({
  outputLength: hash.outputLen,
  extendable: false,
  hash,
  create: () => hash.create() as RunningDigest,
});

const shake = (hash: typeof shake128, outputLength: number): Digest => ({
  outputLength,
  extendable: true,
  hash: hash as unknown as CHash,
  create: (length = outputLength) => hash.create({ dkLen: length }) as RunningDigest,
});

const DIGESTS: Record<string, Digest> = {
  md5: fixed(md5),
  ripemd160: fixed(ripemd160),
  sha1: fixed(sha1),
  sha224: fixed(sha224),
  sha256: fixed(sha256),
  sha384: fixed(sha384),
  sha512: fixed(sha512),
  'sha512-224': fixed(sha512_224),
  'sha512-256': fixed(sha512_256),
  'sha3-224': fixed(sha3_224),
  'sha3-256': fixed(sha3_256),
  'sha3-384': fixed(sha3_384),
  'sha3-512': fixed(sha3_512),
  blake2b512: fixed(blake2b as unknown as CHash),
  blake2s256: fixed(blake2s as unknown as CHash),
  // OpenSSL's default lengths.
  shake128: shake(shake128, 16),
  shake256: shake(shake256, 32),
};

const ALIASES: Record<string, string> = {
  ripemd: 'ripemd160',
  rmd160: 'ripemd160',
  'ripemd-160': 'ripemd160',
  ripemd160withrsa: 'ripemd160',
  'ssl3-md5': 'md5',
  'ssl3-sha1': 'sha1',
  'sha1-2': 'sha1',
  'blake2b-512': 'blake2b512',
  'blake2s-256': 'blake2s256',
  'shake-128': 'shake128',
  'shake-256': 'shake256',
};

/** The function of that name ("sha256", "SHA-256", "RSA-SHA256", …); undefined when it is not there. */
export function findDigest(name: string): Digest | undefined {
  const base = name
    .toLowerCase()
    .replace(/^rsa-/, '')
    .replace(/^id-rsassa-pkcs1-v1_5-with-/, '')
    .replace(/withrsaencryption$/, '')
    .replace(/^sha-?2-/, 'sha')
    .replace(/^sha-(?=[1-5])/, 'sha')
    .replace('/', '-');
  const known = ALIASES[base] ?? base;
  return Object.hasOwn(DIGESTS, known) ? DIGESTS[known] : undefined;
}
