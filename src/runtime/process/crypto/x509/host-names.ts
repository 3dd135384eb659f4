/** Whether a certificate is for a host, an address or a mailbox (RFC 6125, as X509_check_host has it). */
import type { Certificate } from './certificate.ts';
import { subjectAltNames } from './extensions.ts';

const COMMON_NAME = '2.5.4.3';
const EMAIL = '1.2.840.113549.1.9.1';
/** OpenSSL's flags. */
const Flag = {
  alwaysSubject: 0x1,
  noWildcards: 0x2,
  noPartialWildcards: 0x4,
  multiLabel: 0x8,
  singleLabel: 0x10,
  neverSubject: 0x20,
} as const;

const attributes = ({ subject }: Certificate, oid: string): string[] =>
  subject.parts
    .flat()
    .filter((one) => one.oid === oid)
    .map(({ text }) => text);

/** The name in the certificate that is the host's; undefined when there is none. */
export function matchHost(certificate: Certificate, host: string, flags: number): string | undefined {
  const names = subjectAltNames(certificate)?.flatMap((name) => (name.kind === 'dns' ? [name.text] : [])) ?? [];
  const found = names.find((name) => isHost(name, host, flags));
  if (found !== undefined || !mayUseSubject(names.length > 0, flags)) return found;
  return attributes(certificate, COMMON_NAME).find((name) => isHost(name, host, flags));
}

export function matchEmail(certificate: Certificate, email: string, flags: number): boolean {
  const names = subjectAltNames(certificate)?.flatMap((name) => (name.kind === 'email' ? [name.text] : [])) ?? [];
  if (names.some((name) => sameEmail(name, email))) return true;
  if (!mayUseSubject(names.length > 0, flags)) return false;
  return attributes(certificate, EMAIL).some((name) => sameEmail(name, email));
}

export function matchAddress(certificate: Certificate, address: Uint8Array): boolean {
  return (
    subjectAltNames(certificate)?.some(
      (name) =>
        name.kind === 'ip' && name.bytes.length === address.length && name.bytes.every((b, i) => b === address[i]),
    ) ?? false
  );
}

function mayUseSubject(hasNames: boolean, flags: number): boolean {
  if ((flags & Flag.neverSubject) !== 0) return false;
  return !hasNames || (flags & Flag.alwaysSubject) !== 0;
}

/** What is in front of the last @ counts exactly, the domain does not. */
function sameEmail(left: string, right: string): boolean {
  const [a, b] = [left.lastIndexOf('@'), right.lastIndexOf('@')];
  return left.slice(0, a) === right.slice(0, b) && left.slice(a).toLowerCase() === right.slice(b).toLowerCase();
}

function isHost(pattern: string, host: string, flags: number): boolean {
  const [wanted, name] = [pattern.toLowerCase(), host.toLowerCase()];
  // ".example.com" asks for any host below it.
  if (name.startsWith('.') && name.length > 1) {
    const front = wanted.slice(0, -name.length);
    return wanted.endsWith(name) && ((flags & Flag.singleLabel) === 0 || !front.includes('.'));
  }
  if (wanted === name) return true;
  return (flags & Flag.noWildcards) === 0 && matchesWildcard(wanted, name, flags);
}

function matchesWildcard(pattern: string, host: string, flags: number): boolean {
  const star = pattern.indexOf('*');
  const firstDot = pattern.indexOf('.');
  if (star < 0 || pattern.includes('*', star + 1) || firstDot < star) return false;
  // At least two labels stand behind the one with the star.
  if (pattern.slice(firstDot + 1).split('.').length < 2) return false;
  const [prefix, suffix] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const isWhole = prefix === '' && suffix.startsWith('.');
  if (!isWhole && ((flags & Flag.noPartialWildcards) !== 0 || pattern.slice(0, firstDot).startsWith('xn--')))
    return false;
  if (host.length < prefix.length + suffix.length || !host.startsWith(prefix) || !host.endsWith(suffix)) return false;
  const middle = host.slice(prefix.length, host.length - suffix.length);
  if (isWhole && middle === '') return false;
  if (!isWhole && host.startsWith('xn--')) return false;
  return /^[a-z0-9-]*$/.test(middle) || (isWhole && (flags & Flag.multiLabel) !== 0 && /^[a-z0-9.-]*$/.test(middle));
}

/** The bytes of an IP address; null for what is none. */
export function addressBytes(ip: string): Uint8Array | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(ip)) {
    const parts = ip.split('.').map(Number);
    return parts.every((part) => part < 256) ? Uint8Array.from(parts) : null;
  }
  if (!/^[0-9a-f:]+$/i.test(ip) || !ip.includes(':')) return null;
  const [front = '', back] = ip.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [left, right] = [groups(front), groups(back ?? '')];
  const missing = 8 - left.length - right.length;
  if (back === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (all.some((group) => group.length === 0 || group.length > 4)) return null;
  return Uint8Array.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]));
}
