/** iconv: texts from one encoding into another. */
import { concatenate } from '../streams.ts';
import type { Utility } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';

/** What an encoding makes of a character; undefined for one that it lacks. */
type Encode = (codePoint: number) => readonly number[] | undefined;

const utf16 =
  (little: boolean): Encode =>
  (codePoint) =>
    [...String.fromCodePoint(codePoint)].flatMap((char) =>
      Array.from({ length: char.length }, (_, i) => char.charCodeAt(i)).flatMap((unit) =>
        little ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255],
      ),
    );
const utf32 =
  (little: boolean): Encode =>
  (codePoint) => {
    const bytes = [codePoint >>> 24, (codePoint >>> 16) & 255, (codePoint >>> 8) & 255, codePoint & 255];
    return little ? bytes.reverse() : bytes;
  };
const upTo =
  (most: number): Encode =>
  (codePoint) =>
    codePoint <= most ? [codePoint] : undefined;

/** The other way round of a browser's decoder for an encoding of single bytes. */
function singleBytes(label: string): Encode {
  const bytes = new Map<number, number>();
  const decoder = new TextDecoder(label);
  for (let byte = 0; byte < 256; byte += 1) {
    const codePoint = decoder.decode(Uint8Array.of(byte)).codePointAt(0);
    if (codePoint !== undefined && codePoint !== 0xfffd) bytes.set(codePoint, byte);
  }
  return (codePoint) => {
    const byte = bytes.get(codePoint);
    return byte === undefined ? undefined : [byte];
  };
}

const encoder = new TextEncoder();
const MANY_BYTES = /^(big5|euc|gb|iso2022|shiftjis|utf|replacement|xuserdefined)/;

interface Encoding {
  encode: Encode;
  /** Ahead of a text. */
  mark: readonly number[];
  /** Code points; `undefined` stands for bytes that are none, at the offset that is thrown. */
  decode: (bytes: Uint8Array) => string;
}

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z\d]/g, '')
    .replace(/^(l|latin)(\d+)$/, (_, _word: string, number: string) => `iso8859${LATIN[Number(number)] ?? number}`)
    .replace(/^(?:ansix341968|usascii|iso646us)$/, 'ascii')
    .replace(/^cp(125\d)$/, 'windows$1');
/** Parts of ISO 8859 by the number of their Latin alphabet. */
const LATIN = [0, 1, 2, 3, 4, 9, 10, 13, 14, 15, 16];

