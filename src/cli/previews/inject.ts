/** Puts text into an HTML document that streams by: in front of all of it that can hold a script. */
import { Transform } from 'node:stream';

/** No document has more in front of its doctype. */
const MAX_PROLOGUE = 64 * 1024;
/** Blanks and comments as a browser reads them: a comment ends with the first of its ends, `<!-->` is a whole one, and `<!x>`, too. */
const GAP = /\s+|<!--(?:-?>|[\s\S]*?--!?>)|<!(?!--|doctype)[^>]*>|<\?[^>]*>/iy;
const DOCTYPE = /<!doctype[^>]*>/iy;
/** Text, or an element: no doctype comes any more. */
const CONTENT = /[^<\s]|<[^!?]/y;

type Charset = 'latin1' | 'utf16le' | 'utf16be';

/** `contentType` as the answer's header says it. */
export function injector(text: string, contentType = ''): Transform {
  let held = Buffer.alloc(0);
  let placed = false;
  /** null while more of the document is needed. */
  const placeIn = (isWhole: boolean): Buffer | null => {
    if (!isWhole && held.length < 3) return null;
    const mark = byteOrderMark(held);
    const charset = mark?.charset ?? charsetOf(contentType);
    const body = held.subarray(mark?.length ?? 0);
    const document = decode(body, charset);
    const end = endOfDoctype(document);
    if (end === null && !isWhole) return null;
    placed = true;
    const at = encode(document.slice(0, end ?? 0), charset).length;
    const parts = [
      held.subarray(0, mark?.length ?? 0),
      body.subarray(0, at),
      encodeText(text, charset),
      body.subarray(at),
    ];
    return Buffer.concat(parts);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!placed) held = Buffer.concat([held, chunk]);
      done(null, placed ? chunk : placeIn(held.length > MAX_PROLOGUE));
    },
    flush(done) {
      done(null, placed ? null : placeIn(true));
    },
  });
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
function byteOrderMark([first, second, third]: Buffer): { charset: Charset; length: number } | null {
  if (first === 0xff && second === 0xfe) return { charset: 'utf16le', length: 2 };
  if (first === 0xfe && second === 0xff) return { charset: 'utf16be', length: 2 };
  return first === 0xef && second === 0xbb && third === 0xbf ? { charset: 'latin1', length: 3 } : null;
}

/** All other charsets of the web write a document's beginning as ASCII; as Latin-1 a character is a byte. */
function charsetOf(contentType: string): Charset {
  const [, name = ''] = /charset\s*=\s*["']?\s*([^\s"';,]*)/i.exec(contentType) ?? [];
  if (/^(?:utf-16be|unicodefffe)$/i.test(name)) return 'utf16be';
  return /^(?:utf-16(?:le)?|ucs-2|unicode(?:feff)?|csunicode|iso-10646-ucs-2)$/i.test(name) ? 'utf16le' : 'latin1';
}

function decode(bytes: Buffer, charset: Charset): string {
  if (charset !== 'utf16be') return bytes.toString(charset);
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

function encode(text: string, charset: Charset): Buffer {
  const bytes = Buffer.from(text, charset === 'utf16be' ? 'utf16le' : charset);
  return charset === 'utf16be' ? bytes.swap16() : bytes;
}

/** Text of ours: UTF-8 where the document's characters are bytes. */
function encodeText(text: string, charset: Charset): Buffer {
  return charset === 'latin1' ? Buffer.from(text) : encode(text, charset);
}
