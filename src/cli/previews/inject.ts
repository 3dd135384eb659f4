/** Puts text into an HTML document that streams by: at the start of its head, before the first script. */
import { Transform } from 'node:stream';

/** No document has more in front of its head. */
const MAX_PROLOGUE = 64 * 1024;
/** Blanks and comments. */
const GAP = String.raw`(?:\s|<!--[\s\S]*?-->)*`;
/** The document up to the place: doctype, `<html>` and `<head>`, each of which may be missing. A byte order mark as Latin-1. */
const PROLOGUE = new RegExp(
  String.raw`^(?:\xEF\xBB\xBF)?${GAP}(?:<!doctype[^>]*>)?${GAP}(?:<html(?:\s[^>]*)?>)?${GAP}(?:<head(?:\s[^>]*)?>)?`,
  'i',
);
const ENDS_WITH_HEAD = /<head(?:\s[^>]*)?>$/i;
/** What follows is none of these, whatever comes behind it: text, or another element. */
const IS_CONTENT = /^(?:[^<\s]|<\/|<(?!(?:html|head)[\s>])[a-z][a-z\d]*[\s/>])/i;

export function injector(text: string): Transform {
  let held = Buffer.alloc(0);
  let placed = false;
  /** null while more of the document is needed. */
  const placeIn = (isWhole: boolean): Buffer | null => {
    // As Latin-1, where a character is a byte.
    const document = held.toString('latin1');
    const prologue = PROLOGUE.exec(document)?.[0] ?? '';
    const at = prologue.length;
    const isCertain = ENDS_WITH_HEAD.test(prologue) || IS_CONTENT.test(document.slice(at));
    if (!isWhole && (held.length < 3 || !isCertain)) return null;
    placed = true;
    return Buffer.concat([held.subarray(0, at), Buffer.from(text), held.subarray(at)]);
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
