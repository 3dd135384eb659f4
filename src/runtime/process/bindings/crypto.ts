import type { BindingFactory, ProcessContext } from '../context.ts';
import { nativeError, unsupported } from '../crypto/errors.ts';
import { equalInConstantTime } from '../crypto/guest-bytes.ts';
import { jobDefiner } from '../crypto/job.ts';
import {
  cryptoPartOf,
  deferredClass,
  deferredFunctions,
  handleOf,
  hashPartOf,
  type LazyPart,
  NativeKeyObject,
} from '../crypto/lazy-part.ts';
import { randomBytesJob } from '../crypto/random.ts';
import { bytesOf } from '../streams/text.ts';
import { KEY_IN_MESSAGE } from '../threads/native-cloneables.ts';
import { tlsPartOf } from '../tls/lazy-part.ts';

/** What OpenSSL lists, in its order. */
const HASHES =
  'RSA-MD5 RSA-RIPEMD160 RSA-SHA1 RSA-SHA1-2 RSA-SHA224 RSA-SHA256 RSA-SHA3-224 RSA-SHA3-256 RSA-SHA3-384 RSA-SHA3-512 RSA-SHA384 RSA-SHA512 RSA-SHA512/224 RSA-SHA512/256 RSA-SM3 blake2b512 blake2s256 id-rsassa-pkcs1-v1_5-with-sha3-224 id-rsassa-pkcs1-v1_5-with-sha3-256 id-rsassa-pkcs1-v1_5-with-sha3-384 id-rsassa-pkcs1-v1_5-with-sha3-512 md5 md5-sha1 md5WithRSAEncryption ripemd ripemd160 ripemd160WithRSA rmd160 sha1 sha1WithRSAEncryption sha224 sha224WithRSAEncryption sha256 sha256WithRSAEncryption sha3-224 sha3-256 sha3-384 sha3-512 sha384 sha384WithRSAEncryption sha512 sha512-224 sha512-224WithRSAEncryption sha512-256 sha512-256WithRSAEncryption sha512WithRSAEncryption shake128 shake256 sm3 sm3WithRSAEncryption ssl3-md5 ssl3-sha1';

/** What the optional part `crypto` has: it is loaded when one of them is first used. */
const PART_CLASSES =
  'X509Certificate KeyObjectHandle CipherBase Sign Verify SignJob DiffieHellman DiffieHellmanGroup ECDH RandomPrimeJob CheckPrimeJob PBKDF2Job HKDFJob ScryptJob Argon2Job HashJob HmacJob KmacJob SecretKeyGenJob RsaKeyPairGenJob DsaKeyPairGenJob EcKeyPairGenJob NidKeyPairGenJob DhKeyPairGenJob DHBitsJob ECDHBitsJob AESCipherJob ChaCha20Poly1305CipherJob RSACipherJob RSAKeyExportJob ECKeyExportJob DHKeyExportJob KEMEncapsulateJob KEMDecapsulateJob';
const PART_FUNCTIONS =
  'getCipherInfo getCiphers getCurves ECDHConvertKey publicEncrypt privateDecrypt privateEncrypt publicDecrypt certVerifySpkac certExportPublicKey certExportChallenge parseX509';
/** What the part `hash` has. */
const HASH_CLASSES = 'Hash Hmac';
const HASH_FUNCTIONS = 'oneShotDigest';
/** What the part `tls` has. */
const TLS_FUNCTIONS = 'getSSLCiphers getExtraCACertificates getUserRootCertificates resetRootCertStore';

/** `internalBinding('crypto')`. */
export const crypto: BindingFactory = (context) => {
  const part = cryptoPartOf(context);
  const members = {
    ...deferred(part, PART_CLASSES, PART_FUNCTIONS),
    ...deferred(hashPartOf(context), HASH_CLASSES, HASH_FUNCTIONS),
  };
  context.nativeCloneables.register(members.X509Certificate as KeyClass, {
    name: 'X509Certificate',
    isCloneable: true,
    contentOf: (certificate) => (part.get('bytesOfCertificate') as (handle: object) => unknown)(certificate),
    revive: (bytes) => (part.get('parseX509') as (bytes: unknown) => object)(bytes),
  });
  return { ...common(context), ...members, createNativeKeyObjectClass: keyObjectDefiner(context, part) };
};

const common: BindingFactory = (context) => ({
  ...context.described('crypto'),
  RandomBytesJob: randomBytesJob(context, jobDefiner(context)),
  getHashes: () => HASHES.split(' '),
  // Hash looks names up by itself, so there is nothing to cache.
  getCachedAliases: () => ({}),
  ...deferredFunctions(tlsPartOf(context), TLS_FUNCTIONS),
  getFipsCrypto: () => 0,
  setFipsCrypto: (enabled: unknown) => {
    if (enabled) throw unsupported(context, 'FIPS mode');
  },
  testFipsCrypto: () => false,
  getOpenSSLSecLevelCrypto: () => 1,
  getBundledRootCertificates: () => [],
  getSystemCACertificates: () => [],
  startLoadingCertificatesOffThread: () => undefined,
  SecureContext: deferredClass(tlsPartOf(context), 'SecureContext'),
  secureBuffer: (length: number) => new Uint8Array(length),
  secureHeapUsed: () => undefined,
  timingSafeEqual: (left: unknown, right: unknown) => timingSafeEqual(context, left, right),
});

type KeyClass = new (handle: object) => object;

/** Defines the library's classes of keys; from then on their objects may be in messages. */
function keyObjectDefiner(context: ProcessContext, part: LazyPart) {
  return (define: (base: typeof NativeKeyObject) => KeyClass[]): KeyClass[] => {
    const classes = define(NativeKeyObject);
    const [, SecretKey, PublicKey, PrivateKey] = classes;
    const byKind: Record<string, KeyClass | undefined> = { secret: SecretKey, public: PublicKey, private: PrivateKey };
    context.nativeCloneables.register(NativeKeyObject, {
      name: KEY_IN_MESSAGE,
      isCloneable: true,
      contentOf: (key) => (part.get('contentOfKey') as (handle: unknown) => unknown)(handleOf(key)),
      revive(content) {
        const Key = byKind[(content as { kind: string }).kind];
        if (Key === undefined) throw new TypeError('an unknown kind of key');
        return new Key((part.get('restoreKey') as (content: unknown) => object)(content));
      },
    });
    return classes;
  };
}

/** Classes and functions that become those of the part at their first use; the names with spaces between them. */
function deferred(part: LazyPart, classes: string, functions: string): Record<string, unknown> {
  const members = deferredFunctions(part, functions);
  for (const name of classes.split(' ')) {
    members[name] = deferredClass(part, name);
  }
  return members;
}

function timingSafeEqual(context: ProcessContext, left: unknown, right: unknown): boolean {
  const [first, second] = [left, right].map((value, i) => {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytesOf(value);
    throw nativeError(context, {
      kind: 'TypeError',
      message: `The "buf${i + 1}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`,
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }) as [Uint8Array, Uint8Array];
  if (first.length === second.length) return equalInConstantTime(first, second);
  throw nativeError(context, {
    kind: 'RangeError',
    message: 'Input buffers must have the same byte length',
    code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
  });
}
