/** Lists of revoked certificates (RFC 5280, section 5). */
import { decodeLatin1 } from '../../streams/text.ts';
import type { AsymmetricKey } from '../keys/asymmetric-key.ts';
import { DerReader, Tag } from '../keys/der.ts';
import { readPem } from '../keys/pem.ts';
import type { CryptoServices } from '../services.ts';
import { type Certificate, readSigned, readTime, type SignatureOf } from './certificate.ts';
import { type Name, readName } from './names.ts';
import { isSignedBy } from './signature.ts';
import { hexText } from './text.ts';
import { VerifyResult } from './verify-results.ts';

export interface RevocationList {
  signed: Uint8Array;
  signature: SignatureOf;
  issuer: Name;
  from: number;
  /** Infinity: nothing is said. */
  until: number;
  /** Serial numbers in hexadecimal. */
  revoked: ReadonlySet<string>;
}

/** Those of a text of PEM. Throws DerError for what is none. */
export function readCrls(source: Uint8Array): RevocationList[] {
  const blocks = readPem(source).filter(({ label }) => label === 'X509 CRL');
  if (blocks.length === 0) throw new TypeError(`no list of revoked certificates: ${decodeLatin1(source).slice(0, 20)}`);
  return blocks.map(({ content }) => readCrl(content));
}

function readCrl(bytes: Uint8Array): RevocationList {
  const { signed, signature } = readSigned(bytes);
  const body = new DerReader(signed).sequence();
  body.optional(Tag.integer);
  body.any();
  const issuer = readName(body.any().whole);
  const from = readTime(body);
  const hasEnd = body.nextTag === 0x17 || body.nextTag === 0x18;
  const until = hasEnd ? readTime(body) : Number.POSITIVE_INFINITY;
  const revoked = new Set<string>();
  const entries = body.optional(Tag.sequence);
  if (entries !== null) {
    const list = new DerReader(entries);
    while (!list.atEnd) revoked.add(hexText(list.sequence().expect(Tag.integer)));
  }
  return { signed, signature, issuer, from, until, revoked };
}

export interface RevocationQuestion {
  certificate: Certificate;
  issuer: Certificate;
  issuerKey: AsymmetricKey | null;
  lists: readonly RevocationList[];
  now: number;
}

/** OpenSSL's number of what the lists say; 0: the certificate stands. */
export function revocation(services: CryptoServices, question: RevocationQuestion): number {
  const { certificate, issuerKey, lists, now } = question;
  const list = lists.find(({ issuer }) => issuer.key === certificate.issuer.key);
  if (list === undefined) return VerifyResult.unableToGetCrl;
  let result = 0;
  if (issuerKey === null || !isSignedBy(services, list, issuerKey)) result = VerifyResult.wrongCrlSignature;
  if (list.from > now) result = VerifyResult.crlNotYetValid;
  else if (list.until < now) result = VerifyResult.crlExpired;
  return list.revoked.has(hexText(certificate.serial)) ? VerifyResult.revoked : result;
}
