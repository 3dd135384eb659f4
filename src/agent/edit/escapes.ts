/** Edits that arrive escaped for HTML: "&lt;" where the file has "<". */
import type { Hunk } from './hunk.ts';
import { Refusal } from './refusal.ts';
import type { SourceText } from './source-text.ts';

const CHARACTERS: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};
const ENTITY = /&(?:lt|gt|amp|quot|#39);/g;

export const unescapeHtml = (text: string): string => text.replace(ENTITY, (entity) => CHARACTERS[entity] ?? entity);

export function unescapeHunk(hunk: Hunk): Hunk {
  return { ...hunk, lines: hunk.lines.map((line) => ({ ...line, text: unescapeHtml(line.text) })) };
}

export const hasEntities = (hunks: readonly Hunk[]): boolean =>
  textsOf(hunks).some((text) => text.search(ENTITY) !== -1);

/** Whether every character that can be escaped is: then the edit as a whole was. */
export function isWhollyEscaped(hunks: readonly Hunk[]): boolean {
  const texts = textsOf(hunks);
  return entitiesOf(texts).every((entity) => !hasPlain(texts, entity));
}

/** An entity that the edit adds, where nothing tells whether it is meant: neither its character stands in the edit, nor it in the file. */
export function doubtfulEntity(source: SourceText, hunks: readonly Hunk[]): string | null {
  const texts = textsOf(hunks);
  const doubtful = entitiesOf(texts).find((entity) => !hasPlain(texts, entity) && !source.text.includes(entity));
  return doubtful ?? null;
}

const textsOf = (hunks: readonly Hunk[]) => hunks.flatMap(({ lines }) => lines.map(({ text }) => text));
const entitiesOf = (texts: readonly string[]) => [...new Set(texts.flatMap((text) => text.match(ENTITY) ?? []))];

function hasPlain(texts: readonly string[], entity: string): boolean {
  const character = CHARACTERS[entity] ?? '';
  return texts.some((text) => text.replace(ENTITY, '').includes(character));
}

/** Throws Refusal for new lines in which line breaks stand as "\\n", outside of quotes, where code goes on behind them. */
export function refuseEscapedBreaks(before: string, after: string): void {
  if (!after.includes('\\n')) return;
  const old = new Set(before.split('\n').map((line) => line.trim()));
  const found = after
    .split('\n')
    .find((line) => line.length < 100_000 && hasEscapedBreak(line) && !old.has(line.trim()));
  if (found !== undefined)
    throw new Refusal(
      `the edit puts in "${found.trim().slice(0, 80)}", in which line breaks are written as "\\n": write them as line breaks.`,
    );
}

/** Behind what ends a line of code, and with the next line's indentation. */
const ESCAPED_BREAK = /^[;{}),\]>]\\n(?:\s+|(?:\\[nt])+\s*|(?=\}))\S/;

function hasEscapedBreak(line: string): boolean {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === '\\') {
      if (quote === '' && at > 0 && ESCAPED_BREAK.test(line.slice(at - 1, at + 200))) return true;
      at += 1;
    } else if (quote === '' && /["'`]/.test(character)) quote = character;
    else if (character === quote) quote = '';
  }
  return false;
}
