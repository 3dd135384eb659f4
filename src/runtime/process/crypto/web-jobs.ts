/** Web Crypto's own jobs: ciphers, exports of keys, and KMAC. */
import { kmac128, kmac256 } from '@noble/hashes/sha3-addons.js';
import { bytesOf, copyOf } from '../streams/text.ts';
import { CipherFailure, type RunningCipher, WRAP_IV, wrapKey } from './ciphers/block-modes.ts';
import { openAead, openPlain } from './ciphers/cipher-handle.ts';
import { type CipherInfo, findCipher } from './ciphers/ciphers.ts';
import { nativeError, unsupported } from './errors.ts';
import { equalInConstantTime, toArrayBuffer } from './guest-bytes.ts';
import type { DefineJob } from './job.ts';
import { isRaw } from './keys/asymmetric-key.ts';
import { encodePoint, PointForm } from './keys/curves.ts';
import { writePkcs8, writeSpki } from './keys/key-encoding.ts';
import { asymmetricOf, secretOf } from './keys/key-material.ts';
import type { CryptoServices } from './services.ts';

const ENCRYPT = 0;
const SIGN = 0;
const ExportFormat = { raw: 0, pkcs8: 1, spki: 2 } as const;
const FULL_TAG = 16;
/** Modes in the order of the binding's kKeyVariantAES_… constants, three key sizes each. */
const MODES = ['ctr', 'cbc', 'gcm', 'wrap', 'ocb'] as const;

export function webJobBindings(services: CryptoServices, defineJob: DefineJob) {
  const { context } = services;
  const failed = () => nativeError(context, { message: 'Cipher job failed', code: 'ERR_CRYPTO_OPERATION_FAILED' });

  const whole = (cipher: RunningCipher, input: Uint8Array): Uint8Array => {
    try {
      const first = cipher.update(input);
      return Uint8Array.from([...first, ...cipher.final()]);
    } catch (error) {
      if (error instanceof CipherFailure) throw failed();
      throw error;
    }
  };

  /** `tag` is the length of one when it encrypts, and the tag itself when it decrypts. */
  const authenticated = (info: CipherInfo, parts: AuthenticatedParts): Uint8Array => {
    const { key, iv, input, encrypts, tag, associated } = parts;
    const tagLength = encrypts ? Number(tag ?? FULL_TAG) : bytesOf(tag).length;
    const aead = openAead(info, { key, iv, encrypts, tagLength });
    if (aead === null) throw failed();
    if (associated !== undefined) aead.associate(bytesOf(associated));
    const output = whole(aead, input);
    const made = aead.tag().slice(0, tagLength);
    if (encrypts) return Uint8Array.from([...output, ...made]);
    if (!equalInConstantTime(made, bytesOf(tag))) throw failed();
    return output;
  };

  const aes = (...args: unknown[]) => {
    const [direction, handle, data, variant, first, second, third] = args;
    const mode = MODES[Math.floor(Number(variant) / 3)];
    const key = secretOf(handle);
    const info = findCipher(`aes-${key.length * 8}-${mode}`);
    if (info === undefined) throw unsupported(context, `AES in this mode (${mode})`);
    const input = copyOf(data);
    const encrypts = direction === ENCRYPT;
    const iv = first === undefined ? new Uint8Array(0) : copyOf(first);
    const tag = ownCopy(second);
    const associated = ownCopy(third);
    return (): ArrayBuffer => {
      if (mode === 'gcm' || mode === 'ocb') {
        return toArrayBuffer(authenticated(info, { key, iv, input, encrypts, tag, associated }));
      }
      if (mode === 'wrap') {
        const cipher = info.block?.(key);
        const output = cipher === undefined ? null : wrapKey({ cipher, iv: WRAP_IV, encrypts }, input);
        if (output === null) throw failed();
        return toArrayBuffer(output);
      }
      if (mode === 'ctr') return toArrayBuffer(counted(info, { key, iv, input, bits: Number(second) }));
      const cipher = openPlain(info, { key, iv, encrypts });
      if (cipher === null) throw failed();
      return toArrayBuffer(whole(cipher, input));
    };
  };

  /** AES-CTR whose counter is only the last bits of the block: it wraps within them, and may not come round. */
  const counted = (info: CipherInfo, { key, iv, input, bits }: CounterParts): Uint8Array => {
    const blocks = Math.ceil(input.length / 16);
    if (bits < 32 && blocks > 2 ** bits) throw failed();
    const start = toBigInt(iv);
    const size = 2n ** BigInt(bits);
    const before = size - (start % size);
    const run = (from: bigint, piece: Uint8Array) => {
      const cipher = openPlain(info, { key, iv: fromBigInt(from), encrypts: true });
      if (cipher === null) throw failed();
      return cipher.update(piece);
    };
    if (BigInt(blocks) <= before) return run(start, input);
    const split = Number(before) * 16;
    return Uint8Array.from([
      ...run(start, input.subarray(0, split)),
      ...run(start - (start % size), input.subarray(split)),
    ]);
  };

  const exporter = (format: number, handle: unknown) => {
    const key = asymmetricOf(handle);
    return (): ArrayBuffer => {
      if (format === ExportFormat.pkcs8) return toArrayBuffer(writePkcs8(key));
      if (format === ExportFormat.spki) return toArrayBuffer(writeSpki(key));
      if (key.type === 'ec') return toArrayBuffer(encodePoint(key.curve, key.point, PointForm.uncompressed));
      if (isRaw(key)) return toArrayBuffer(key.public);
      throw failed();
    };
  };
  const exportJob = () => defineJob('KEYEXPORTREQUEST', exporter);

  return {
    AESCipherJob: defineJob('CIPHERREQUEST', aes),
    ChaCha20Poly1305CipherJob: defineJob('CIPHERREQUEST', (...args: unknown[]) => {
      const [direction, handle, data, iv, tag, associated] = args;
      const info = findCipher('chacha20-poly1305');
      if (info === undefined) throw failed();
      const encrypts = direction === ENCRYPT;
      const parts = {
        key: secretOf(handle),
        iv: copyOf(iv),
        input: copyOf(data),
        encrypts,
        tag: encrypts ? FULL_TAG : copyOf(tag),
        associated: ownCopy(associated),
      };
      return () => toArrayBuffer(authenticated(info, parts));
    }),
    RSAKeyExportJob: exportJob(),
    ECKeyExportJob: exportJob(),
    DHKeyExportJob: exportJob(),
    KmacJob: defineJob('SIGNREQUEST', (...args: unknown[]) => {
      const [mode, handle, name, customization, length, data, signature] = args;
      const kmac = name === 'KMAC128' ? kmac128 : kmac256;
      const options = {
        dkLen: Number(length),
        ...(customization !== undefined && { personalization: copyOf(customization) }),
      };
      const [key, message] = [secretOf(handle), copyOf(data)];
      const given = signature === undefined ? null : copyOf(signature);
      return () => {
        const mac = kmac(key, message, options);
        return mode === SIGN ? toArrayBuffer(mac) : given !== null && equalInConstantTime(mac, given);
      };
    }),
  };
}

interface AuthenticatedParts {
  key: Uint8Array;
  iv: Uint8Array;
  input: Uint8Array;
  encrypts: boolean;
  tag: unknown;
  associated: unknown;
}

interface CounterParts {
  key: Uint8Array;
  iv: Uint8Array;
  input: Uint8Array;
  bits: number;
}

/** What the guest may change before the job runs. */
const ownCopy = (value: unknown): unknown =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? copyOf(value) : value;

const toBigInt = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
const fromBigInt = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 255n));
