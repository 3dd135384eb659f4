/** Distinguished names (RFC 5280, section 4.1.2.4). */
import { decodeLatin1 } from '../../streams/text.ts';
import { DerReader, Tag } from '../keys/der.ts';

export interface NameAttribute {
  oid: string;
  /** The type of string that the value is. */
  tag: number;
  text: string;
}

export interface Name {
  /** In DER. */
  raw: Uint8Array;
  /** Sets of attributes, mostly of one each. */
  parts: readonly (readonly NameAttribute[])[];
  /** Equal names have equal keys: case and runs of spaces do not count. */
  key: string;
}

/** OpenSSL's short names. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.41': 'name',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'initials',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
};

export const shortName = (oid: string): string => SHORT_NAMES[oid] ?? oid;

/** Throws DerError for what is none. */
export function readName(raw: Uint8Array): Name {
  const sets = new DerReader(raw).sequence();
  const parts: NameAttribute[][] = [];
  while (!sets.atEnd) {
    const set = new DerReader(sets.expect(Tag.set));
    const attributes: NameAttribute[] = [];
    while (!set.atEnd) {
      const attribute = set.sequence();
      const oid = attribute.oid();
      const { tag, content } = attribute.any();
      attributes.push({ oid, tag, text: decodeText(tag, content) });
    }
    parts.push(attributes);
  }
  const key = parts.map((set) => set.map(({ oid, text }) => `${oid}=${canonical(text)}`).join('\t')).join('\n');
  return { raw: raw.slice(), parts, key };
}

/** As OpenSSL compares texts: neither case nor runs of spaces count, both of ASCII. */
const canonical = (text: string): string =>
  text
    .replace(/[\t-\r ]+/g, ' ')
    .replace(/^ | $/g, '')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Whether the name begins with all the parts of the other. */
export const isNameBelow = (name: Name, above: Name): boolean =>
  above.parts.length === 0 || `${name.key}\n`.startsWith(`${above.key}\n`);

const BMP_STRING = 0x1e;
const UNIVERSAL_STRING = 0x1c;

/** The text of any of ASN.1's types of strings. */
export function decodeText(tag: number, content: Uint8Array): string {
  if (tag === Tag.utf8) return new TextDecoder().decode(content);
  if (tag !== BMP_STRING && tag !== UNIVERSAL_STRING) return decodeLatin1(content);
  const size = tag === BMP_STRING ? 2 : 4;
  let text = '';
  for (let at = 0; at + size <= content.length; at += size) {
    let unit = 0;
    for (const byte of content.subarray(at, at + size)) unit = unit * 256 + byte;
    text += String.fromCodePoint(Math.min(unit, 0x10ffff));
  }
  return text;
}