function encodingOf(name: string): Encoding | undefined {
  const plain = plainName(name);
  const bytewise = (most: number): Encoding['decode'] => {
    return (bytes) => {
      const wrong = bytes.findIndex((byte) => byte > most);
      if (wrong !== -1) throw new IllegalSequence(wrong, bytesAsText(bytes.subarray(0, wrong)));
      return bytesAsText(bytes);
    };
  };
  if (plain === 'ascii') return { encode: upTo(127), mark: [], decode: bytewise(127) };
  if (plain === 'iso88591') return { encode: upTo(255), mark: [], decode: bytewise(255) };
  if (plain === 'utf8')
    return {
      encode: (codePoint) => [...encoder.encode(String.fromCodePoint(codePoint))],
      mark: [],
      decode: decodeWith('utf-8'),
    };
  if (plain === 'utf16' || plain === 'ucs2' || plain === 'unicode')
    return {
      encode: utf16(true),
      mark: [0xff, 0xfe],
      decode: (bytes) => decodeWith(bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-16le', false)(bytes),
    };
  if (/^(utf16|ucs2)[lb]e$/.test(plain))
    return { encode: utf16(plain.endsWith('le')), mark: [], decode: decodeWith(`utf-16${plain.slice(-2)}`) };
  if (/^(utf32|ucs4)([lb]e)?$/.test(plain)) {
    const little = !plain.endsWith('be') && plain !== 'ucs4';
    return { encode: utf32(little), mark: plain === 'utf32' ? [0xff, 0xfe, 0, 0] : [], decode: decodeUtf32(little) };
  }
  const label = name
    .toLowerCase()
    .replace(/^cp(?=125\d$)/, 'windows-')
    .replace(/^(?:latin|l)(\d+)$/, (_, number: string) => `iso-8859-${LATIN[Number(number)] ?? number}`);
  for (const candidate of [
    label,
    label.replace(/_/g, '-'),
    plain.replace(/^iso8859/, 'iso-8859-').replace(/^windows/, 'windows-'),
  ]) {
    try {
      const decode = decodeWith(candidate);
      const encode: Encode = MANY_BYTES.test(plain) ? (codePoint) => upTo(127)(codePoint) : singleBytes(candidate);
      return { encode, mark: [], decode };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

class IllegalSequence extends Error {
  readonly position: number;
  /** What stands before it. */
  readonly before: string;
  /** The input ends in the middle of a character. */
  readonly incomplete: boolean;

  constructor(position: number, before: string, incomplete = false) {
    super('illegal input sequence');
    this.position = position;
    this.before = before;
    this.incomplete = incomplete;
  }
}

function bytesAsText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** Throws a RangeError for a label that is none. */
function decodeWith(label: string, ignoreBOM = true): Encoding['decode'] {
  const whole = new TextDecoder(label, { fatal: true, ignoreBOM });
  return (bytes) => {
    try {
      return whole.decode(bytes);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw illegalIn(bytes, label);
    }
  };
}

/** Where the first bytes stand that are no text: the longest beginning that is one, by halving. */
function illegalIn(bytes: Uint8Array, label: string): IllegalSequence {
  const fits = (length: number) => {
    try {
      new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false; // A decoder has no other way to say so.
    }
  };
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  const before = new TextDecoder(label, { ignoreBOM: true }).decode(bytes.subarray(0, good), { stream: true });
  const size = label === 'utf-8' ? encoder.encode(before).length : good;
  return new IllegalSequence(size, before, good === bytes.length);
}

function decodeUtf32(little: boolean): Encoding['decode'] {
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let text = '';
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const codePoint = view.getUint32(at, little);
      if (codePoint > 0x10ffff) throw new IllegalSequence(at, text);
      if (at > 0 || codePoint !== 0xfeff) text += String.fromCodePoint(codePoint);
    }
    return text;
  };
}

/** `//TRANSLIT`: what looks alike. */
const ALIKE: Readonly<Record<string, string>> = {
  '€': 'EUR',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  '“': '"',
  '”': '"',
  '„': ',,',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '...',
  '•': 'o',
  '«': '<<',
  '»': '>>',
  '©': '(C)',
  '®': '(R)',
  '™': 'TM',
  '→': '->',
  '←': '<-',
  '×': 'x',
  '\u00a0': ' ',
};

const illegalAt = (position: number) => `illegal input sequence at position ${position}`;

export const iconv: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cf:t:o:ls',
    long: { 'from-code=': 'f', 'to-code=': 't', 'output=': 'o', list: 'l', silent: 's' },
  });
  if (options.problem) {
    await context.complain(`${options.problem}\nTry \`iconv --help' or \`iconv --usage' for more information.`);
    return 64;
  }
  const [fromName = '', toName = '', ...wishes] = [
    (lastValue(options, 'f') ?? 'UTF-8').split('//')[0],
    ...(lastValue(options, 't') ?? 'UTF-8').toUpperCase().split('//'),
  ];
  const [from, to] = [encodingOf(fromName), encodingOf(toName)];
  if (!from || !to) {
    await context.complain('failed to start conversion processing: No such file or directory');
    return 1;
  }
  const chunks: Uint8Array[] = [];
  const describe = (name: string, reason: string) => `cannot open input file \`${name}': ${reason}`;
  if (
    !(await eachInput(
      context,
      { names: options.operands, describe },
      async (reader) => void chunks.push(await reader.bytes()),
    ))
  )
    return 1;
  const { text, problem } = decoded(from, concatenate(chunks), options.flags.has('c'));
  const result = encoded(to, text, {
    translit: wishes.includes('TRANSLIT'),
    leaveOut: options.flags.has('c') || wishes.includes('IGNORE'),
  });
  const file = lastValue(options, 'o');
  if (file === undefined) await context.stdout.write(result.bytes);
  else {
    const fd = context.sys.call('open', context.resolve(file), 0o1101, 0o666);
    for (let rest = result.bytes; rest.length > 0; ) rest = rest.subarray(context.sys.call('write', fd, rest, null));
    context.sys.call('close', fd);
  }
  // What `//IGNORE` leaves out is told at the end of the text.
  const told = result.left && wishes.includes('IGNORE') ? illegalAt(result.read) : undefined;
  const complaint = result.problem ?? problem ?? told;
  if (complaint !== undefined) await context.complain(complaint);
  return complaint === undefined ? 0 : 1;
};

function decoded(from: Encoding, bytes: Uint8Array, leaveOut: boolean): { text: string; problem?: string } {
  let text = '';
  for (let at = 0; ; ) {
    try {
      return { text: text + from.decode(bytes.subarray(at)) };
    } catch (error) {
      if (!(error instanceof IllegalSequence)) throw error;
      text += error.before;
      if (error.incomplete) return { text, problem: 'incomplete character or shift sequence at end of buffer' };
      if (!leaveOut) return { text, problem: illegalAt(at + error.position) };
      at += error.position + 1;
    }
  }
}

function encoded(
  to: Encoding,
  text: string,
  { translit, leaveOut }: { translit: boolean; leaveOut: boolean },
): { bytes: Uint8Array; left: boolean; read: number; problem?: string } {
  const bytes: number[] = [...to.mark];
  let left = false;
  let position = 0;
  for (const char of text) {
    const given = to.encode(char.codePointAt(0) ?? 0);
    const alike = given ?? (translit ? likeness(to, char) : undefined);
    if (alike) for (const byte of alike) bytes.push(byte);
    else if (leaveOut) left = true;
    else return { bytes: Uint8Array.from(bytes), left, read: position, problem: illegalAt(position) };
    position += encoder.encode(char).length;
  }
  return { bytes: Uint8Array.from(bytes), left, read: position };
}

function likeness(to: Encoding, char: string): number[] {
  const other = ALIKE[char] ?? char.normalize('NFKD').replace(/\p{M}/gu, '');
  const bytes = [...other].map((part) => to.encode(part.codePointAt(0) ?? 0));
  return other !== '' && bytes.every((part) => part !== undefined) ? bytes.flat() : [...(to.encode(63) ?? [])];
}
