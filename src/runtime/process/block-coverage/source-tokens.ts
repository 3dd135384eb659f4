/** Finds tokens whose places acorn's tree does not tell. */

const BLANK = /(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/y;

/** Where the next token begins. */
export function nextToken(source: string, from: number): number {
  BLANK.lastIndex = from;
  BLANK.test(source);
  return BLANK.lastIndex;
}

/** The place of a token behind `from` that stands in no other: only signs are between. */
export function findToken(source: string, from: number, token: string): number {
  let at = nextToken(source, from);
  while (at < source.length && !source.startsWith(token, at)) at = nextToken(source, at + 1);
  return at;
}

/** Behind the last of the parentheses that close behind an expression, before `limit`. */
export function endOfClosing(source: string, from: number, limit = source.length): number {
  let end = from;
  for (let at = nextToken(source, from); source[at] === ')' && at < limit; at = nextToken(source, end)) end = at + 1;
  return end;
}

/** The place of the character before, blanks and comments of blocks aside. */
function characterBefore(source: string, at: number): number {
  let before = at - 1;
  for (;;) {
    while (before >= 0 && /\s/.test(source[before] ?? '')) before--;
    if (source[before] !== '/' || source[before - 1] !== '*') return before;
    before = source.lastIndexOf('/*', before - 2) - 1;
  }
}

/** The place of a parenthesis that opens, where it is the token before; else -1. */
export function openingBefore(source: string, at: number): number {
  const before = characterBefore(source, at);
  return source[before] === '(' ? before : -1;
}

/** The last character of the token before. */
export const signBefore = (source: string, at: number): string => source[characterBefore(source, at)] ?? '';
