/** Hides the names of attributes in a document that streams by: see `page-guard.ts`. */
import { HIDDEN_NAMES } from '../../runtime/headless/previews/page-guard.ts';

const NAMES = /(srcdo)c|(shadowrootmod)e/gi;
const LONGEST = 'shadowrootmode'.length;
/** Of a name's last letter: what is hidden keeps the case of the others. */
const escapeIn = (name: string): string => name.slice(name.indexOf('\\'));

/** For one document, piece by piece: a name may be in two of them. */
export function nameHider(): (text: string) => string {
  let tail = '';
  return (text) => {
    const whole = tail + text;
    const hidden = whole.replace(NAMES, (_, begun?: string, shadow?: string) =>
      begun === undefined ? shadow + escapeIn(HIDDEN_NAMES.shadow) : begun + escapeIn(HIDDEN_NAMES.text),
    );
    const added = hidden.slice(tail.length);
    // In what is hidden there is no whole name.
    tail = hidden.slice(1 - LONGEST);
    return added;
  };
}
