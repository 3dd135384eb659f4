/** The jobs that make key pairs. */
import { bytesOf } from '../../streams/text.ts';
import { groupPrime } from '../dh-groups.ts';
import { nativeError } from '../errors.ts';
import { bitLength, power, randomBelow, toBytes, toInteger } from '../integers.ts';
import type { DefineJob } from '../job.ts';
import { randomPrime } from '../primes.ts';
import type { CryptoServices } from '../services.ts';
import { generateRsa } from '../signatures/rsa.ts';
import { type AsymmetricKey, type PssParameters, publicPart } from './asymmetric-key.ts';
import { findCurve, publicPoint } from './curves.ts';
import { writeJwk } from './jwk.ts';
import { writePrivateKey, writePublicKey } from './key-files.ts';
import { KeyFormat, setMaterial } from './key-material.ts';
import { generateRaw, rawTypeBy } from './raw-keys.ts';

const VARIANT_PSS = 1;
const LEAST_RSA_BITS = 512;
const EXPLICIT = 0;

/** Format and type of the public key, of the private key, its cipher and passphrase. */
type Encoding = [number?, number?, number?, number?, unknown?, unknown?];

export function keyGenerationBindings(
  services: CryptoServices,
  defineJob: DefineJob,
  KeyObjectHandle: new () => object,
) {
  const { context, random } = services;

  const handleOf = (kind: 'public' | 'private', key: AsymmetricKey): object => {
    const handle = new KeyObjectHandle();
    setMaterial(handle, { kind, key });
    return handle;
  };
  const written = (key: AsymmetricKey, encoding: Encoding): [unknown, unknown] => {
    const [publicFormat, publicType = 0, privateFormat, privateType = 0, cipher, passphrase] = encoding;
    const open = publicPart(key);
    const one = (kind: 'public' | 'private', format: number | undefined): unknown => {
      const part = kind === 'public' ? open : key;
      if (format === undefined) return handleOf(kind, part);
      if (format === KeyFormat.jwk) return writeJwk(services, part, {});
      return kind === 'public'
        ? writePublicKey(services, part, { format, type: publicType })
        : writePrivateKey(services, part, { format, type: privateType, cipher, passphrase });
    };
    return [one('public', publicFormat), one('private', privateFormat)];
  };
  /** `prepare` checks the arguments in front of the encoding, and returns what makes the key. */
  const generator = <Args extends unknown[]>(count: number, prepare: (...args: Args) => () => AsymmetricKey) =>
    defineJob('KEYPAIRGENREQUEST', (...args: unknown[]) => {
      const make = prepare(...(args.slice(0, count) as Args));
      const encoding = args.slice(count) as Encoding;
      return () => written(make(), encoding);
    });

  const prime = (bits: number) => randomPrime({ bits, random });
  const rsa = (bits: number, exponent: number, pss?: PssParameters | null) => () => {
    // OpenSSL's message, without its code.
    if (bits < LEAST_RSA_BITS) {
      throw nativeError(context, { message: 'error:1C8000AB:Provider routines::key size too small' });
    }
    if (exponent < 3 || exponent % 2 === 0) {
      throw nativeError(context, { message: 'error:020000B2:rsa routines::pub exponent out of range' });
    }
    const key = generateRsa(bits, BigInt(exponent), prime);
    return { ...key, type: pss === undefined ? 'rsa' : 'rsa-pss', ...(pss && { pss }) } as AsymmetricKey;
  };

  const RsaJob = generator(3, rsaArguments);
  const PssJob = generator(6, pssArguments);
  function rsaArguments(_variant: number, bits: number, exponent: number) {
    return rsa(bits, exponent);
  }
  function pssArguments(
    ...[, bits, exponent, hash, mgfHash, saltLength]: [number, number, number, string?, string?, number?]
  ) {
    const digest = hash === undefined ? undefined : services.digestNamed(hash);
    const mgf = mgfHash === undefined ? digest : services.findDigest(mgfHash);
    if (mgfHash !== undefined && mgf === undefined) {
      throw nativeError(context, {
        kind: 'TypeError',
        message: `Invalid MGF1 digest: ${mgfHash}`,
        code: 'ERR_CRYPTO_INVALID_DIGEST',
      });
    }
    const restricted = digest !== undefined || mgf !== undefined || saltLength !== undefined;
    const parameters = {
      hash: digest?.name ?? 'sha1',
      mgfHash: mgf?.name ?? 'sha1',
      saltLength: saltLength ?? digest?.outputLength ?? 20,
    };
    return rsa(bits, exponent, restricted ? parameters : null);
  }

  return {
    /** Its arguments depend on the first. */
    RsaKeyPairGenJob: function RsaKeyPairGenJob(mode: number, variant: number, ...rest: unknown[]): object {
      const Job = (variant === VARIANT_PSS ? PssJob : RsaJob) as new (...args: unknown[]) => object;
      return new Job(mode, variant, ...rest);
    },
    DsaKeyPairGenJob: generator(2, (bits: number, divisor: number) => () => generateDsa(bits, divisor, random)),
    EcKeyPairGenJob: generator(2, (name: string, form: number) => {
      const curve = findCurve(name);
      if (curve === undefined) {
        throw nativeError(context, {
          kind: 'TypeError',
          message: 'Invalid EC curve name',
          code: 'ERR_CRYPTO_INVALID_CURVE',
        });
      }
      return () => {
        const secret = toBytes(randomBelow(curve.ecdsa.Point.CURVE().n, random), curve.scalarSize);
        const key = { type: 'ec', curve, point: publicPoint(curve, secret), private: secret } as const;
        return form === EXPLICIT ? { ...key, explicit: true } : key;
      };
    }),
    NidKeyPairGenJob: generator(1, (nid: number) => {
      const type = rawTypeBy((algorithm) => algorithm.nid === nid);
      if (type === undefined) throw new TypeError(`no key type ${nid}`);
      return () => generateRaw(type, random);
    }),
    DhKeyPairGenJob: defineJob('KEYPAIRGENREQUEST', (source: string | number | Uint8Array, ...rest: unknown[]) => {
      const isGroup = typeof source === 'string';
      const make = dhArguments(source, isGroup ? 2 : Number(rest[0]));
      const encoding = (isGroup ? rest : rest.slice(1)) as Encoding;
      return () => written(make(), encoding);
    }),
    SecretKeyGenJob: defineJob('KEYGENREQUEST', (bits: number) => () => {
      const handle = new KeyObjectHandle();
      setMaterial(handle, { kind: 'secret', bytes: random(Math.floor(bits / 8)) });
      return handle;
    }),
  };

  function dhArguments(source: string | number | Uint8Array, generatorNumber: number): () => AsymmetricKey {
    const g = BigInt(generatorNumber);
    const given = typeof source === 'string' ? groupPrime(source) : undefined;
    if (typeof source === 'string' && given === undefined) {
      throw nativeError(context, { message: 'Unknown DH group', code: 'ERR_CRYPTO_UNKNOWN_DH_GROUP' });
    }
    return () => {
      const p =
        typeof source === 'number'
          ? randomPrime({ bits: source, safe: true, random })
          : (given ?? toInteger(bytesOf(source)));
      const secret = randomBelow(p - 1n, random);
      return { type: 'dh', p, g, y: power(g, secret, p), private: secret };
    };
  }
}

/** FIPS 186-4, without the seed that would prove the choice. */
function generateDsa(bits: number, divisor: number, random: CryptoServices['random']): AsymmetricKey {
  const length = divisor < 0 ? (bits >= 2048 ? 256 : 160) : divisor;
  const q = randomPrime({ bits: length, random });
  const p = randomPrime({ bits, random, add: 2n * q, remainder: 1n });
  let g = 1n;
  for (let h = 2n; g === 1n; h++) g = power(h, (p - 1n) / q, p);
  const x = randomBelow(q, random);
  if (bitLength(p) !== bits) throw new Error('a prime of a wrong length');
  return { type: 'dsa', p, q, g, y: power(g, x, p), private: x };
}
