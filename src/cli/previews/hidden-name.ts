/** Hides the name of an attribute in a document that streams by: see `page-guard.ts`. */
import { HIDDEN_NAME } from '../../runtime/headless/previews/page-guard.ts';

const NAME = /srcdoc/gi;
const LAST_LETTER = HIDDEN_NAME.slice('srcdo'.length);

/** For one document, piece by piece: a name may be in two of them. */
export function nameHider(): (text: string) => string {
  let tail = '';
  return (text) => {
    const whole = tail + text;
    const hidden = whole.replace(NAME, (name) => name.slice(0, -1) + LAST_LETTER).slice(tail.length);
    tail = whole.slice(1 - 'srcdoc'.length);
    return hidden;
  };
}
