/** `publicEncrypt` and its relatives, and Web Crypto's RSA-OAEP. */
import { bytesOf, copyOf } from '../../streams/text.ts';
import { nativeError, opensslError } from '../errors.ts';
import { toArrayBuffer } from '../guest-bytes.ts';
import { toInteger } from '../integers.ts';
import type { DefineJob } from '../job.ts';
import type { AsymmetricKey, RsaAsymmetricKey } from '../keys/asymmetric-key.ts';
import { privateKeyFrom, publicKeyFrom } from '../keys/key-files.ts';
import { asymmetricOf } from '../keys/key-material.ts';
import type { CryptoServices } from '../services.ts';
import {
  modulusBytes,
  type OaepOptions,
  padOaep,
  padPkcs1,
  privateOperation,
  publicOperation,
  unpadOaep,
  unpadPkcs1,
} from './rsa.ts';
import { RsaPadding, refuseStreaming } from './signatures.ts';

const ENCRYPT = 0;

type Arguments = [
  data: unknown,
  format: number,
  type: number,
  passphrase: unknown,
  buffer: unknown,
  padding: number,
  oaepHash: string | undefined,
  oaepLabel: unknown,
];

export function rsaEncryptionBindings(services: CryptoServices, defineJob: DefineJob) {
  const { context, text, random } = services;

  const rsaKey = (key: AsymmetricKey): RsaAsymmetricKey => {
    if (key.type === 'rsa') return key;
    const reason = 'operation not supported for this keytype';
    throw opensslError(context, { library: 'evp', reason, number: 0x96 });
  };
  const failure = (reason: string, number: number) => opensslError(context, { library: 'rsa', reason, number });
  const oaep = (name: string | undefined, label: unknown): OaepOptions => {
    const hash = services.findDigest(name ?? 'sha1');
    if (hash === undefined) {
      throw nativeError(context, { message: 'Invalid digest used', code: 'ERR_OSSL_EVP_INVALID_DIGEST' });
    }
    return { hash, label: label === undefined ? new Uint8Array(0) : copyOf(label) };
  };

  /** Pads for an operation of the public key (type 2) or the private one (type 1). */
  function pad(
    key: RsaAsymmetricKey,
    bytes: Uint8Array,
    padding: number,
    type: 1 | 2,
    options: OaepOptions,
  ): Uint8Array {
    const length = modulusBytes(key);
    if (padding === RsaPadding.none) {
      if (bytes.length < length) throw failure('data too small for key size', 0x7a);
      if (bytes.length > length || toInteger(bytes) >= key.n) throw failure('data too large for modulus', 0x84);
      return bytes;
    }
    const padded =
      padding === RsaPadding.oaep && type === 2
        ? padOaep(bytes, length, options, random)
        : padding === RsaPadding.pkcs1
          ? padPkcs1(type, bytes, length, random)
          : undefined;
    if (padded === undefined) {
      const reason = 'illegal or unsupported padding mode';
      throw opensslError(context, { library: 'provider', reason, number: 0xa5 });
    }
    if (padded === null) throw failure('data too large for key size', 0x6e);
    return padded;
  }

  function unpad(bytes: Uint8Array, padding: number, type: 1 | 2, options: OaepOptions): Uint8Array {
    if (padding === RsaPadding.none) return bytes;
    if (padding === RsaPadding.oaep) {
      const opened = unpadOaep(bytes, options);
      if (opened === null) throw failure('oaep decoding error', 0x79);
      return opened;
    }
    const opened = unpadPkcs1(type, bytes);
    if (opened !== null) return opened;
    if (type === 1) throw failure('invalid padding', 0x8a);
    // Implicit rejection: a wrong padding gives random bytes, so that nobody can ask which ciphertexts are well padded.
    return random((random(1)[0] ?? 0) % Math.max(1, bytes.length - 11));
  }

  const cipher = (isPublic: boolean, pads: boolean) => {
    const type = isPublic === pads ? 2 : 1;
    return (...args: Arguments): unknown => {
      const [data, format, encoding, passphrase, buffer, padding, hash, label] = args;
      const options = oaep(hash, label);
      const source = { data, format, type: encoding, passphrase };
      const key = rsaKey(isPublic ? publicKeyFrom(services, source) : privateKeyFrom(services, source));
      const bytes = bytesOf(buffer);
      const run = (input: Uint8Array): Uint8Array => {
        if (isPublic) return publicOperation(key, input);
        if (key.private === undefined) throw refuseStreaming(services);
        return privateOperation(key, key.private, input);
      };
      return text.write(
        pads ? run(pad(key, bytes, padding, type, options)) : unpad(run(bytes), padding, type, options),
      );
    };
  };

  return {
    publicEncrypt: cipher(true, true),
    privateDecrypt: cipher(false, false),
    privateEncrypt: cipher(false, true),
    publicDecrypt: cipher(true, false),
    RSACipherJob: defineJob('CIPHERREQUEST', (...args: unknown[]) => {
      const [mode, handle, data, , hash, label] = args;
      const key = rsaKey(asymmetricOf(handle));
      const options = oaep(String(hash), label);
      const bytes = copyOf(data);
      return () => {
        if (mode === ENCRYPT) return toArrayBuffer(publicOperation(key, pad(key, bytes, RsaPadding.oaep, 2, options)));
        if (key.private === undefined) throw refuseStreaming(services);
        return toArrayBuffer(unpad(privateOperation(key, key.private, bytes), RsaPadding.oaep, 2, options));
      };
    }),
  };
}
