/** Hash functions by OpenSSL's names: the common ones as WebAssembly, the others by @noble/hashes. */
import { blake2b, blake2s } from '@noble/hashes/blake2.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js';
import type { CHash } from '@noble/hashes/utils.js';
import type { RunningDigest } from './running-digest.ts';
import { type Derivation, WasmHash } from './wasm-hash.ts';

export interface Digest {
  /** OpenSSL's name in lower case ("sha256"). */
  name: string;
  /** Bytes of the result, by default for a function of any length; 0 where there is no default. */
  outputLength: number;
  blockLength: number;
  /** Whether the result may have any length (SHAKE). */
  extendable: boolean;
  /** For pbkdf2 and hkdf; null where @noble/hashes has no such function. */
  hash: CHash | null;
  create(outputLength?: number): RunningDigest;
  /** PBKDF2, where there is a quicker way than that of @noble/hashes. */
  deriveKey?(derivation: Derivation): Uint8Array<ArrayBuffer>;
}

export interface DigestSource {
  assembly: typeof WebAssembly;
  /** The bytes of "sha256.wasm". */
  binary(name: string): Uint8Array<ArrayBuffer>;
}

/** Finds a function by any of its names ("sha256", "SHA-256", "RSA-SHA256", …); undefined when it is not there. */
export type FindDigest = (name: string) => Digest | undefined;

/** Each module is compiled when its function is first used. */
export function digestFinder({ assembly, binary }: DigestSource): FindDigest {
  const modules = new Map<string, WasmHash>();
  const moduleOf = (name: string): WasmHash => {
    const module = modules.get(name) ?? new WasmHash(assembly, binary(`${name}.wasm`));
    modules.set(name, module);
    return module;
  };
  const quick = (name: string, hash: CHash | null, [file, bits, outputLength, blockLength]: QuickHash): Digest => ({
    name,
    outputLength,
    blockLength,
    extendable: false,
    hash,
    create: () => moduleOf(file).create({ bits, outputLength }),
    deriveKey: (derivation) => moduleOf(file).deriveKey({ bits, outputLength, blockLength }, derivation),
  });
  const digests: Record<string, Digest> = {
    md5: quick('md5', md5, ['md5', 0, 16, 64]),
    ripemd160: quick('ripemd160', ripemd160, ['ripemd160', 0, 20, 64]),
    sha1: quick('sha1', sha1, ['sha1', 0, 20, 64]),
    sha224: quick('sha224', sha224, ['sha256', 224, 28, 64]),
    sha256: quick('sha256', sha256, ['sha256', 256, 32, 64]),
    sha384: quick('sha384', sha384, ['sha512', 384, 48, 128]),
    sha512: quick('sha512', sha512, ['sha512', 512, 64, 128]),
    sm3: quick('sm3', null, ['sm3', 0, 32, 64]),
    ...NOBLE,
  };
  digests['md5-sha1'] = md5Sha1(digests.md5 as Digest, digests.sha1 as Digest);
  return (name) => {
    const known = canonicalName(name);
    return Object.hasOwn(digests, known) ? digests[known] : undefined;
  };
}

/** Module, variant, bytes of the result and of a block. */
type QuickHash = [file: string, bits: number, outputLength: number, blockLength: number];

const fixed = (name: string, hash: CHash): Digest => ({
  name,
  outputLength: hash.outputLen,
  blockLength: hash.blockLen,
  extendable: false,
  hash,
  create: () => hash.create() as RunningDigest,
});

/** OpenSSL has no default length for them any more. */
const shake = (name: string, hash: typeof shake128, outputLength: number): Digest => ({
  name,
  outputLength,
  blockLength: hash.blockLen,
  extendable: true,
  hash: hash as unknown as CHash,
  create: (length = outputLength) => anyLength(hash.create({}), length),
});

interface Sponge {
  update(bytes: Uint8Array): unknown;
  xof(length: number): Uint8Array;
  clone(): Sponge;
}

