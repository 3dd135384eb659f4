/** The extensions of certificates that are looked at (RFC 5280, section 4.2). */
import { decodeLatin1 } from '../../streams/text.ts';
import { type DerElement, DerReader, readDer, Tag } from '../keys/der.ts';
import type { Certificate } from './certificate.ts';
import { type Name, readName } from './names.ts';

const OID = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  infoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

const contentOf = ({ extensions }: Certificate, oid: string): Uint8Array | null => extensions.get(oid)?.value ?? null;

export interface BasicConstraints {
  isAuthority: boolean;
  /** Authorities that may follow below. */
  pathLength: number | null;
}

/** null where the certificate does not say. */
export function basicConstraints(certificate: Certificate): BasicConstraints | null {
  const value = contentOf(certificate, OID.basicConstraints);
  if (value === null) return null;
  const reader = new DerReader(value).sequence();
  const isAuthority = (reader.optional(Tag.boolean)?.[0] ?? 0) !== 0;
  return { isAuthority, pathLength: reader.atEnd ? null : Number(reader.integer()) };
}

export const KeyUsage = { digitalSignature: 0, keyEncipherment: 2, keyAgreement: 4, certSign: 5, crlSign: 6 } as const;

/** Whether the key may be used so; a certificate that does not say allows all. */
export function allowsUse(certificate: Certificate, use: number): boolean {
  const value = contentOf(certificate, OID.keyUsage);
  if (value === null) return true;
  const bits = new DerReader(value).bits();
  return (((bits[use >> 3] ?? 0) << (use & 7)) & 0x80) !== 0;
}
export const saysKeyUsage = (certificate: Certificate): boolean => certificate.extensions.has(OID.keyUsage);

/** Object identifiers; null where the certificate does not say. */
export function extendedKeyUsage(certificate: Certificate): string[] | null {
  const value = contentOf(certificate, OID.extendedKeyUsage);
  if (value === null) return null;
  const reader = new DerReader(value).sequence();
  const purposes: string[] = [];
  while (!reader.atEnd) purposes.push(reader.oid());
  return purposes;
}

export function subjectKeyId(certificate: Certificate): Uint8Array | null {
  const value = contentOf(certificate, OID.subjectKeyId);
  return value === null ? null : new DerReader(value).octets();
}

const KEY_ID = 0x80;
const ISSUER = 0xa1;
const SERIAL = 0x82;
const DIRECTORY_NAME = 0xa4;

export interface AuthorityKeyId {
  keyId: Uint8Array | null;
  /** Of the issuer's own certificate. */
  issuer: Name | null;
  serial: Uint8Array | null;
}

export function authorityKeyId(certificate: Certificate): AuthorityKeyId | null {
  const value = contentOf(certificate, OID.authorityKeyId);
  if (value === null) return null;
  const reader = new DerReader(value).sequence();
  const keyId = reader.optional(KEY_ID);
  const names = reader.optional(ISSUER);
  const serial = reader.optional(SERIAL);
  const name = names === null ? null : new DerReader(names).optional(DIRECTORY_NAME);
  return { keyId, issuer: name === null ? null : readName(name), serial };
}

/** One of the kinds of names that stand beside the subject. */
export type GeneralName =
  | { kind: 'email' | 'dns' | 'uri'; text: string }
  | { kind: 'ip'; bytes: Uint8Array }
  | { kind: 'directory'; name: Name }
  | { kind: 'registered'; oid: string }
  | { kind: 'other'; label: 'othername' | 'X400Name' | 'EdiPartyName'; content: Uint8Array };

/** The identifier and the value of a name that has no tag of its own. */
export function readOtherName(content: Uint8Array): { oid: string; value: DerElement } {
  const reader = new DerReader(content);
  return { oid: reader.oid(), value: readDer(reader.expect(0xa0)) };
}

export function readGeneralName(reader: DerReader): GeneralName {
  const { tag, content, whole } = reader.any();
  switch (tag) {
    case 0x81:
      return { kind: 'email', text: decodeLatin1(content) };
    case 0x82:
      return { kind: 'dns', text: decodeLatin1(content) };
    case 0x86:
      return { kind: 'uri', text: decodeLatin1(content) };
    case 0x87:
      return { kind: 'ip', bytes: content };
    case DIRECTORY_NAME:
      return { kind: 'directory', name: readName(content) };
    case 0x88: {
      // The tag stands in place of that of an object identifier.
      const oid = Uint8Array.from(whole);
      oid[0] = Tag.oid;
      return { kind: 'registered', oid: new DerReader(oid).oid() };
    }
    case 0xa3:
      return { kind: 'other', label: 'X400Name', content };
    case 0xa5:
      return { kind: 'other', label: 'EdiPartyName', content };
    default:
      return { kind: 'other', label: 'othername', content };
  }
}

/** null where there is no such extension. */
export function subjectAltNames(certificate: Certificate): GeneralName[] | null {
  const value = contentOf(certificate, OID.subjectAltName);
  if (value === null) return null;
  const reader = new DerReader(value).sequence();
  const names: GeneralName[] = [];
  while (!reader.atEnd) names.push(readGeneralName(reader));
  return names;
}

export interface InfoAccess {
  method: string;
  location: GeneralName;
}

export function infoAccess(certificate: Certificate): InfoAccess[] | null {
  const value = contentOf(certificate, OID.infoAccess);
  if (value === null) return null;
  const reader = new DerReader(value).sequence();
  const entries: InfoAccess[] = [];
  while (!reader.atEnd) {
    const entry = reader.sequence();
    entries.push({ method: entry.oid(), location: readGeneralName(entry) });
  }
  return entries;
}

export interface Subtree {
  base: GeneralName;
  /** How far below names have to lie, which nobody uses. */
  hasDistance: boolean;
}

export interface NameConstraints {
  permitted: Subtree[];
  excluded: Subtree[];
}

export function nameConstraints(certificate: Certificate): NameConstraints | null {
  const value = contentOf(certificate, OID.nameConstraints);
  if (value === null) return null;
  const reader = new DerReader(value).sequence();
  return { permitted: readSubtrees(reader.optional(0xa0)), excluded: readSubtrees(reader.optional(0xa1)) };
}

function readSubtrees(content: Uint8Array | null): Subtree[] {
  const list = new DerReader(content ?? new Uint8Array(0));
  const subtrees: Subtree[] = [];
  while (!list.atEnd) {
    const subtree = list.sequence();
    const base = readGeneralName(subtree);
    const least = subtree.optional(0x80);
    subtrees.push({ base, hasDistance: !subtree.atEnd || least?.some((byte) => byte !== 0) === true });
  }
  return subtrees;
}

/** Those that OpenSSL looks at, or passes over knowingly. */
const HANDLED: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.extendedKeyUsage,
  OID.nameConstraints,
  // Policies, their mappings and constraints; where revocation lists are; Netscape's type; OCSP without a check; proxies.
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.54',
  '2.16.840.1.113730.1.1',
  '1.3.6.1.5.5.7.48.1.5',
  '1.3.6.1.5.5.7.1.14',
]);

/** Whether it has an extension that must not be passed over, and is. */
export const hasUnhandledExtension = ({ extensions }: Certificate): boolean =>
  [...extensions].some(([oid, { isCritical }]) => isCritical && !HANDLED.has(oid));
