/** What a browser finds out of the beginning of a document whose server does not say it. */
import type { Readable } from 'node:stream';

const ELEMENTS = 'html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p';
const HTML = new RegExp(String.raw`^(?:\xEF\xBB\xBF)?[\t\n\f\r ]*<(?:(?:!doctype html|${ELEMENTS})[ >]|!--)`, 'i');
/** So far a browser looks for the charset. */
const DECLARATION_BYTES = 1024;

/** The first bytes; the stream then still has them. */
export function beginningOf(stream: Readable): Promise<Buffer> {
  return new Promise((resolve) => {
    for (const event of ['error', 'end', 'close']) stream.once(event, () => resolve(Buffer.alloc(0)));
    stream.once('readable', () => {
      const chunk: Buffer | null = stream.read();
      if (chunk === null) return;
      stream.unshift(chunk);
      resolve(chunk);
    });
  });
}

/** https://mimesniff.spec.whatwg.org */
export function beginsAsHtml(beginning: Buffer): boolean {
  return HTML.test(beginning.toString('latin1'));
}

/**
 * The charset in which a browser shall read a document, by a name of the Encoding Standard. One whose letters are not plain ones
 * everywhere is taken for UTF-8: what looks for a word in the bytes would not find it.
 */
export function charsetOf(contentType: string, beginning: Buffer): string {
  const said = readable(/charset\s*=\s*["']?\s*([^\s"';,]*)/i.exec(contentType)?.[1]);
  if (said !== null) return said;
  const text = beginning.subarray(0, DECLARATION_BYTES).toString('latin1');
  const declared = readable(/<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^\s"';/>]*)/i.exec(text)?.[1]);
  // A document that could be read so far is not in UTF-16.
  return declared === null || declared.startsWith('utf-16') ? 'utf-8' : declared;
}

function readable(label: string | undefined): string | null {
  if (!label) return null;
  try {
    const { encoding } = new TextDecoder(label);
    return encoding === 'iso-2022-jp' ? 'utf-8' : encoding;
  } catch {
    // No name of a charset: a browser passes it over, too.
    return null;
  }
}
