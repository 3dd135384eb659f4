/** Hides the names of attributes in a document that streams by: see `page-guard.ts`. */
import { HIDDEN_NAMES } from '../../runtime/headless/previews/page-guard.ts';

const NAMES = /srcdoc|shadowrootmode/gi;
const LONGEST = 'shadowrootmode'.length;
/** In place of the last letter. */
const ENDINGS = new Map(Object.values(HIDDEN_NAMES).map((name) => [name.length, name.slice(name.indexOf('\\'))]));
const ESCAPE = '\\u0000'.length;

/** For one document, piece by piece: a name may be in two of them. */
export function nameHider(): (text: string) => string {
  let tail = '';
  return (text) => {
    const whole = tail + text;
    const hidden = whole.replace(NAMES, (name) => name.slice(0, -1) + ENDINGS.get(name.length - 1 + ESCAPE));
    const added = hidden.slice(tail.length);
    // In what is hidden there is no whole name.
    tail = hidden.slice(1 - LONGEST);
    return added;
  };
}
