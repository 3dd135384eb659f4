/** Puts text into an HTML document that streams by, in front of all of it that can hold a script, and hides a name in the rest. */
import { Transform } from 'node:stream';
import { nameHider } from './hidden-name.ts';

/** No document has more in front of its doctype. */
const MAX_PROLOGUE = 64 * 1024;
/** Blanks and comments as a browser reads them: a comment ends with the first of its ends, `<!-->` is a whole one, and `<!x>`, too. */
const GAP = /\s+|<!--(?:-?>|[\s\S]*?--!?>)|<!(?!--|doctype)[^>]*>|<\?[^>]*>/iy;
const DOCTYPE = /<!doctype[^>]*>/iy;
/** Text, or an element: no doctype comes any more. */
const CONTENT = /[^<\s]|<[^!?]/y;

/** All charsets but UTF-16 write plain letters as ASCII; as Latin-1 a character is a byte. */
type Units = 'latin1' | 'utf16le' | 'utf16be';

/** `charset` as a browser is told it, by its name in the Encoding Standard. */
export function injector(text: string, charset = 'utf-8'): Transform {
  let held = Buffer.alloc(0);
  let place: ((chunk: Buffer) => Buffer) | null = null;
  /** null while more of the document is needed. */
  const placeIn = (isWhole: boolean): Buffer | null => {
    if (!isWhole && held.length < 3) return null;
    const mark = byteOrderMark(held);
    const units = mark?.units ?? unitsOf(charset);
    const document = decode(held.subarray(mark?.length ?? 0), units);
    const end = endOfDoctype(document);
    if (end === null && !isWhole) return null;
    const hide = nameHider();
    const head = hide(document.slice(0, end ?? 0));
    const body = hide(document.slice(end ?? 0));
    const oddByte = held.subarray((mark?.length ?? 0) + encode(document, units).length);
    place = hiderOfBytes(hide, { units, oddByte });
    return Buffer.concat([
      held.subarray(0, mark?.length ?? 0),
      encode(head, units),
      encodeText(text, units),
      encode(body, units),
    ]);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (place) return done(null, place(chunk));
      held = Buffer.concat([held, chunk]);
      done(null, placeIn(held.length > MAX_PROLOGUE));
    },
    flush(done) {
      done(null, place ? null : placeIn(true));
    },
  });
}

function hiderOfBytes(
  hide: (text: string) => string,
  { units, oddByte }: { units: Units; oddByte: Buffer },
): (chunk: Buffer) => Buffer {
  let rest = oddByte;
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const text = decode(bytes, units);
    const whole = units === 'latin1' ? bytes.length : bytes.length & ~1;
    rest = bytes.subarray(whole);
    return encode(hide(text), units);
  };
}

/** Behind it, or the document would be shown in another mode; 0 when there is none, null while that is not known. */
function endOfDoctype(document: string): number | null {
  let at = 0;
  // One by one: tried as a whole, a comment would be read on to a later end.
  for (let next = endOfMatch(GAP, document, at); next > at; next = endOfMatch(GAP, document, at)) at = next;
  const end = endOfMatch(DOCTYPE, document, at);
  if (end > at) return end;
  return endOfMatch(CONTENT, document, at) > at ? 0 : null;
}

/** Where a match that begins at `at` ends; `at` when there is none. */
function endOfMatch(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** It counts for more than a header. */
function byteOrderMark([first, second, third]: Buffer): { units: Units; length: number } | null {
  if (first === 0xff && second === 0xfe) return { units: 'utf16le', length: 2 };
  if (first === 0xfe && second === 0xff) return { units: 'utf16be', length: 2 };
  return first === 0xef && second === 0xbb && third === 0xbf ? { units: 'latin1', length: 3 } : null;
}

function unitsOf(charset: string): Units {
  if (charset === 'utf-16be') return 'utf16be';
  return charset === 'utf-16le' ? 'utf16le' : 'latin1';
}

function decode(bytes: Buffer, units: Units): string {
  if (units === 'latin1') return bytes.toString(units);
  const whole = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return (units === 'utf16be' ? whole.swap16() : whole).toString('utf16le');
}

function encode(text: string, units: Units): Buffer {
  const bytes = Buffer.from(text, units === 'utf16be' ? 'utf16le' : units);
  return units === 'utf16be' ? bytes.swap16() : bytes;
}

/** Text of ours: UTF-8 where the document's characters are bytes. */
function encodeText(text: string, units: Units): Buffer {
  return units === 'latin1' ? Buffer.from(text) : encode(text, units);
}
