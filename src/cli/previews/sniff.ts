/** What a browser takes for HTML where the server does not say what it sends: https://mimesniff.spec.whatwg.org. */
import type { Readable } from 'node:stream';

const ELEMENTS = 'html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p';
const HTML = new RegExp(String.raw`^(?:\xEF\xBB\xBF)?[\t\n\f\r ]*<(?:(?:!doctype html|${ELEMENTS})[ >]|!--)`, 'i');

/** Whether what the stream begins with is HTML; the stream then still has it. */
export function beginsAsHtml(stream: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    for (const event of ['error', 'end', 'close']) stream.once(event, () => resolve(false));
    stream.once('readable', () => {
      const chunk: Buffer | null = stream.read();
      if (chunk === null) return;
      stream.unshift(chunk);
      resolve(HTML.test(chunk.toString('latin1')));
    });
  });
}
