/** Which names an authority may certify (RFC 5280, section 4.2.1.10), as OpenSSL judges it. */
import { Tag } from '../keys/der.ts';
import type { Certificate } from './certificate.ts';
import { isSelfIssued } from './chain.ts';
import {
  type GeneralName,
  type NameConstraints,
  nameConstraints,
  readOtherName,
  type Subtree,
  subjectAltNames,
} from './extensions.ts';
import { isNameBelow, type NameAttribute } from './names.ts';
import { VerifyResult } from './verify-results.ts';

const COMMON_NAME = '2.5.4.3';
const EMAIL = '1.2.840.113549.1.9.1';
/** A mailbox whose local part is not of ASCII (RFC 8398). */
const UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';
/** More comparisons than this are not made. */
const MOST_COMPARISONS = 1 << 20;

/** OpenSSL's numbers of where a certificate is not within what those above it allow. */
export function* checkNameConstraints(chain: readonly Certificate[]): Generator<number, void, void> {
  for (const [i, certificate] of [...chain.entries()].reverse()) {
    if (i > 0 && isSelfIssued(certificate)) continue;
    for (const above of chain.slice(i + 1).reverse()) {
      const constraints = nameConstraints(above);
      const problem = constraints === null ? 0 : judge(certificate, constraints, i === 0);
      if (problem !== 0) yield problem;
    }
  }
}

function judge(certificate: Certificate, constraints: NameConstraints, isOwn: boolean): number {
  const altNames = subjectAltNames(certificate) ?? [];
  const attributes = certificate.subject.parts.flat();
  const size = constraints.permitted.length + constraints.excluded.length;
  if (size * (altNames.length + attributes.length) > MOST_COMPARISONS) return VerifyResult.unspecified;
  const emails = attributes.filter(({ oid }) => oid === EMAIL);
  const names: GeneralName[] = [];
  if (attributes.length > 0) names.push({ kind: 'directory', name: certificate.subject });
  for (const { tag, text } of emails) {
    if (tag !== Tag.ia5) return VerifyResult.unsupportedNameSyntax;
    names.push({ kind: 'email', text });
  }
  names.push(...altNames);
  // Hosts were once named in the subject alone.
  if (isOwn && !altNames.some(({ kind }) => kind === 'dns')) {
    const hosts = hostsOf(attributes);
    if (hosts === null) return firstProblem(names, constraints) || VerifyResult.unsupportedNameSyntax;
    names.push(...hosts);
  }
  return firstProblem(names, constraints);
}

function firstProblem(names: readonly GeneralName[], constraints: NameConstraints): number {
  for (const name of names) {
    const problem = judgeName(name, constraints);
    if (problem !== 0) return problem;
  }
  return 0;
}

/** The common names that look like hosts of two labels or more; null where one has a zero in it. */
function hostsOf(attributes: readonly NameAttribute[]): GeneralName[] | null {
  const texts = attributes.filter(({ oid }) => oid === COMMON_NAME).map(({ text }) => text.replace(/\0+$/, ''));
  if (texts.some((text) => text.includes('\0'))) return null;
  const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?';
  const host = new RegExp(`^${label}(?:\\.${label})+$`);
  return texts.filter((text) => host.test(text)).map((text) => ({ kind: 'dns', text }));
}

/** Where there are permitted names of this kind it is below one of them; and below none of the excluded ones. */
function judgeName(name: GeneralName, { permitted, excluded }: NameConstraints): number {
  const kind = kindOf(name);
  let isPermitted: boolean | null = null;
  for (const subtree of permitted.filter(({ base }) => kindOf(base) === kind)) {
    if (subtree.hasDistance) return VerifyResult.subtreeDistance;
    if (isPermitted === true) continue;
    const match = matches(name, subtree);
    if (typeof match === 'number') return match;
    isPermitted = match;
  }
  if (isPermitted === false) return VerifyResult.permittedViolation;
  for (const subtree of excluded.filter(({ base }) => kindOf(base) === kind)) {
    if (subtree.hasDistance) return VerifyResult.subtreeDistance;
    const match = matches(name, subtree);
    if (match !== false) return match === true ? VerifyResult.excludedViolation : match;
  }
  return 0;
}

