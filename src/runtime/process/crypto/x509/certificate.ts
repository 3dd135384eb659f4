/** Certificates as values (RFC 5280). */
import { DerError, DerReader, readDer, Tag } from '../keys/der.ts';
import { type Name, readName } from './names.ts';

export interface CertificateExtension {
  isCritical: boolean;
  value: Uint8Array;
}

export interface Certificate {
  /** The whole certificate in DER. */
  raw: Uint8Array;
  /** What is signed. */
  signed: Uint8Array;
  /** 1, 2 or 3. */
  version: number;
  /** Content of the integer. */
  serial: Uint8Array;
  issuer: Name;
  subject: Name;
  /** Milliseconds since 1970. */
  notBefore: number;
  notAfter: number;
  /** SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array;
  signature: SignatureOf;
  /** By their object identifiers, in order. */
  extensions: ReadonlyMap<string, CertificateExtension>;
}

export interface SignatureOf {
  /** The whole identifier of the algorithm, in DER. */
  algorithm: Uint8Array;
  oid: string;
  /** Of the algorithm, in DER; null when there are none. */
  parameters: Uint8Array | null;
  bytes: Uint8Array;
}

const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const ISSUER_ID = 0x81;
const SUBJECT_ID = 0x82;
const UTC_TIME = 0x17;

/** Throws DerError for what is none. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const { raw, signed, signature } = readSigned(bytes);
  const body = new DerReader(signed).sequence();
  const version = body.optional(VERSION);
  const serial = body.expect(Tag.integer);
  body.any();
  const issuer = readName(body.any().whole);
  const validity = body.sequence();
  const [notBefore, notAfter] = [readTime(validity), readTime(validity)];
  const subject = readName(body.any().whole);
  const publicKey = body.any().whole;
  body.optional(ISSUER_ID);
  body.optional(SUBJECT_ID);
  const extensions = body.optional(EXTENSIONS);
  return {
    raw,
    signed,
    version: version === null ? 1 : Number(new DerReader(version).integer()) + 1,
    serial,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    signature,
    extensions: extensions === null ? new Map() : readExtensions(extensions),
  };
}

/** What a certificate and a list of revoked ones have in common: a content, an algorithm, a signature. */
export function readSigned(bytes: Uint8Array): { raw: Uint8Array; signed: Uint8Array; signature: SignatureOf } {
  const { whole: raw, tag, content } = readDer(bytes);
  if (tag !== Tag.sequence) throw new DerError('wrong tag');
  const outer = new DerReader(content);
  const signed = outer.any().whole;
  const { whole } = outer.any();
  const algorithm = new DerReader(whole).sequence();
  const oid = algorithm.oid();
  const parameters = algorithm.atEnd ? null : algorithm.any().whole;
  const signature = { algorithm: whole, oid, parameters, bytes: outer.bits() };
  return { raw: raw.slice(), signed: signed.slice(), signature };
}

export function readExtensions(bytes: Uint8Array): Map<string, CertificateExtension> {
  const list = new DerReader(bytes).sequence();
  const extensions = new Map<string, CertificateExtension>();
  while (!list.atEnd) {
    const extension = list.sequence();
    const oid = extension.oid();
    const isCritical = (extension.optional(Tag.boolean)?.[0] ?? 0) !== 0;
    extensions.set(oid, { isCritical, value: extension.octets() });
  }
  return extensions;
}

/** UTCTime, with two digits of the year, or GeneralizedTime. */
export function readTime(reader: DerReader): number {
  const { tag, content } = reader.any();
  const text = String.fromCharCode(...content);
  const digits = tag === UTC_TIME ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') + text : text;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/.exec(digits);
  if (match === null) throw new DerError('no time');
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
