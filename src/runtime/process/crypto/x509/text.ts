/** Certificates in the words of Node and OpenSSL. */
import { Tag } from '../keys/der.ts';
import type { Certificate } from './certificate.ts';
import { type GeneralName, infoAccess, readOtherName, subjectAltNames } from './extensions.ts';
import { decodeText, type Name, shortName } from './names.ts';

/** RFC 2253's escapes, as OpenSSL writes them. */
const escapeValue = (text: string): string =>
  text
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');

const escapeControls = (text: string): string =>
  text.replace(/\p{Cc}/gu, (one) => `\\${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** A line for each part. */
export const nameLines = ({ parts }: Name): string =>
  parts
    .map((set) => set.map(({ oid, text }) => `${shortName(oid)}=${escapeControls(escapeValue(text))}`).join(' + '))
    .join('\n');

/** By the short names; one that is there more often has a list. */
export function nameObject({ parts }: Name): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  for (const { oid, text } of parts.flat()) {
    const name = shortName(oid);
    const before = object[name];
    object[name] = before === undefined ? text : [...(Array.isArray(before) ? before : [before]), text];
  }
  return object;
}

/** Texts that could be taken for more than one name are written as in JSON; names in UTF-8 keep their letters. */
function safeText(text: string, isUtf8 = false): string {
  const isSafe = isUtf8 ? /^[\x20-\x7e\u0080-\uffff]*$/.test(text) : /^[\x20-\x7e]*$/.test(text);
  if (isSafe && !/[",'\\]/.test(text)) return text;
  const inner = text.replace(/["\\]|[^\x20-\x2b\x2d-\x7e]/g, (one) => {
    if (one === '"' || one === '\\') return `\\${one}`;
    return isUtf8 && one > '\x7f' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${inner}"`;
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return `<invalid length=${bytes.length}>`;
  return Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16).toUpperCase(),
  ).join(':');
}

const UNSUPPORTED = '<unsupported>';
/** Kinds of names that have no tag of their own: what they are called, and the one type of string that they are. */
const OTHER_NAMES: Readonly<Record<string, [name: string, tag: number]>> = {
  '1.3.6.1.5.5.7.8.5': ['XmppAddr', Tag.utf8],
  '1.3.6.1.5.5.7.8.7': ['SRVName', Tag.ia5],
  '1.3.6.1.5.5.7.8.8': ['NAIRealm', Tag.utf8],
  '1.3.6.1.5.5.7.8.9': ['SmtpUTF8Mailbox', Tag.utf8],
  '1.3.6.1.4.1.311.20.2.3': ['UPN', Tag.utf8],
};

function otherNameText(content: Uint8Array): string {
  const { oid, value } = readOtherName(content);
  const [name, wanted] = OTHER_NAMES[oid] ?? [];
  const { tag, content: text } = value;
  return name === undefined || tag !== wanted
    ? UNSUPPORTED
    : safeText(`${name}:${decodeText(tag, text)}`, tag === Tag.utf8);
}

function generalNameText(name: GeneralName): string {
  switch (name.kind) {
    case 'email':
      return `email:${safeText(name.text)}`;
    case 'dns':
      return `DNS:${safeText(name.text)}`;
    case 'uri':
      return `URI:${safeText(name.text)}`;
    case 'ip':
      return `IP Address:${addressText(name.bytes)}`;
    case 'registered':
      return `Registered ID:${name.oid}`;
    case 'directory': {
      const parts = [...name.name.parts].reverse();
      const text = parts.map((set) =>
        set.map(({ oid, text: value }) => `${shortName(oid)}=${escapeValue(value)}`).join('+'),
      );
      return `DirName:${safeText(text.join(','), true)}`;
    }
    case 'other':
      return `${name.label}:${name.label === 'othername' ? otherNameText(name.content) : UNSUPPORTED}`;
  }
}

export const altNameText = (certificate: Certificate): string | undefined =>
  subjectAltNames(certificate)?.map(generalNameText).join(', ');

const METHODS: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.48.1': 'OCSP',
  '1.3.6.1.5.5.7.48.2': 'CA Issuers',
};

/** A line for each entry. */
export const infoAccessText = (certificate: Certificate): string | undefined =>
  infoAccess(certificate)
    ?.map(({ method, location }) => `${METHODS[method] ?? method} - ${generalNameText(location)}`)
    .join('\n');

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** "Sep  3 21:40:37 2022 GMT" */
export function timeText(time: number): string {
  const date = new Date(time);
  const [day, clock] = date.toISOString().slice(8).split('T') as [string, string];
  return `${MONTHS[date.getUTCMonth()]} ${String(Number(day)).padStart(2)} ${clock.slice(0, 8)} ${date.getUTCFullYear()} GMT`;
}

export const hexText = (bytes: Uint8Array, separator = ''): string =>
  Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(separator);

/** Without the zeros in front; an integer with its highest bit set is negative. */
export function serialText({ serial }: Certificate): string {
  const isNegative = ((serial[0] ?? 0) & 0x80) !== 0;
  let value = serial.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  if (isNegative) value = (1n << BigInt(8 * serial.length)) - value;
  const hex = value.toString(16).toUpperCase();
  return (isNegative ? '-' : '') + (hex.length % 2 === 0 ? hex : `0${hex}`);
}
