/** Encodings by Node's numbers (`enum encoding`), in their order. */
export const ENCODINGS = ['ascii', 'utf8', 'base64', 'utf16le', 'latin1', 'hex', 'buffer', 'base64url'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const ALIASES: Record<string, Encoding> = {
  'utf-8': 'utf8',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  'utf-16le': 'utf16le',
  binary: 'latin1',
};

/** An encoding by its number or a name; what is not known means UTF-8, as in Node's `ParseEncoding`. */
export function encodingOf(value: unknown): Encoding {
  if (typeof value === 'number') return ENCODINGS[value] ?? 'utf8';
  return typeof value === 'string' ? (namedEncoding(value) ?? 'utf8') : 'utf8';
}

/** An encoding by one of its names. */
export function namedEncoding(value: string): Encoding | undefined {
  const name = value.toLowerCase();
  return ENCODINGS.find((encoding) => encoding === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined);
}
