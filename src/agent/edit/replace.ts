/** Exact replacements: each text stands exactly once in the file. */
import { lostIndentation, oneSided } from './doubts/one-sided.ts';
import type { Replacement } from './edit.ts';
import { blockHunk } from './formats/read-blocks.ts';
import { spansOf } from './hunk-spans.ts';
import { describeNearest } from './placing/nearest.ts';
import { placeHunks } from './placing/place-hunks.ts';
import { Refusal } from './refusal.ts';
import { endingNear, hasBom, lineAt, readSource, type SourceText, withoutBom } from './source-text.ts';
import type { Span } from './span.ts';

/** Occurrences that are counted at most. */
const MOST = 1000;
const LISTED = 10;

/** The stretches that a replacement names: one, or the lines of it that change. Throws Refusal where its place is not certain. */
export function locateReplacement(source: SourceText, replacement: Replacement, label: string): Span[] {
  const { find, replace } = replacement;
  if (find === '') throw new Refusal(`${label}: \`find\` is empty: give the text that is to be replaced.`);
  if (find === replace) throw new Refusal(`${label} changes nothing: \`find\` and \`replace\` are equal.`);
  refuseTwins(source, find, label);
  const exact = spanOf(source, { find, replace }, label);
  if (exact) return [exact];
  const windows = find.replace(/\r?\n/g, '\r\n');
  const adapted = windows === find ? find.replace(/\r\n/g, '\n') : windows;
  const found = spanOf(
    source,
    { find: adapted, replace: replace.replace(/\r?\n/g, windows === find ? '\n' : '\r\n') },
    label,
  );
  return found ? [found] : drifted(source, replacement, label);
}

/** Whoever reads a file does not see its line ends: where it mixes them, lines that differ in these alone stand there twice. */
function refuseTwins(source: SourceText, find: string, label: string): void {
  const kinds = new Set(source.ends.filter((end) => end !== ''));
  if (kinds.size < 2 || !find.includes('\n') || find.includes('\r')) return;
  const plain = readSource(source.text.replaceAll('\r\n', '\n'));
  const starts = occurrences(plain.text, find);
  if (starts.length > 1)
    throw new Refusal(`${label}: but for the line ends, \`find\` ${describePlaces(plain, starts)}`);
}

/** Whole lines that stand in the file but for white space. */
function drifted(source: SourceText, { find, replace }: Replacement, label: string): Span[] {
  const isWhole = find.endsWith('\n') === replace.endsWith('\n') || replace === '';
  const before = linesOf(find);
  const slip = find.trim() === replace.trim() ? null : lostIndentation({ find, replace });
  if (slip !== null) throw new Refusal(`${label}: ${slip}`);
  if (!isWhole) throw new Refusal(`${label}: \`find\` does not occur in the file.${describeNearest(source, before)}`);
  const block = { path: null, search: before, replace: replace === '' && find.endsWith('\n') ? [] : linesOf(replace) };
  try {
    return spansOf(source, placeHunks(source, [blockHunk(block, label)]));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(`\`find\` does not occur in the file as it is written. ${error.message}`);
  }
}

const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');

function spanOf(source: SourceText, given: Omit<Replacement, 'path'>, label: string): Span | null {
  const starts = occurrences(source.text, given.find);
  const [start] = starts;
  if (start === undefined) return null;
  if (starts.length > 1) throw new Refusal(`${label}: \`find\` ${describePlaces(source, starts)}`);
  const { at, ...texts } = withWholeBreaks(source, start, given);
  if (isApplied(source.text, at, texts))
    throw new Refusal(`${label} seems to be applied already: \`replace\` stands at line ${lineAt(source, at) + 1}.`);
  const slip = oneSided(source, at, texts);
  if (slip !== null) throw new Refusal(`${label}: ${slip}`);
  if (hasLostIndentation(source, at, texts))
    throw new Refusal(
      `${label}: \`find\` stands in an indented line, and \`replace\` adds lines with less indentation than that: give both with the indentation that the file has.`,
    );
  return { start: at, end: at + texts.find.length, text: withEndings(source, at, texts), label };
}

/** The text found is a part of what it would be replaced by. */
function isApplied(text: string, start: number, { find, replace }: Omit<Replacement, 'path'>): boolean {
  if (find.trim() === replace.trim()) return false;
  for (let at = replace.indexOf(find); at !== -1; at = replace.indexOf(find, at + 1))
    if (start >= at && text.startsWith(replace, start - at)) return true;
  return false;
}

/** Text that begins or ends within "\r\n" leaves that line break as it is. */
function withWholeBreaks({ text }: SourceText, start: number, given: Omit<Replacement, 'path'>) {
  let [at, { find, replace }] = [start, given];
  if (find.startsWith('\n') && text[at - 1] === '\r') {
    const isKept = find.length > 1 && /^\r?\n/.test(replace);
    at += isKept ? 1 : -1;
    find = isKept ? find.slice(1) : `\r${find}`;
    if (isKept) replace = replace.replace(/^\r?\n/, '');
  }
  // There is one byte order mark, and it is there.
  if (at === 1 && hasBom(text)) replace = withoutBom(replace);
  if (find.length > 1 && find.endsWith('\r') && text[at + find.length] === '\n') {
    find = find.slice(0, -1);
    replace = replace.replace(/\r$/, '');
  }
  return { at, find, replace };
}

/** A find that begins where a line's indentation ends, and new lines as deep as if that line had none; lines of the find prove theirs. */
function hasLostIndentation(source: SourceText, start: number, { find, replace }: Omit<Replacement, 'path'>): boolean {
  const line = lineAt(source, start);
  const indent = source.text.slice(source.starts[line] ?? 0, start);
  const isAfterIndent = /^[ \t]+$/.test(indent) && /^\S/.test(find);
  const rest = (text: string) =>
    linesOf(text)
      .slice(1)
      .filter((one) => one.trim() !== '');
  const isProven = rest(find).length > 0 && rest(find).some((one) => /^[ \t]/.test(one));
  return isAfterIndent && !isProven && rest(replace).some((one) => !one.startsWith(indent));
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

/** New lines end as those of the file do; where the file or the edit mixes line endings they are meant as they are written. */
function withEndings(source: SourceText, start: number, { find, replace }: Omit<Replacement, 'path'>): string {
  const both = find + replace;
  const isMixed = both.includes('\r\n') && /(^|[^\r])\n/.test(both) && source.text.includes('\r\n');
  const kinds = new Set(source.ends.filter((end) => end !== ''));
  return isMixed || kinds.size !== 1 ? replace : replace.replace(/\r?\n/g, endingOf(source, start));
}

function endingOf(source: SourceText, start: number): string {
  const line = lineAt(source, start);
  return source.ends[line] || endingNear(source, line);
}
