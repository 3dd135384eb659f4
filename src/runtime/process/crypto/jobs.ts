/** Crypto jobs: work that the library runs at once or asynchronously, by the job's mode. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import type { ProcessContext } from '../context.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import { bytesOf, copyOf } from '../streams/text.ts';
import { type Digest, findDigest } from './digests.ts';
import { invalidDigest, nativeError } from './errors.ts';
import { equalInConstantTime, toArrayBuffer } from './guest-bytes.ts';
import { secretOf } from './key-object.ts';
import { isProbablePrime, randomPrime } from './primes.ts';

const ASYNC = 0;
const SIGN = 0;
const RANDOM_QUOTA = 65536;

/** `prepare` checks the arguments when the job is made (and throws there), and returns the work. */
type Prepare = (...args: never[]) => () => unknown;

export function jobBindings(
  context: ProcessContext,
  KeyObjectHandle: new () => { init(type: number, data: unknown): void },
) {
  const job = (provider: string, prepare: Prepare) => defineJob(context, provider, prepare);
  const digestNamed = (name: string): Digest => {
    const digest = findDigest(name);
    if (digest === undefined || digest.extendable) throw invalidDigest(context, name);
    return digest;
  };
  const fill = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at += RANDOM_QUOTA) {
      // Shared memory is refused by getRandomValues.
      const piece = new Uint8Array(Math.min(RANDOM_QUOTA, bytes.length - at));
      context.host.crypto.getRandomValues(piece);
      bytes.set(piece, at);
    }
  };
  const random = (length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    fill(bytes);
    return bytes;
  };

  return {
    RandomBytesJob: job('RANDOMBYTESREQUEST', (buffer: unknown, offset: number, size: number) => {
      const target = bytesOf(buffer).subarray(offset, offset + size);
      return () => fill(target);
    }),
    PBKDF2Job: job(
      'PBKDF2REQUEST',
      (password: unknown, salt: unknown, iterations: number, length: number, name: string) => {
        const { hash } = digestNamed(name);
        const [secret, salted] = [copyOf(password), copyOf(salt)];
        return () =>
          length === 0
            ? new ArrayBuffer(0)
            : toArrayBuffer(pbkdf2(hash, secret, salted, { c: iterations, dkLen: length }));
      },
    ),
    HKDFJob: job('DERIVEBITSREQUEST', (name: string, key: unknown, salt: unknown, info: unknown, length: number) => {
      const { hash, outputLength } = digestNamed(name);
      if (length > 255 * outputLength) {
        throw nativeError(context, {
          kind: 'RangeError',
          message: 'Invalid key length',
          code: 'ERR_CRYPTO_INVALID_KEYLEN',
        });
      }
      const [secret, salted, about] = [secretOf(key), copyOf(salt), copyOf(info)];
      return () => (length === 0 ? new ArrayBuffer(0) : toArrayBuffer(hkdf(hash, secret, salted, about, length)));
    }),
    ScryptJob: job('SCRYPTREQUEST', (...args: ScryptArguments) => prepareScrypt(context, args)),
    HashJob: job('HASHREQUEST', (name: string, data: unknown, bits?: number) => {
      const digest = digestForJob(context, name);
      const bytes = copyOf(data);
      return () => {
        const running = digest.create(bits === undefined ? undefined : bits / 8);
        running.update(bytes);
        return toArrayBuffer(running.digest());
      };
    }),
    HmacJob: job('SIGNREQUEST', (mode: number, name: string, key: unknown, data: unknown, signature?: unknown) => {
      const { hash } = digestNamed(name);
      const [secret, bytes] = [secretOf(key), copyOf(data)];
      return () => {
        const mac = hmac(hash, secret, bytes);
        return mode === SIGN ? toArrayBuffer(mac) : equalInConstantTime(mac, bytesOf(signature));
      };
    }),
    SecretKeyGenJob: job('KEYGENREQUEST', (bits: number) => () => {
      const key = new KeyObjectHandle();
      key.init(0, random(Math.floor(bits / 8)));
      return key;
    }),
    RandomPrimeJob: job(
      'RANDOMPRIMEREQUEST',
      (bits: number, safe: boolean, add?: unknown, remainder?: unknown) => () =>
        randomPrime({
          bits,
          safe,
          random,
          ...(add === undefined ? {} : { add: bytesOf(add) }),
          ...(remainder === undefined ? {} : { remainder: bytesOf(remainder) }),
        }),
    ),
    CheckPrimeJob: job('CHECKPRIMEREQUEST', (candidate: unknown) => {
      const bytes = copyOf(candidate);
      return () => isProbablePrime(bytes, random);
    }),
  };
}

function defineJob(context: ProcessContext, provider: string, prepare: Prepare) {
  const { loop, asyncContext } = context;
  return class Job extends handleClasses(context).AsyncWrap {
    readonly #mode: number;
    readonly #work: () => unknown;

    constructor(mode: number, ...args: unknown[]) {
      super(provider);
      this.#mode = mode;
      this.#work = prepare(...(args as never[]));
    }
    /** Answers [error, result] or, in asynchronous mode, calls `ondone` with them later. */
    run(): [unknown, unknown] | undefined {
      if (this.#mode !== ASYNC) return this.#execute();
      loop.ref();
      loop.enqueue(() => {
        loop.unref();
        const outcome = this.#execute();
        asyncContext.runIn(this, () => guestMethod(this, 'ondone')?.(...outcome));
      });
      return undefined;
    }
    #execute(): [unknown, unknown] {
      try {
        return [undefined, this.#work()];
      } catch (error) {
        return [error, undefined];
      }
    }
  };
}

function digestForJob(context: ProcessContext, name: string): Digest {
  const digest = findDigest(name.replace(/^cSHAKE/i, 'shake'));
  if (digest === undefined) throw invalidDigest(context, name);
  return digest;
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

function prepareScrypt(context: ProcessContext, args: ScryptArguments): () => ArrayBuffer {
  const [password, salt, N, r, p, maxMemory, length] = args;
  const invalid = (detail: string): Error =>
    nativeError(context, {
      kind: 'RangeError',
      message: `Invalid scrypt params${detail}`,
      code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
    });
  if (N < 2 || (N & (N - 1)) !== 0 || r < 1 || p < 1 || p > (2 ** 30 - 1) / r) throw invalid('');
  // OpenSSL's count: 128·r·(N + p + 2) bytes.
  if (128 * r * (p + N + 2) > maxMemory) {
    throw invalid(': error:030000AC:digital envelope routines::memory limit exceeded');
  }
  const [secret, salted] = [copyOf(password), copyOf(salt)];
  return () =>
    length === 0
      ? new ArrayBuffer(0)
      : toArrayBuffer(scrypt(secret, salted, { N, r, p, dkLen: length, maxmem: Number.MAX_SAFE_INTEGER }));
}
