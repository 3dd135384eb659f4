/**
 * Key encapsulation as OpenSSL 3.5 gives it: ML-KEM (FIPS 203), DHKEM over curves (RFC 9180, section 4.1), and RSASVE with
 * bare RSA (SP 800-56B, section 7.2.1).
 */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { CHash } from '@noble/hashes/utils.js';
import { joinBytes } from '../../kernel/join-bytes.ts';
import { copyOf, encodeLatin1 } from '../streams/text.ts';
import { agreeOnCurve } from './diffie-hellman.ts';
import { nativeError } from './errors.ts';
import { randomBelow, toBytes, toInteger } from './integers.ts';
import { type DefineJob, JobFailure } from './job.ts';
import { type AsymmetricKey, isRaw } from './keys/asymmetric-key.ts';
import { encodePoint, PointForm, publicPoint } from './keys/curves.ts';
import { privateKeyFrom, publicKeyFrom } from './keys/key-files.ts';
import { generateRaw, rawAlgorithm } from './keys/raw-keys.ts';
import type { CryptoServices } from './services.ts';
import { modulusBytes, privateOperation, publicOperation } from './signatures/rsa.ts';

type Random = CryptoServices['random'];
interface Encapsulated {
  sharedSecret: Uint8Array;
  cipherText: Uint8Array;
}

/** What DHKEM makes of the secret that two keys share: RFC 9180, table 2, and OpenSSL's X448. */
interface Suite {
  id: number;
  hash: CHash;
  length: number;
}
const SUITES: Readonly<Record<string, Suite>> = {
  prime256v1: { id: 0x10, hash: sha256, length: 32 },
  secp384r1: { id: 0x11, hash: sha384, length: 48 },
  secp521r1: { id: 0x12, hash: sha512, length: 64 },
  x25519: { id: 0x20, hash: sha256, length: 32 },
  x448: { id: 0x21, hash: sha512, length: 64 },
};

export function keyEncapsulationBindings(services: CryptoServices, defineJob: DefineJob) {
  const { text, random } = services;
  return {
    KEMEncapsulateJob: defineJob('DERIVEBITSREQUEST', (...args: unknown[]) => {
      const [data, format, type, passphrase] = args as [unknown, number, number, unknown];
      const key = publicKeyFrom(services, { data, format, type, passphrase });
      return () => {
        const made = attempt(() => encapsulate(key, random));
        if (made === null) throw failure(services, 'Failed to perform encapsulation');
        return [text.write(made.sharedSecret), text.write(made.cipherText)];
      };
    }),
    KEMDecapsulateJob: defineJob('DERIVEBITSREQUEST', (...args: unknown[]) => {
      const [data, format, type, passphrase, cipherText] = args as [unknown, number, number, unknown, unknown];
      const key = privateKeyFrom(services, { data, format, type, passphrase });
      const bytes = copyOf(cipherText);
      return () => {
        const secret = attempt(() => decapsulate(key, bytes));
        if (secret === null) throw failure(services, 'Failed to perform decapsulation');
        return text.write(secret);
      };
    }),
  };
}

function failure({ context }: CryptoServices, message: string): JobFailure {
  return new JobFailure(
    nativeError(context, { message, code: 'ERR_CRYPTO_OPERATION_FAILED' }),
    nativeError(context, { message: 'Deriving bits failed' }),
  );
}

/** Null for what the other side has made up: a point beside the curve, a ciphertext of another length. */
function attempt<T>(work: () => T | null): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Null when keys of that kind encapsulate nothing. */
function encapsulate(key: AsymmetricKey, random: Random): Encapsulated | null {
  if (key.type === 'rsa') {
    const secret = toBytes(1n + randomBelow(key.n - 2n, random), modulusBytes(key));
    return { sharedSecret: secret, cipherText: publicOperation(key, secret) };
  }
  const suite = suiteOf(key);
  if (key.type === 'ec') {
    if (suite === undefined) return null;
    const { curve, point } = key;
    const own = toBytes(randomBelow(curve.ecdsa.Point.CURVE().n, random), curve.scalarSize);
    const cipherText = publicPoint(curve, own);
    return { cipherText, sharedSecret: expandSecret(suite, agreeOnCurve(curve, own, point), [cipherText, point]) };
  }
  if (!isRaw(key)) return null;
  const { agree, encapsulate: encapsulateRaw } = rawAlgorithm(key.type);
  if (suite === undefined || agree === undefined) return encapsulateRaw?.(key.public, random) ?? null;
  const { private: own = new Uint8Array(0), public: cipherText } = generateRaw(key.type, random);
  return { cipherText, sharedSecret: expandSecret(suite, agree(own, key.public), [cipherText, key.public]) };
}

/** Throws, or gives null, when the text is not one for this key. */
function decapsulate(key: AsymmetricKey, cipherText: Uint8Array): Uint8Array | null {
  if (key.type === 'rsa') {
    const fits = cipherText.length === modulusBytes(key) && toInteger(cipherText) < key.n;
    return fits && key.private !== undefined ? privateOperation(key, key.private, cipherText) : null;
  }
  const suite = suiteOf(key);
  if (key.type === 'ec') {
    const { curve, point, private: own } = key;
    if (suite === undefined || own === undefined || cipherText.length !== 1 + 2 * curve.size) return null;
    const other = encodePoint(curve, cipherText, PointForm.uncompressed);
    return expandSecret(suite, agreeOnCurve(curve, own, other), [cipherText, point]);
  }
  if (!isRaw(key) || key.private === undefined) return null;
  const { agree, decapsulate: decapsulateRaw } = rawAlgorithm(key.type);
  if (suite === undefined || agree === undefined) return decapsulateRaw?.(key.private, cipherText) ?? null;
  return expandSecret(suite, agree(key.private, cipherText), [cipherText, key.public]);
}

const suiteOf = (key: AsymmetricKey): Suite | undefined => SUITES[key.type === 'ec' ? key.curve.name : key.type];

/** ExtractAndExpand. `keys` are the public keys of the sender and of the receiver. */
function expandSecret({ id, hash, length }: Suite, agreed: Uint8Array, keys: readonly Uint8Array[]): Uint8Array {
  const label = (name: string) => [encodeLatin1('HPKE-v1KEM'), toBytes(BigInt(id), 2), encodeLatin1(name)];
  const key = extract(hash, joinBytes([...label('eae_prk'), agreed]));
  return expand(hash, key, joinBytes([toBytes(BigInt(length), 2), ...label('shared_secret'), ...keys]), length);
}
