/** Exact replacements: each text stands exactly once in the file. */
import type { Replacement } from './edit.ts';
import { describeNearest } from './nearest.ts';
import { Refusal } from './refusal.ts';
import { endingNear, lineAt, type SourceText } from './source-text.ts';
import type { Span } from './span.ts';

/** Occurrences that are counted at most. */
const MOST = 1000;
const LISTED = 10;

/** The stretch that a replacement names. Throws Refusal where there is not exactly one. */
export function locateReplacement(source: SourceText, replacement: Replacement, label: string): Span {
  const { find, replace } = replacement;
  if (find === '') throw new Refusal('`find` is empty: give the text that is to be replaced.');
  if (find === replace) throw new Refusal('it changes nothing: `find` and `replace` are equal.');
  const exact = spanOf(source, find, replace, label);
  if (exact) return exact;
  const windows = find.replace(/\r?\n/g, '\r\n');
  const adapted = spanOf(source, windows === find ? find.replace(/\r\n/g, '\n') : windows, replace, label);
  if (adapted) return adapted;
  const lines = find.replace(/\r?\n$/, '').split(/\r?\n/);
  throw new Refusal(`\`find\` does not occur in the file.${describeNearest(source, lines)}`);
}

function spanOf(source: SourceText, find: string, replace: string, label: string): Span | null {
  const starts = occurrences(source.text, find);
  const [start] = starts;
  if (start === undefined) return null;
  if (starts.length > 1) throw new Refusal(`\`find\` ${describePlaces(source, starts)}`);
  return { start, end: start + find.length, text: withEndings(source, start, find, replace), label };
}

function occurrences(text: string, find: string): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(find); at !== -1 && starts.length < MOST; at = text.indexOf(find, at + 1)) starts.push(at);
  return starts;
}

function describePlaces(source: SourceText, starts: readonly number[]): string {
  const count = starts.length === MOST ? `at least ${MOST}` : String(starts.length);
  const lines = starts.slice(0, LISTED).map((start) => lineAt(source, start) + 1);
  const more = starts.length > LISTED ? ', …' : '';
  return `occurs ${count} times (lines ${lines.join(', ')}${more}): add surrounding lines to make it unique.`;
}

/** New lines end as those around them do; a text that itself mixes line endings means them. */
function withEndings(source: SourceText, start: number, find: string, replace: string): string {
  const isMixed = find.includes('\r\n') && /(^|[^\r])\n/.test(find);
  return isMixed ? replace : replace.replace(/\r?\n/g, endingOf(source, start));
}

function endingOf(source: SourceText, start: number): string {
  const line = lineAt(source, start);
  return source.ends[line] || endingNear(source, line);
}
