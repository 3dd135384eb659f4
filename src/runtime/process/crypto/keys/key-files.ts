/** Keys as the guest hands them over: PEM or DER, perhaps behind a passphrase; and the other way round. */
import type { ProcessContext } from '../../context.ts';
import { bytesOf, copyOf } from '../../streams/text.ts';
import { CipherFailure } from '../ciphers/block-modes.ts';
import { findCipher } from '../ciphers/ciphers.ts';
import { nativeError, opensslError } from '../errors.ts';
import type { CryptoServices } from '../services.ts';
import { type AsymmetricKey, publicPart } from './asymmetric-key.ts';
import { DerError, DerReader } from './der.ts';
import {
  readDsa,
  readPkcs1,
  readPkcs1Public,
  readPkcs8,
  readSec1,
  readSpki,
  UnknownAlgorithm,
  writeDsa,
  writePkcs1,
  writePkcs1Public,
  writePkcs8,
  writeSec1,
  writeSpki,
} from './key-encoding.ts';
import { asymmetricOf, KeyEncoding, KeyFormat, materialOf } from './key-material.ts';
import { canEncryptKeys, decryptPkcs8, decryptTraditional, encryptPkcs8, encryptTraditional } from './passphrase.ts';
import { type PemBlock, readPem, writePem } from './pem.ts';

/** How the guest's key is written; all but the data may be undefined. */
export interface KeySource {
  data: unknown;
  format?: number | undefined;
  type?: number | undefined;
  passphrase?: unknown;
}

const MAX_PASSPHRASE = 1024;

const failures = {
  unsupported: { library: 'decoder', reason: 'unsupported', number: 0x8010c },
  interrupted: { library: 'common', reason: 'interrupted or cancelled', number: 0x80109 },
  badDecrypt: { library: 'provider', reason: 'bad decrypt', number: 0x64 },
  tooShort: { library: 'asn1', reason: 'not enough data', number: 0x8e },
} as const;

/** A private key, or a handle's. Throws as OpenSSL does. */
export function privateKeyFrom(services: CryptoServices, source: KeySource): AsymmetricKey {
  if (materialOf(source.data) !== undefined) return asymmetricOf(source.data);
  const { context } = services;
  const bytes = copyOf(source.data);
  return decoded(context, () => {
    if (source.format !== KeyFormat.der && source.format !== undefined) {
      const block = readPem(bytes).find(({ label }) => /PRIVATE KEY$/.test(label));
      if (block === undefined) throw opensslError(context, failures.unsupported);
      return privateFromPem(services, block, source);
    }
    return privateFromDer(services, bytes, source);
  });
}

/** A public key; of a private key or a certificate the public part. Throws as OpenSSL does. */
export function publicKeyFrom(services: CryptoServices, source: KeySource): AsymmetricKey {
  if (materialOf(source.data) !== undefined) return publicPart(asymmetricOf(source.data));
  const { context } = services;
  const bytes = copyOf(source.data);
  return decoded(context, () => {
    if (source.format === KeyFormat.der) {
      if (source.type === KeyEncoding.spki) return spkiOrFailure(context, bytes);
      if (source.type === KeyEncoding.pkcs1 && isPkcs1Public(bytes)) return readPkcs1Public(bytes);
      return publicPart(privateFromDer(services, bytes, source));
    }
    for (const block of readPem(bytes)) {
      if (block.label === 'PUBLIC KEY') return readSpki(block.content);
      if (block.label === 'RSA PUBLIC KEY') return readPkcs1Public(block.content);
      if (/^(X509 |TRUSTED )?CERTIFICATE$/.test(block.label)) return keyOfCertificate(block.content);
      if (/PRIVATE KEY$/.test(block.label)) return publicPart(privateFromPem(services, block, source));
    }
    throw opensslError(context, failures.unsupported);
  });
}

