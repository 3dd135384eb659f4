/** Keys behind a passphrase: PKCS #8 with PBES2 (RFC 8018), and OpenSSL's traditional PEM encryption. */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { BlockMode, type RunningCipher } from '../ciphers/block-modes.ts';
import { type CipherInfo, findCipher } from '../ciphers/ciphers.ts';
import { digestWhole, type FindDigest } from '../hashes/digests.ts';
import { DerReader, derInteger, derNull, derOctets, derOid, derSequence } from './der.ts';
import { derive12, Purpose } from './pkcs12-derivation.ts';

const OID = {
  pbes2: '1.2.840.113549.1.5.13',
  tripleDes12: '1.2.840.113549.1.12.1.3',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha1: '1.2.840.113549.2.7',
  hmacSha256: '1.2.840.113549.2.9',
} as const;
const PRF: Readonly<Record<string, string>> = {
  [OID.hmacSha1]: 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  [OID.hmacSha256]: 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const CIPHERS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.1.1': 'aes-128-ecb',
  '2.16.840.1.101.3.4.1.21': 'aes-192-ecb',
  '2.16.840.1.101.3.4.1.41': 'aes-256-ecb',
  '2.16.840.1.101.3.4.1.2': 'aes-128-cbc',
  '2.16.840.1.101.3.4.1.22': 'aes-192-cbc',
  '2.16.840.1.101.3.4.1.42': 'aes-256-cbc',
  '1.2.840.113549.3.7': 'des-ede3-cbc',
};
/** OpenSSL's choices. */
const ITERATIONS = 2048;
const SALT_BYTES = 16;
const TRADITIONAL_SALT_BYTES = 8;

export interface PassphraseTools {
  findDigest: FindDigest;
  random(length: number): Uint8Array;
}

function running(cipher: CipherInfo, key: Uint8Array, iv: Uint8Array, encrypts: boolean): RunningCipher {
  if (cipher.block === null) throw new Error('no block cipher');
  return new BlockMode({ cipher: cipher.block(key), iv, encrypts }, cipher.mode === 'cbc');
}

function whole(cipher: RunningCipher, bytes: Uint8Array): Uint8Array {
  const first = cipher.update(bytes);
  const last = cipher.final();
  const output = new Uint8Array(first.length + last.length);
  output.set(first);
  output.set(last, first.length);
  return output;
}

/** Whether the cipher can encrypt a key here: CBC, with a number of its own. */
export const canEncryptKeys = (cipher: CipherInfo): boolean => oidOf(cipher) !== undefined;

const oidOf = ({ name }: CipherInfo): string | undefined =>
  Object.keys(CIPHERS).find((oid) => CIPHERS[oid] === name.toLowerCase());

/** EncryptedPrivateKeyInfo -> PrivateKeyInfo; throws CipherFailure when the passphrase is wrong. */
export function decryptPkcs8(bytes: Uint8Array, passphrase: Uint8Array, tools: PassphraseTools): Uint8Array {
  const reader = new DerReader(bytes).sequence();
  const algorithm = reader.sequence();
  return decryptWith(algorithm, reader.octets(), passphrase, tools);
}

/** `algorithm` is that of the encryption, with its parameters. Throws CipherFailure when the passphrase is wrong. */
export function decryptWith(
  algorithm: DerReader,
  content: Uint8Array,
  passphrase: Uint8Array,
  { findDigest }: PassphraseTools,
): Uint8Array {
  const oid = algorithm.oid();
  if (oid === OID.tripleDes12) return decryptTripleDes12(algorithm.sequence(), content, passphrase, findDigest);
  if (oid !== OID.pbes2) throw new UnknownEncryption(oid);
  const parameters = algorithm.sequence();
  const derivation = parameters.sequence();
  derivation.oid();
  const kdf = derivation.sequence();
  const salt = kdf.octets();
  const iterations = Number(kdf.integer());
  if (kdf.nextTag === 2) kdf.integer();
  const prf = kdf.atEnd ? 'sha1' : (PRF[kdf.sequence().oid()] ?? '');
  const encryption = parameters.sequence();
  const cipher = findCipher(CIPHERS[encryption.oid()] ?? '');
  const hash = findDigest(prf)?.hash;
  if (cipher === undefined || !hash) throw new UnknownEncryption(prf);
  const key = pbkdf2(hash, passphrase, salt, { c: iterations, dkLen: cipher.keyLength });
  return whole(running(cipher, key, cipher.ivLength === 0 ? new Uint8Array(0) : encryption.octets(), false), content);
}

