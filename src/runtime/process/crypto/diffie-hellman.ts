/** The binding's DiffieHellman, DiffieHellmanGroup and ECDH classes, and the jobs that agree on a secret. */
import { bytesOf, copyOf } from '../streams/text.ts';
import { groupPrime, isGroupPrime } from './dh-groups.ts';
import { nativeError, opensslError } from './errors.ts';
import { equalInConstantTime, toArrayBuffer } from './guest-bytes.ts';
import { bitLength, power, randomBelow, toBytes, toInteger } from './integers.ts';
import type { DefineJob } from './job.ts';
import { type AsymmetricKey, isRaw } from './keys/asymmetric-key.ts';
import { type Curve, decodePoint, encodePoint, findCurve, PointForm, publicPoint } from './keys/curves.ts';
import { asymmetricOf } from './keys/key-material.ts';
import { rawAlgorithm } from './keys/raw-keys.ts';
import { isProbablePrime, randomPrime } from './primes.ts';
import type { CryptoServices } from './services.ts';

const LEAST_MODULUS_BITS = 512;
/** DH_check's answers. */
const Check = { notPrime: 1, notSafe: 2, unsuitableGenerator: 8 } as const;

export function diffieHellmanBindings(services: CryptoServices, defineJob: DefineJob) {
  const { context, text, random } = services;
  const failed = (message: string) => nativeError(context, { message, code: 'ERR_CRYPTO_OPERATION_FAILED' });
  const rangeError = (message: string, code: string) => nativeError(context, { kind: 'RangeError', message, code });

  class DiffieHellmanBase {
    protected prime = 0n;
    protected generator = 2n;
    verifyError = 0;
    #public: bigint | null = null;
    #private: bigint | null = null;

    generateKeys(): unknown {
      this.#private ??= randomBelow(this.prime - 1n, random);
      this.#public = power(this.generator, this.#private, this.prime);
      return this.#write(this.#public);
    }
    computeSecret(other: unknown): unknown {
      const value = toInteger(bytesOf(other));
      const code = 'ERR_CRYPTO_INVALID_KEYLEN';
      if (value <= 1n) throw rangeError('Supplied key is too small', code);
      if (value >= this.prime - 1n) throw rangeError('Supplied key is too large', code);
      return this.#write(power(value, this.#private ?? 0n, this.prime));
    }
    getPrime(): unknown {
      return text.write(toBytes(this.prime));
    }
    getGenerator(): unknown {
      return text.write(toBytes(this.generator));
    }
    getPublicKey(): unknown {
      return text.write(toBytes(this.#known(this.#public, 'public')));
    }
    getPrivateKey(): unknown {
      return text.write(toBytes(this.#known(this.#private, 'private')));
    }
    setPublicKey(key: unknown): void {
      this.#public = toInteger(bytesOf(key));
    }
    setPrivateKey(key: unknown): void {
      this.#private = toInteger(bytesOf(key));
    }
    #known(value: bigint | null, kind: string): bigint {
      if (value !== null) return value;
      throw nativeError(context, {
        message: `No ${kind} key - did you forget to generate one?`,
        code: 'ERR_CRYPTO_INVALID_STATE',
      });
    }
    #write(value: bigint): unknown {
      return text.write(toBytes(value, Math.ceil(bitLength(this.prime) / 8)));
    }
  }

  const tooSmall = () => opensslError(context, { library: 'dh', reason: 'modulus too small', number: 0x7e });
  const badGenerator = () => opensslError(context, { library: 'dh', reason: 'bad generator', number: 0x65 });

  class DiffieHellman extends DiffieHellmanBase {
    constructor(sizeOrPrime: number | Uint8Array, generator: number | Uint8Array) {
      super();
      const g = typeof generator === 'number' ? BigInt(generator) : toInteger(bytesOf(generator));
      if (typeof sizeOrPrime === 'number') {
        if (sizeOrPrime < 2) throw tooSmall();
        if (g <= 1n) throw badGenerator();
        if (sizeOrPrime < LEAST_MODULUS_BITS) throw tooSmall();
        this.prime = randomPrime({ bits: sizeOrPrime, safe: true, random });
      } else {
        if (g <= 1n) throw badGenerator();
        this.prime = toInteger(bytesOf(sizeOrPrime));
        this.verifyError = this.#check(g);
      }
      this.generator = g;
    }
    #check(generator: bigint): number {
      const { prime } = this;
      let result = generator <= 1n || generator >= prime - 1n ? Check.unsuitableGenerator : 0;
      if (isGroupPrime(prime)) return result;
      if (!isProbablePrime(toBytes(prime), random)) result |= Check.notPrime;
      else if (!isProbablePrime(toBytes((prime - 1n) / 2n), random)) result |= Check.notSafe;
      return result;
    }
  }

  class DiffieHellmanGroup extends DiffieHellmanBase {
    constructor(name: string) {
      super();
      const prime = groupPrime(name);
      if (prime === undefined) {
        throw nativeError(context, { message: 'Unknown DH group', code: 'ERR_CRYPTO_UNKNOWN_DH_GROUP' });
      }
      this.prime = prime;
    }
  }

  const curveNamed = (name: string): Curve => {
    const curve = findCurve(name);
    if (curve !== undefined) return curve;
    throw nativeError(context, {
      kind: 'TypeError',
      message: 'Invalid EC curve name',
      code: 'ERR_CRYPTO_INVALID_CURVE',
    });
  };
  const pointOf = (curve: Curve, bytes: unknown): Uint8Array => {
    try {
      return encodePoint(curve, bytesOf(bytes), PointForm.uncompressed);
    } catch {
      // Not a point of the curve.
      throw failed('Failed to convert Buffer to EC_POINT');
    }
  };

  class ECDH {
    readonly #curve: Curve;
    #private: Uint8Array | null = null;
    #public: Uint8Array | null = null;

    constructor(name: string) {
      this.#curve = curveNamed(name);
    }
    generateKeys(): void {
      const order = this.#curve.ecdsa.Point.CURVE().n;
      this.#private = toBytes(randomBelow(order, random), this.#curve.scalarSize);
      this.#public = publicPoint(this.#curve, this.#private);
    }
    /** A string is how the library learns that the other's key is wrong. */
    computeSecret(other: unknown): unknown {
      if (this.#private === null || !this.#isPair(this.#private)) {
        throw rangeError('Invalid key pair', 'ERR_CRYPTO_INVALID_KEYPAIR');
      }
      try {
        return text.write(agreeOnCurve(this.#curve, this.#private, bytesOf(other)));
      } catch {
        // Not a point of the curve.
        return 'Public key is not valid';
      }
    }
    #isPair(secret: Uint8Array): boolean {
      return this.#public !== null && equalInConstantTime(this.#public, publicPoint(this.#curve, secret));
    }
    getPublicKey(form: number): unknown {
      if (this.#public === null) throw failed('Failed to get ECDH public key');
      return text.write(encodePoint(this.#curve, this.#public, form));
    }
    getPrivateKey(): unknown {
      if (this.#private === null) throw failed('Failed to get ECDH private key');
      return text.write(this.#private);
    }
    setPrivateKey(key: unknown): void {
      const value = toInteger(bytesOf(key));
      if (value <= 0n || value >= this.#curve.ecdsa.Point.CURVE().n) {
        throw rangeError('Private key is not valid for specified curve.', 'ERR_CRYPTO_INVALID_KEYTYPE');
      }
      this.#private = toBytes(value, this.#curve.scalarSize);
      this.#public = publicPoint(this.#curve, this.#private);
    }
    setPublicKey(key: unknown): void {
      this.#public = pointOf(this.#curve, key);
    }
  }

  const agreement = (one: unknown, other: unknown) => {
    const [publicKey, privateKey] = [asymmetricOf(one), asymmetricOf(other)];
    return () => toArrayBuffer(agree(services, privateKey, publicKey));
  };

  return {
    DiffieHellman,
    DiffieHellmanGroup,
    ECDH,
    ECDHConvertKey: (key: unknown, name: string, form: number): unknown => {
      const curve = curveNamed(name);
      const point = copyOf(key);
      return text.write(point.length === 0 ? point : encodePoint(curve, pointOf(curve, point), form));
    },
    DHBitsJob: defineJob('DERIVEBITSREQUEST', agreement),
    ECDHBitsJob: defineJob('DERIVEBITSREQUEST', agreement),
  };
}

/** The shared point's x coordinate, of the curve's size. */
export function agreeOnCurve(curve: Curve, secret: Uint8Array, other: Uint8Array): Uint8Array {
  const point = decodePoint(curve, other).multiply(toInteger(secret));
  return point.toBytes(true).slice(1);
}

function agree({ context }: CryptoServices, mine: AsymmetricKey, theirs: AsymmetricKey): Uint8Array {
  const mismatch = () =>
    opensslError(context, { library: 'provider', reason: 'mismatching domain parameters', number: 0xcb });
  const failed = () => opensslError(context, { library: 'provider', reason: 'failed during derivation', number: 0xa4 });
  if (mine.type === 'ec' && theirs.type === 'ec') {
    if (mine.curve !== theirs.curve) throw mismatch();
    return agreeOnCurve(mine.curve, mine.private ?? new Uint8Array(0), theirs.point);
  }
  if (mine.type === 'dh' && theirs.type === 'dh') {
    if (mine.p !== theirs.p || mine.g !== theirs.g) throw mismatch();
    return toBytes(power(theirs.y, mine.private ?? 0n, mine.p), Math.ceil(bitLength(mine.p) / 8));
  }
  if (!isRaw(mine) || !isRaw(theirs) || mine.type !== theirs.type) throw mismatch();
  try {
    return rawAlgorithm(mine.type).agree?.(mine.private ?? new Uint8Array(0), theirs.public) ?? new Uint8Array(0);
  } catch {
    // The other's key has a small order.
    throw failed();
  }
}