/** Names are compared with bases of their own kind. */
function kindOf(name: GeneralName): string {
  if (name.kind !== 'other') return name.kind;
  if (name.label !== 'othername') return name.label;
  const { oid } = readOtherName(name.content);
  return oid === UTF8_MAILBOX ? 'email' : oid;
}

/** A number where OpenSSL does not know such names, or this one is not as it should be. */
function matches(name: GeneralName, { base }: Subtree): boolean | number {
  switch (name.kind) {
    case 'directory':
      return base.kind === 'directory' && isNameBelow(name.name, base.name);
    case 'ip':
      return base.kind === 'ip' && isInNetwork(name.bytes, base.bytes);
    case 'dns':
      return base.kind === 'dns' && isHostBelow(name.text.toLowerCase(), base.text.toLowerCase());
    case 'uri':
      return base.kind === 'uri' && matchesUri(name.text, base.text.toLowerCase());
    case 'email':
      return base.kind === 'email' && matchesEmail(name.text, base.text);
    case 'other':
      return base.kind === 'email' ? matchesMailbox(name.content, base.text) : VerifyResult.unsupportedConstraint;
    case 'registered':
      return VerifyResult.unsupportedConstraint;
  }
}

/** The base is an address with its mask behind it. */
function isInNetwork(address: Uint8Array, base: Uint8Array): boolean | number {
  const sizes = [4, 16];
  if (!sizes.includes(address.length) || !sizes.includes(base.length / 2)) return VerifyResult.unsupportedNameSyntax;
  if (base.length !== 2 * address.length) return false;
  return address.every((byte, i) => ((byte ^ (base[i] ?? 0)) & (base[address.length + i] ?? 0)) === 0);
}

function isHostBelow(host: string, base: string): boolean {
  if (base === '' || host === base) return true;
  return host.endsWith(base.startsWith('.') ? base : `.${base}`);
}

function matchesUri(uri: string, base: string): boolean | number {
  const [, authority] = /^[^:]*:\/\/([^/?#]*)/.exec(uri) ?? [];
  if (authority === undefined) return VerifyResult.unsupportedNameSyntax;
  const [host = ''] = authority
    .slice(authority.lastIndexOf('@') + 1)
    .toLowerCase()
    .split(':');
  return base.startsWith('.') ? host.length > base.length && host.endsWith(base) : host === base;
}

/** The base is a mailbox, a host, or with a dot in front all hosts below it. */
function matchesEmail(email: string, base: string): boolean | number {
  const at = email.lastIndexOf('@');
  if (at < 0) return VerifyResult.unsupportedNameSyntax;
  const [local, host] = [email.slice(0, at), email.slice(at + 1).toLowerCase()];
  const baseAt = base.lastIndexOf('@');
  if (baseAt < 0 && base.startsWith('.')) {
    return email.length > base.length && email.toLowerCase().endsWith(base.toLowerCase());
  }
  if (baseAt > 0) {
    const wanted = base.slice(0, baseAt);
    if (wanted.length !== local.length) return false;
    if (wanted.includes('\0') || local.includes('\0')) return VerifyResult.unsupportedNameSyntax;
    if (wanted !== local) return false;
  }
  return host === base.slice(baseAt + 1).toLowerCase();
}

/** Hosts that are not of ASCII would have to be compared in another form. */
function matchesMailbox(content: Uint8Array, base: string): boolean | number {
  const { value } = readOtherName(content);
  const text = new TextDecoder().decode(value.content);
  const host = text.slice(text.lastIndexOf('@') + 1);
  if (value.tag !== Tag.utf8 || !text.includes('@') || !/^[\x20-\x7e]+$/.test(host)) {
    return VerifyResult.unsupportedNameSyntax;
  }
  return matchesEmail(text, base.slice(base.lastIndexOf('@') + 1));
}
