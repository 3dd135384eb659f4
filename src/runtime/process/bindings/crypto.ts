import type { BindingFactory } from '../context.ts';
import { findDigest } from '../crypto/digests.ts';
import { nativeError, unsupported } from '../crypto/errors.ts';
import { equalInConstantTime } from '../crypto/guest-bytes.ts';
import { hashBindings } from '../crypto/hash.ts';
import { jobBindings } from '../crypto/jobs.ts';
import { keyBindings } from '../crypto/key-object.ts';
import { bytesOf } from '../streams/text.ts';

/** What OpenSSL lists and this runtime has; in OpenSSL's order. */
const HASHES =
  'RSA-MD5 RSA-RIPEMD160 RSA-SHA1 RSA-SHA1-2 RSA-SHA224 RSA-SHA256 RSA-SHA3-224 RSA-SHA3-256 RSA-SHA3-384 RSA-SHA3-512 RSA-SHA384 RSA-SHA512 RSA-SHA512/224 RSA-SHA512/256 blake2b512 blake2s256 id-rsassa-pkcs1-v1_5-with-sha3-224 id-rsassa-pkcs1-v1_5-with-sha3-256 id-rsassa-pkcs1-v1_5-with-sha3-384 id-rsassa-pkcs1-v1_5-with-sha3-512 md5 md5WithRSAEncryption ripemd ripemd160 ripemd160WithRSA rmd160 sha1 sha1WithRSAEncryption sha224 sha224WithRSAEncryption sha256 sha256WithRSAEncryption sha3-224 sha3-256 sha3-384 sha3-512 sha384 sha384WithRSAEncryption sha512 sha512-224 sha512-224WithRSAEncryption sha512-256 sha512-256WithRSAEncryption sha512WithRSAEncryption shake128 shake256 ssl3-md5 ssl3-sha1';

/** The classes and functions that need ciphers, asymmetric keys or certificates. */
const UNSUPPORTED =
  'CipherBase Sign Verify DiffieHellman DiffieHellmanGroup ECDH AESCipherJob ChaCha20Poly1305CipherJob RSACipherJob SignJob DhKeyPairGenJob DsaKeyPairGenJob EcKeyPairGenJob NidKeyPairGenJob RsaKeyPairGenJob DHBitsJob ECDHBitsJob DHKeyExportJob ECKeyExportJob RSAKeyExportJob Argon2Job KEMEncapsulateJob KEMDecapsulateJob KmacJob ECDHConvertKey publicEncrypt privateDecrypt privateEncrypt publicDecrypt parseX509 certVerifySpkac certExportPublicKey certExportChallenge';

/** `internalBinding('crypto')`: hashes, HMAC, key derivation, secret keys and random numbers. */
export const crypto: BindingFactory = (context) => {
  const keys = keyBindings(context);
  const refused = Object.fromEntries(
    UNSUPPORTED.split(' ').map((name) => [
      name,
      function refuse(): never {
        throw unsupported(context, `crypto's ${name}`);
      },
    ]),
  );
  return {
    ...context.described('crypto'),
    ...refused,
    ...keys,
    ...hashBindings(context),
    ...jobBindings(context, keys.KeyObjectHandle),
    getHashes: () => HASHES.split(' ').filter((name) => findDigest(name) !== undefined),
    // Hash looks names up by itself, so there is nothing to cache.
    getCachedAliases: () => ({}),
    getCiphers: () => [],
    getSSLCiphers: () => [],
    getCipherInfo: () => undefined,
    getCurves: () => [],
    getFipsCrypto: () => 0,
    setFipsCrypto: () => {
      throw unsupported(context, 'FIPS mode');
    },
    testFipsCrypto: () => false,
    getOpenSSLSecLevelCrypto: () => 2,
    getBundledRootCertificates: () => [],
    getSystemCACertificates: () => [],
    getExtraCACertificates: () => [],
    getUserRootCertificates: () => [],
    startLoadingCertificatesOffThread: () => undefined,
    SecureContext: function refuse(): never {
      throw unsupported(context, 'TLS');
    },
    secureBuffer: (length: number) => new Uint8Array(length),
    secureHeapUsed: () => undefined,
    timingSafeEqual: (left: unknown, right: unknown): boolean => {
      const bytes = [left, right].map((value, i) => {
        if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytesOf(value);
        throw nativeError(context, {
          kind: 'TypeError',
          message: `The "buf${i + 1}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`,
          code: 'ERR_INVALID_ARG_TYPE',
        });
      });
      const [first = new Uint8Array(0), second = new Uint8Array(0)] = bytes;
      if (first.length === second.length) return equalInConstantTime(first, second);
      throw nativeError(context, {
        kind: 'RangeError',
        message: 'Input buffers must have the same byte length',
        code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
      });
    },
  };
};
