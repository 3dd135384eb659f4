/** Files in PKCS #12 (RFC 7292): a key with its certificate, and those of authorities. */
import type { Identity } from '../../tls/engine/settings.ts';
import { CipherFailure } from '../ciphers/block-modes.ts';
import { nativeError } from '../errors.ts';
import { equalInConstantTime } from '../guest-bytes.ts';
import { hashOfOid } from '../hashes/digest-oids.ts';
import { RunningHmac } from '../hashes/digests.ts';
import type { AsymmetricKey } from '../keys/asymmetric-key.ts';
import { DerReader } from '../keys/der.ts';
import { readPkcs8 } from '../keys/key-encoding.ts';
import { decryptPkcs8, decryptWith, UnknownEncryption } from '../keys/passphrase.ts';
import { derive12, Purpose } from '../keys/pkcs12-derivation.ts';
import type { CryptoServices } from '../services.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { isKeyOf } from './certificate-handle.ts';

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
} as const;
const CONTENT = 0xa0;
const IMPLICIT_CONTENT = 0x80;

export type Pfx = Identity & { authorities: Certificate[] };

interface Bags {
  keys: AsymmetricKey[];
  certificates: Certificate[];
}

/** Throws as Node does. */
export function readPfx(services: CryptoServices, source: Uint8Array, passphrase: Uint8Array | null): Pfx {
  const { context } = services;
  const bags = readBags(services, source, passphrase ?? new Uint8Array(0));
  const [key] = bags.keys;
  const own = key === undefined ? undefined : bags.certificates.find((one) => isKeyOf(key, one));
  const failed = (message: string) => nativeError(context, { message, code: 'ERR_CRYPTO_OPERATION_FAILED' });
  if (key === undefined) throw failed('Unable to load private key from PFX data');
  if (own === undefined) throw failed('Unable to load certificate from PFX data');
  const authorities = bags.certificates.filter((one) => one !== own);
  return { key, chain: [own, ...authorities], authorities };
}

function readBags(services: CryptoServices, source: Uint8Array, passphrase: Uint8Array): Bags {
  const { context } = services;
  try {
    const content = authenticated(services, source, passphrase);
    if (content === null) throw nativeError(context, { message: 'mac verify failure' });
    const bags: Bags = { keys: [], certificates: [] };
    const list = new DerReader(content).sequence();
    while (!list.atEnd) readSafe(services, list.sequence(), passphrase, bags);
    return bags;
  } catch (error) {
    if (error instanceof UnknownEncryption) {
      const message = 'Unsupported PKCS12 PFX data';
      throw nativeError(context, { message, code: 'ERR_CRYPTO_UNSUPPORTED_OPERATION' });
    }
    if (error instanceof CipherFailure) throw nativeError(context, { message: 'bad decrypt' });
    if (error instanceof Error && error.message === 'mac verify failure') throw error;
    // Whatever else is wrong with the DER.
    throw nativeError(context, { message: 'not enough data' });
  }
}

/** The content, which nobody has changed; null when the passphrase is wrong. */
function authenticated({ digestNamed }: CryptoServices, source: Uint8Array, passphrase: Uint8Array): Uint8Array | null {
  const outer = new DerReader(source).sequence();
  outer.integer();
  const info = outer.sequence();
  if (info.oid() !== OID.data) throw new UnknownEncryption('signed');
  const content = new DerReader(info.expect(CONTENT)).octets();
  if (outer.atEnd) return content;
  const mac = outer.sequence();
  const expected = mac.sequence();
  const name = hashOfOid(expected.sequence().oid());
  const salt = mac.octets();
  const iterations = mac.atEnd ? 1 : Number(mac.integer());
  if (name === undefined) throw new UnknownEncryption('mac');
  const digest = digestNamed(name);
  const length = digest.outputLength;
  const key = derive12({ digest, passphrase, salt, iterations, purpose: Purpose.mac, length });
  const running = RunningHmac.begin(digest, key);
  running.update(content);
  return equalInConstantTime(running.digest(), expected.octets()) ? content : null;
}

function readSafe(services: CryptoServices, info: DerReader, passphrase: Uint8Array, bags: Bags): void {
  const oid = info.oid();
  const content = new DerReader(info.expect(CONTENT));
  if (oid === OID.data) {
    readContents(services, content.octets(), passphrase, bags);
    return;
  }
  if (oid !== OID.encryptedData) throw new UnknownEncryption(oid);
  const encrypted = content.sequence();
  encrypted.integer();
  const inner = encrypted.sequence();
  inner.oid();
  const algorithm = inner.sequence();
  const plain = decryptWith(algorithm, inner.expect(IMPLICIT_CONTENT), passphrase, services);
  readContents(services, plain, passphrase, bags);
}

function readContents(services: CryptoServices, bytes: Uint8Array, passphrase: Uint8Array, bags: Bags): void {
  const list = new DerReader(bytes).sequence();
  while (!list.atEnd) {
    const bag = list.sequence();
    const kind = bag.oid();
    const value = bag.expect(CONTENT);
    if (kind === OID.keyBag) bags.keys.push(readPkcs8(value));
    else if (kind === OID.shroudedKeyBag) bags.keys.push(readPkcs8(decryptPkcs8(value, passphrase, services)));
    else if (kind === OID.certificateBag) {
      const certificate = new DerReader(value).sequence();
      certificate.oid();
      bags.certificates.push(readCertificate(new DerReader(certificate.expect(CONTENT)).octets()));
    }
  }
}
