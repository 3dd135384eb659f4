/** The jobs of hashes, key derivation and random numbers. */
import { argon2d, argon2i, argon2id } from '@noble/hashes/argon2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import type { CHash } from '@noble/hashes/utils.js';
import { bytesOf, copyOf } from '../streams/text.ts';
import { invalidDigest, nativeError, opensslError, unsupported } from './errors.ts';
import { equalInConstantTime, toArrayBuffer } from './guest-bytes.ts';
import { type Digest, RunningHmac } from './hashes/digests.ts';
import { bitLength, toBytes, toInteger } from './integers.ts';
import type { DefineJob } from './job.ts';
import { secretOf } from './keys/key-material.ts';
import { isProbablePrime, randomPrime } from './primes.ts';
import type { CryptoServices } from './services.ts';

const SIGN = 0;
/** OpenSSL's numbers have no more than INT_MAX / 256 words of eight bytes. */
const MOST_NUMBER_BYTES = 8 * Math.floor((2 ** 31 - 1) / 256);
const ARGON2 = [argon2d, argon2i, argon2id] as const;

export function jobBindings(services: CryptoServices, defineJob: DefineJob) {
  const { context, random, findDigest } = services;
  const digestNamed = (name: string): Digest => {
    const digest = services.digestNamed(name);
    if (digest.extendable) throw invalidDigest(context, name);
    return digest;
  };
  const hashNamed = (name: string): CHash => {
    const { hash } = digestNamed(name);
    if (hash === null) throw unsupported(context, `Key derivation with ${name}`);
    return hash;
  };

  const outOfRange = (message: string) =>
    nativeError(context, { kind: 'RangeError', message, code: 'ERR_OUT_OF_RANGE' });

  return {
    PBKDF2Job: defineJob(
      'PBKDF2REQUEST',
      (password: unknown, salt: unknown, iterations: number, length: number, name: string) => {
        const digest = digestNamed(name);
        const [secret, salted] = [copyOf(secretOf(password)), copyOf(salt)];
        if (digest.deriveKey) return () => digest.deriveKey?.({ secret, salt: salted, iterations, length }).buffer;
        const hash = hashNamed(name);
        return () =>
          length === 0
            ? new ArrayBuffer(0)
            : toArrayBuffer(pbkdf2(hash, secret, salted, { c: iterations, dkLen: length }));
      },
    ),
    HKDFJob: defineJob('DERIVEBITSREQUEST', (...args: [string, unknown, unknown, unknown, number]) => {
      const [name, key, salt, info, length] = args;
      const hash = hashNamed(name);
      if (length > 255 * hash.outputLen) {
        throw nativeError(context, {
          kind: 'RangeError',
          message: 'Invalid key length',
          code: 'ERR_CRYPTO_INVALID_KEYLEN',
        });
      }
      const [secret, salted, about] = [secretOf(services.handleOf(key)), copyOf(salt), copyOf(info)];
      return () => (length === 0 ? new ArrayBuffer(0) : toArrayBuffer(hkdf(hash, secret, salted, about, length)));
    }),
    ScryptJob: defineJob('SCRYPTREQUEST', (...args: ScryptArguments) => prepareScrypt(services, args)),
    Argon2Job: defineJob('DERIVEBITSREQUEST', (...args: unknown[]) => {
      const [message, nonce, p, dkLen, m, t, secret, about, type] = args;
      const argon2 = ARGON2[Number(type)] ?? argon2id;
      const given = (value: unknown) =>
        value === undefined || bytesOf(value).length === 0 ? undefined : copyOf(value);
      const [key, personalization] = [given(secret), given(about)];
      const options = {
        p: Number(p),
        dkLen: Number(dkLen),
        m: Number(m),
        t: Number(t),
        ...(key && { key }),
        ...(personalization && { personalization }),
      };
      const [password, salt] = [copyOf(secretOf(message)), copyOf(nonce)];
      return () => toArrayBuffer(argon2(password, salt, options));
    }),
    HashJob: defineJob('HASHREQUEST', (name: string, data: unknown, bits?: number) => {
      const digest = findDigest(name.replace(/^cSHAKE/i, 'shake'));
      if (digest === undefined) throw invalidDigest(context, name);
      const bytes = copyOf(data);
      return () => {
        const running = digest.create(bits === undefined ? undefined : bits / 8);
        running.update(bytes);
        return toArrayBuffer(running.digest());
      };
    }),
    HmacJob: defineJob(
      'SIGNREQUEST',
      (mode: number, name: string, key: unknown, data: unknown, signature?: unknown) => {
        const digest = digestNamed(name);
        const [secret, bytes] = [secretOf(key), copyOf(data)];
        const given = signature === undefined ? null : copyOf(signature);
        return () => {
          const running = RunningHmac.begin(digest, secret);
          running.update(bytes);
          const mac = running.digest();
          return mode === SIGN ? toArrayBuffer(mac) : given !== null && equalInConstantTime(mac, given);
        };
      },
    ),
    RandomPrimeJob: defineJob(
      'RANDOMPRIMEREQUEST',
      (bits: number, safe: boolean, addBytes?: unknown, remainderBytes?: unknown) => {
        const [add, remainder] = [addBytes, remainderBytes].map((bytes) =>
          bytes === undefined ? undefined : toInteger(bytesOf(bytes)),
        );
        // Such a prime there is none of, or just one.
        if (add !== undefined && bitLength(add) > bits) throw outOfRange('invalid options.add');
        if (add !== undefined && remainder !== undefined && add <= remainder) throw outOfRange('invalid options.rem');
        return () => toBytes(randomPrime({ bits, safe, random, add, remainder }), Math.ceil(bits / 8)).buffer;
      },
    ),
    CheckPrimeJob: defineJob('CHECKPRIMEREQUEST', (candidate: unknown) => {
      const bytes = bytesOf(candidate);
      const first = bytes.findIndex((byte) => byte !== 0);
      if (first >= 0 && bytes.length - first > MOST_NUMBER_BYTES) {
        throw opensslError(context, { library: 'bignum', reason: 'bignum too long', number: 0x72 });
      }
      const copy = copyOf(candidate);
      return () => isProbablePrime(copy, random);
    }),
  };
}

type ScryptArguments = [
  password: unknown,
  salt: unknown,
  cost: number,
  blockSize: number,
  parallelization: number,
  maxMemory: number,
  length: number,
];

function prepareScrypt({ context }: CryptoServices, args: ScryptArguments): () => ArrayBuffer {
  const [password, salt, N, r, p, maxMemory, length] = args;
  const invalid = (detail: string): Error =>
    nativeError(context, {
      kind: 'RangeError',
      message: `Invalid scrypt params${detail}`,
      code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
    });
  if (N < 2 || (N & (N - 1)) !== 0 || r < 1 || p < 1) throw invalid('');
  // OpenSSL's count: 128·r·(N + p + 2) bytes.
  const tooLarge = p > (2 ** 30 - 1) / r || N >= 2 ** (16 * r);
  if (tooLarge || 128 * r * (p + N + 2) > maxMemory) {
    throw invalid(': error:030000AC:digital envelope routines::memory limit exceeded');
  }
  const [secret, salted] = [copyOf(password), copyOf(salt)];
  return () =>
    length === 0
      ? new ArrayBuffer(0)
      : toArrayBuffer(scrypt(secret, salted, { N, r, p, dkLen: length, maxmem: Number.MAX_SAFE_INTEGER }));
}