const anyLength = (sponge: Sponge, length: number): RunningDigest => ({
  update: (bytes) => sponge.update(bytes),
  digest: (wanted = length) => sponge.xof(wanted),
  clone: () => anyLength(sponge.clone(), length),
});

const NOBLE: Record<string, Digest> = {
  'sha512-224': fixed('sha512-224', sha512_224),
  'sha512-256': fixed('sha512-256', sha512_256),
  'sha3-224': fixed('sha3-224', sha3_224),
  'sha3-256': fixed('sha3-256', sha3_256),
  'sha3-384': fixed('sha3-384', sha3_384),
  'sha3-512': fixed('sha3-512', sha3_512),
  blake2b512: fixed('blake2b512', blake2b as unknown as CHash),
  blake2s256: fixed('blake2s256', blake2s as unknown as CHash),
  shake128: shake('shake128', shake128, 16),
  shake256: shake('shake256', shake256, 32),
};

/** TLS 1.0's pair: both results, one after the other. */
function md5Sha1(one: Digest, other: Digest): Digest {
  const pair = (left: RunningDigest, right: RunningDigest): RunningDigest => ({
    update(bytes) {
      left.update(bytes);
      right.update(bytes);
    },
    digest: () => Uint8Array.from([...left.digest(), ...right.digest()]),
    clone: () => pair(left.clone(), right.clone()),
  });
  return {
    name: 'md5-sha1',
    outputLength: 36,
    blockLength: 64,
    extendable: false,
    hash: null,
    create: () => pair(one.create(), other.create()),
  };
}

const ALIASES: Record<string, string> = {
  ripemd: 'ripemd160',
  rmd160: 'ripemd160',
  'ripemd-160': 'ripemd160',
  ripemd160withrsa: 'ripemd160',
  dss1: 'sha1',
  'dsa-sha1': 'sha1',
  'ssl3-md5': 'md5',
  'ssl3-sha1': 'sha1',
  'sha1-2': 'sha1',
  'blake2b-512': 'blake2b512',
  'blake2s-256': 'blake2s256',
  'shake-128': 'shake128',
  'shake-256': 'shake256',
};

function canonicalName(name: string): string {
  const base = name
    .toLowerCase()
    .replace(/^rsa-/, '')
    .replace(/^id-rsassa-pkcs1-v1_5-with-/, '')
    .replace(/withrsaencryption$/, '')
    .replace(/^sha-?2-/, 'sha')
    .replace(/^sha-(?=[1-5])/, 'sha')
    .replace('/', '-')
    .replace(/^sm3withrsaencryption$/, 'sm3');
  return ALIASES[base] ?? base;
}

/** HMAC (RFC 2104) in progress. */
export class RunningHmac implements RunningDigest {
  readonly #inner: RunningDigest;
  readonly #outer: RunningDigest;

  constructor(inner: RunningDigest, outer: RunningDigest) {
    this.#inner = inner;
    this.#outer = outer;
  }

  static begin(digest: Digest, key: Uint8Array): RunningHmac {
    const block = new Uint8Array(digest.blockLength);
    block.set(key.length > digest.blockLength ? digestWhole(digest, key) : key);
    const begin = (pad: number) => {
      const running = digest.create();
      running.update(block.map((byte) => byte ^ pad));
      return running;
    };
    return new RunningHmac(begin(0x36), begin(0x5c));
  }
  update(bytes: Uint8Array): void {
    this.#inner.update(bytes);
  }
  digest(): Uint8Array {
    this.#outer.update(this.#inner.digest());
    return this.#outer.digest();
  }
  clone(): RunningHmac {
    return new RunningHmac(this.#inner.clone(), this.#outer.clone());
  }
}

export function digestWhole(digest: Digest, ...parts: readonly Uint8Array[]): Uint8Array {
  const running = digest.create();
  for (const part of parts) running.update(part);
  return running.digest();
}