/** The encryption is none that is known here. */
export class UnknownEncryption extends Error {}

/** As PKCS #12 has it. */
function decryptTripleDes12(
  parameters: DerReader,
  content: Uint8Array,
  passphrase: Uint8Array,
  findDigest: FindDigest,
): Uint8Array {
  const salt = parameters.octets();
  const iterations = Number(parameters.integer());
  const [digest, cipher] = [findDigest('sha1'), findCipher('des-ede3-cbc')];
  if (digest === undefined || cipher === undefined) throw new UnknownEncryption('des-ede3-cbc');
  const derive = (purpose: number, length: number) =>
    derive12({ digest, passphrase, salt, iterations, purpose, length });
  const iv = derive(Purpose.iv, cipher.ivLength);
  return whole(running(cipher, derive(Purpose.key, cipher.keyLength), iv, false), content);
}

export function encryptPkcs8(bytes: Uint8Array, passphrase: Uint8Array, cipher: CipherInfo, tools: PassphraseTools) {
  const salt = tools.random(SALT_BYTES);
  const iv = tools.random(cipher.ivLength);
  const hash = tools.findDigest('sha256')?.hash;
  if (!hash) throw new Error('no sha256');
  const key = pbkdf2(hash, passphrase, salt, { c: ITERATIONS, dkLen: cipher.keyLength });
  const derivation = derSequence(
    derOid(OID.pbkdf2),
    derSequence(derOctets(salt), derInteger(ITERATIONS), derSequence(derOid(OID.hmacSha256), derNull())),
  );
  const encryption = derSequence(derOid(oidOf(cipher) ?? ''), cipher.ivLength === 0 ? derNull() : derOctets(iv));
  return derSequence(
    derSequence(derOid(OID.pbes2), derSequence(derivation, encryption)),
    derOctets(whole(running(cipher, key, iv, true), bytes)),
  );
}

/** EVP_BytesToKey with MD5 and one round. */
function traditionalKey(passphrase: Uint8Array, iv: Uint8Array, length: number, findDigest: FindDigest): Uint8Array {
  const md5 = findDigest('md5');
  if (md5 === undefined) throw new Error('no md5');
  const key: number[] = [];
  let block: Uint8Array = new Uint8Array(0);
  while (key.length < length) {
    block = digestWhole(md5, block, passphrase, iv.subarray(0, TRADITIONAL_SALT_BYTES));
    key.push(...block);
  }
  return Uint8Array.from(key.slice(0, length));
}

/** `info` is the DEK-Info header: the cipher's name and the initialization vector. */
export function decryptTraditional(bytes: Uint8Array, passphrase: Uint8Array, info: string, tools: PassphraseTools) {
  const [name = '', hex = ''] = info.split(',');
  const cipher = findCipher(name);
  if (cipher === undefined) throw new Error('unknown encryption');
  const iv = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const key = traditionalKey(passphrase, iv, cipher.keyLength, tools.findDigest);
  return whole(running(cipher, key, iv, false), bytes);
}

export function encryptTraditional(
  bytes: Uint8Array,
  passphrase: Uint8Array,
  cipher: CipherInfo,
  tools: PassphraseTools,
) {
  const iv = tools.random(cipher.ivLength);
  const key = traditionalKey(passphrase, iv, cipher.keyLength, tools.findDigest);
  const hex = [...iv].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const headers = `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher.name.toUpperCase()},${hex.toUpperCase()}\n\n`;
  return { headers, content: whole(running(cipher, key, iv, true), bytes) };
}
