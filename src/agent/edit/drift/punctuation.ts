/** Punctuation that editors and models put in place of ASCII, and back. */

const ASCII: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'‘’‚‛′'].map((quote) => [quote, "'"])),
  ...Object.fromEntries([...'“”„‟″'].map((quote) => [quote, '"'])),
  ...Object.fromEntries([...'‐‑‒–—―−'].map((dash) => [dash, '-'])),
  ...Object.fromEntries(
    [...'\u00A0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000'].map((space) => [
      space,
      ' ',
    ]),
  ),
  '…': '...',
};
const FANCY = new RegExp(`[${Object.keys(ASCII).join('')}]`, 'g');
const ANY_FANCY = new RegExp(FANCY.source);

export const isFancy = (text: string): boolean => ANY_FANCY.test(text);

/** The text with ASCII punctuation and plain spaces. */
export function foldPunctuation(text: string): string {
  return isFancy(text) ? text.replace(FANCY, (character) => ASCII[character] ?? character) : text;
}

/** What the text's punctuation becomes when it is folded: "'", '"', '-', ' ', '...'. */
export function foldedKinds(text: string): string[] {
  return [...new Set(fancyIn(text).map((character) => ASCII[character] ?? character))];
}

export const fancyIn = (text: string): string[] => text.match(FANCY) ?? [];