function spkiOrFailure(context: ProcessContext, bytes: Uint8Array): AsymmetricKey {
  try {
    return readSpki(bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw nativeError(context, { message: 'Failed to read asymmetric key' });
  }
}

/** A public key has two numbers; a private key begins with its version. */
function isPkcs1Public(bytes: Uint8Array): boolean {
  const reader = new DerReader(bytes).sequence();
  return reader.integer() > 1n;
}

/** The SubjectPublicKeyInfo of a certificate (RFC 5280). */
function keyOfCertificate(bytes: Uint8Array): AsymmetricKey {
  const body = new DerReader(bytes).sequence().sequence();
  body.optional(0xa0);
  for (let field = 0; field < 5; field++) body.any();
  return readSpki(body.any().whole);
}

function privateFromPem(services: CryptoServices, block: PemBlock, source: KeySource): AsymmetricKey {
  const { context } = services;
  let { content } = block as { content: Uint8Array };
  const info = block.headers.get('DEK-Info');
  if (info !== undefined) content = decryptTraditional(content, passphraseOf(context, source), info, services);
  switch (block.label) {
    case 'ENCRYPTED PRIVATE KEY':
      return readPkcs8(decryptPkcs8(content, passphraseOf(context, source), services));
    case 'RSA PRIVATE KEY':
      return readPkcs1(content);
    case 'EC PRIVATE KEY':
      return readSec1(content);
    case 'DSA PRIVATE KEY':
      return readDsa(content);
    default:
      return readPkcs8(content);
  }
}

function privateFromDer(services: CryptoServices, bytes: Uint8Array, source: KeySource): AsymmetricKey {
  const { context } = services;
  if (source.type === KeyEncoding.pkcs1) return derOrFailure(context, () => readPkcs1(bytes));
  if (source.type === KeyEncoding.sec1) return derOrFailure(context, () => readSec1(bytes));
  return derOrFailure(context, () => {
    const reader = new DerReader(bytes).sequence();
    // An encrypted key begins with an algorithm, another one with its version.
    if (reader.nextTag === 0x30) {
      if (source.passphrase === undefined || source.passphrase === null) throw missingPassphrase(context);
      return readPkcs8(decryptPkcs8(bytes, passphraseOf(context, source), services));
    }
    return readPkcs8(bytes);
  });
}

function missingPassphrase(context: ProcessContext): Error {
  return nativeError(context, {
    kind: 'TypeError',
    message: 'Passphrase required for encrypted key',
    code: 'ERR_MISSING_PASSPHRASE',
  });
}

function derOrFailure(context: ProcessContext, read: () => AsymmetricKey): AsymmetricKey {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw opensslError(context, /^too/.test(error.message) ? failures.tooShort : failures.unsupported);
  }
}

function passphraseOf(context: ProcessContext, { passphrase }: KeySource): Uint8Array {
  const bytes = passphrase === undefined || passphrase === null ? null : bytesOf(passphrase);
  if (bytes === null || bytes.length > MAX_PASSPHRASE) throw opensslError(context, failures.interrupted);
  return bytes;
}

function decoded(context: ProcessContext, read: () => AsymmetricKey): AsymmetricKey {
  try {
    return read();
  } catch (error) {
    if (error instanceof CipherFailure) throw opensslError(context, failures.badDecrypt);
    if (error instanceof DerError || error instanceof UnknownAlgorithm) {
      throw opensslError(context, failures.unsupported);
    }
    throw error;
  }
}

/** How a key is to be written. Without a format there is nothing to write. */
export interface KeyTarget {
  format: number;
  type: number;
  cipher?: unknown;
  passphrase?: unknown;
}

export function writePublicKey(services: CryptoServices, key: AsymmetricKey, { format, type }: KeyTarget): unknown {
  const isPkcs1 = type === KeyEncoding.pkcs1 && (key.type === 'rsa' || key.type === 'rsa-pss');
  const bytes = isPkcs1 ? writePkcs1Public(key) : writeSpki(key);
  if (format === KeyFormat.pem) return writePem(isPkcs1 ? 'RSA PUBLIC KEY' : 'PUBLIC KEY', bytes);
  return services.text.write(bytes);
}

export function writePrivateKey(services: CryptoServices, key: AsymmetricKey, target: KeyTarget): unknown {
  const { context, text } = services;
  const { label, bytes } = privateEncoding(key, target.type);
  const isPem = target.format === KeyFormat.pem;
  if (target.cipher === undefined || target.cipher === null) return isPem ? writePem(label, bytes) : text.write(bytes);
  const cipher = findCipher(String(target.cipher));
  if (cipher === undefined) {
    throw nativeError(context, { message: 'Unknown cipher', code: 'ERR_CRYPTO_UNKNOWN_CIPHER' });
  }
  if (!canEncryptKeys(cipher)) {
    throw opensslError(context, { library: 'evp', reason: 'cipher parameter error', number: 0x7a });
  }
  const passphrase = bytesOf(target.passphrase);
  if (label === 'PRIVATE KEY') {
    const encrypted = encryptPkcs8(bytes, passphrase, cipher, services);
    return isPem ? writePem('ENCRYPTED PRIVATE KEY', encrypted) : text.write(encrypted);
  }
  const { headers, content } = encryptTraditional(bytes, passphrase, cipher, services);
  return writePem(label, content, headers);
}

function privateEncoding(key: AsymmetricKey, type: number): { label: string; bytes: Uint8Array } {
  if (type === KeyEncoding.pkcs1 && key.type === 'rsa') return { label: 'RSA PRIVATE KEY', bytes: writePkcs1(key) };
  if (type === KeyEncoding.sec1 && key.type === 'ec') return { label: 'EC PRIVATE KEY', bytes: writeSec1(key) };
  if (type === KeyEncoding.pkcs1 && key.type === 'dsa') return { label: 'DSA PRIVATE KEY', bytes: writeDsa(key) };
  return { label: 'PRIVATE KEY', bytes: writePkcs8(key) };
}
