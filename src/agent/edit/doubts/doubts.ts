/** What makes even the only place, or the lines to put in, uncertain. */
import { doubtfulIndentation } from '../drift/agreement.ts';
import { NO_DRIFT } from '../drift/drift.ts';
import { foldedKinds, isFancy } from '../drift/punctuation.ts';
import { looksStripped } from '../drift/stripped.ts';
import { type Hunk, newLines, oldLines } from '../hunk.ts';
import { belowAnchors } from '../placing/anchors.ts';
import { findRuns, keyOf, type LineIndex } from '../placing/line-index.ts';
import { changeRuns, type Placement } from '../placing/placement.ts';
import { similarity } from '../placing/similarity.ts';
import { isStated } from '../placing/trust.ts';
import type { SourceText } from '../source-text.ts';
import { isOnce } from './one-sided.ts';

/** Lines of the file that are compared letter by letter. */
const MOST_COMPARED = 500;

/** Why even the only place is not certain; null when it is. */
export function doubtOf(index: LineIndex, place: Placement, isSound: boolean): string | null {
  const { source } = index;
  if ('doubt' in place.drift)
    return `it fits line ${(place.at[0] ?? 0) + 1} only without regard to white space, and ${place.drift.doubt}: repeat the lines as they are in the file.`;
  if (isApplied(source, place))
    return `it seems to be applied already: line ${(place.at[0] ?? 0) + 1} and those below are what it would leave.`;
  const applied = isStated(place) && place.isExact ? null : appliedAt(index, place);
  if (applied !== null)
    return `it seems to be applied already: line ${applied + 1} and those below are what it would leave, though its lines stand at line ${(place.at[0] ?? 0) + 1}, too.`;
  const doubled = doubledEnd(source, place);
  if (doubled !== null)
    return `its last new line is the one that follows in the file (${doubled + 1}), so that it would stand there twice: show that line as one that is found, too, or leave it out.`;
  const indentation = doubtfulIndentation(source, place);
  if (indentation !== null)
    return `it fits line ${(place.at[0] ?? 0) + 1} only without regard to white space, and ${indentation}: repeat the lines as they are in the file.`;
  const twin = exactRival(index, place);
  if (twin !== null)
    return `it fits line ${(place.at[0] ?? 0) + 1} only without regard to white space, but line ${twin + 1} holds nearly the same, as deep as it is written: repeat the lines of the place that is meant.`;
  const rival = isStated(place) ? null : statedRival(source, place);
  if (rival !== null && isSound)
    return `its lines stand at line ${(place.at[0] ?? 0) + 1}, but line ${rival + 1}, which its header names, holds nearly the same: repeat the lines of the place that is meant.`;
  if (place.isExact && hasLostIndentation(source, place))
    return 'the lines that it adds have lost their indentation, or have that of another style: write them as they are to stand in the file.';
  return null;
}

/** The lines that the hunk leaves stand at its place already: it only adds, and added before. */
function isApplied(source: SourceText, { hunk, at }: Placement): boolean {
  const start = at[0] ?? 0;
  if (changeRuns(hunk).some(({ removed }) => removed.length > 0)) return false;
  const after = newLines(hunk);
  const more = after.length - at.length;
  // New lines above those that the hunk shows, below them, or on both sides.
  return Array.from({ length: more + 1 }, (_, above) => start - above).some((first) =>
    after.every(({ text }, offset) => source.lines[first + offset] === text),
  );
}

/** Where the lines that it leaves stand already, near the line that its header names; anywhere, when it names none. */
function appliedAt(index: LineIndex, { hunk, at, isExact }: Placement): number | null {
  // Lines that only go leave nothing of their own: there the number must say where.
  if (addedTexts(hunk).length === 0 && hunk.numbers === null) return null;
  const after = newLines(hunk).map(({ text }) => keyOf(text));
  const shown = hunk.lines.filter(({ op, text }) => op === ' ' && text.trim() !== '');
  if (isExact && shown.length < 2) return null;
  const found = findRuns(index, after).map((start) => ({ hunk, at: [start], isExact: true, drift: NO_DRIFT }));
  const starts = belowAnchors(index, hunk.anchors, found).map(({ at }) => at[0] ?? 0);
  const { numbers } = hunk;
  const isNamed = (start: number) =>
    numbers === null || [numbers.oldStart, numbers.newStart].some((number) => Math.abs(number - 1 - start) <= 3);
  // What it removes stands there as it is written: then it changes white space, and the new lines are those that it removes.
  return starts.find((start) => isNamed(start) && !(isExact && start === at[0])) ?? null;
}

/** The line below the place that a replacement adds again at its end: it forgot to show it. */
function doubledEnd(source: SourceText, { hunk, at }: Placement): number | null {
  const last = hunk.lines.at(-1);
  const next = (at.at(-1) ?? 0) + 1;
  const old = oldLines(hunk).at(-1);
  if (!hunk.isComplete || last?.op !== '+' || !old || old.text.trim() === last.text.trim()) return null;
  return hunk.lines.length > 2 && isOnce(last.text, source.lines[next] ?? '') ? next : null;
}

/** Where most of the lines stand as they are written, when they fit the place only with another indentation: the file may have moved on there. */
function exactRival(index: LineIndex, { hunk, at, isExact }: Placement): number | null {
  const old = oldLines(hunk);
  const full = old.filter(({ text }) => text.trim() !== '').length;
  if (isExact || full < 2) return null;
  const votes = new Map<number, number>();
  for (const [offset, { text }] of old.entries()) {
    const places = text.trim() === '' ? [] : (index.places.get(keyOf(text)) ?? []).slice(0, MOST_COMPARED);
    for (const line of places)
      if (index.source.lines[line] === text) votes.set(line - offset, (votes.get(line - offset) ?? 0) + 1);
  }
  const [first, last] = [(at[0] ?? 0) - old.length, at.at(-1) ?? 0];
  const isRival = ([start, count]: readonly [number, number]) =>
    (start <= first || start > last) && count >= Math.max(2, full * 0.6);
  return [...votes].find(isRival)?.[0] ?? null;
}

/** A line near the one that the header names where nearly the same stands; null when there is none, or the place is near it too. */
function statedRival(source: SourceText, { hunk, at }: Placement): number | null {
  const old = oldLines(hunk);
  const stated = (hunk.numbers?.oldStart ?? 0) - 1;
  const place = at[0] ?? 0;
  if (!hunk.numbers || old.length > MOST_COMPARED) return null;
  for (let start = Math.max(0, stated - 3); start <= stated + 3; start += 1) {
    // Lines of the place itself are no other place.
    if (Math.abs(place - start) < old.length) continue;
    const alike = old.filter(({ text }, offset) => {
      const other = source.lines[start + offset] ?? '';
      return text.trim() !== '' && (text === other || similarity(text.trim(), other.trim()) > 0.8);
    });
    const full = old.filter(({ text }) => text.trim() !== '').length;
    if (full > 1 && alike.length / full >= 0.6) return start;
  }
  return null;
}

const addedTexts = ({ lines }: Hunk) =>
  lines.filter(({ op, text }) => op === '+' && text.trim() !== '').map(({ text }) => text);
/** By more than the blank in front of the lines of a comment. */
const isIndented = (text: string) => /^(\t| {2})/.test(text);
/** Lines of the hunk that stand in the file as they are and are indented prove that the indentation is right. */
const provesIndentation = ({ hunk, isExact }: Placement) =>
  isExact && oldLines(hunk).some(({ text }) => isIndented(text));

function hasLostIndentation(source: SourceText, place: Placement): boolean {
  if (source.lines.length === 0 || provesIndentation(place)) return false;
  const added = addedTexts(place.hunk);
  const after = newLines(place.hunk).map(({ op, text }) => ({ text, isNew: op === '+' }));
  return looksStripped(after, source.lines) || isOtherStyle(source, added);
}

/** Tabs for a file that indents with spaces, or the other way round. */
function isOtherStyle(source: SourceText, added: readonly string[]): boolean {
  const hasTabs = added.some((line) => line.startsWith('\t'));
  const hasSpaces = added.some((line) => /^ {2}/.test(line));
  if (hasTabs === hasSpaces) return false;
  const tabs = source.lines.some((line) => /^\t/.test(line));
  const spaces = source.lines.some((line) => /^ {2}/.test(line));
  return hasTabs ? spaces && !tabs : tabs && !spaces;
}

/** What drifted in one hunk has drifted in the others, too, where nothing shows it. */
export function doubtsOfAll(index: LineIndex, placements: readonly Placement[]): string[] {
  const { source } = index;
  const kinds = new Set(placements.flatMap(({ drift }) => ('kinds' in drift ? drift.kinds : [])));
  // Blank context without its space has lost the blank at its end.
  if (placements.some(({ hunk }) => hunk.lines.some(({ isBare, text }) => isBare && text === '')))
    kinds.add('line ends');
  if (kinds.size === 0) return [];
  return placements.flatMap((place) => {
    const added = addedTexts(place.hunk);
    const own = new Set('kinds' in place.drift ? place.drift.kinds : []);
    if (kinds.has('indentation') && !own.has('indentation') && hasTwin(index, place))
      return [
        `${place.hunk.label}: other hunks have another indentation than the file, so that of its lines does not tell which of several places is meant.`,
      ];
    if (kinds.has('indentation') && !own.has('indentation') && added.length > 0 && !provesIndentation(place))
      return [
        `${place.hunk.label}: other hunks have another indentation than the file, so that of its new lines is not certain.`,
      ];
    if (kinds.has('tabs') && added.some((line) => /\S {2}/.test(line)))
      return [`${place.hunk.label}: tabs became spaces on the way, and lines that it adds have several in a row.`];
    if (kinds.has('tabs') && added.some(isIndented) && indentsBothWays(source))
      return [
        `${place.hunk.label}: the file indents with tabs here and spaces there, so which the new lines want is not certain.`,
      ];
    if (kinds.has('tabs') && !own.has('tabs') && added.some(isIndented))
      return [
        `${place.hunk.label}: other hunks have tabs where the file has spaces or the reverse, so the indentation of its new lines is not certain.`,
      ];
    if (kinds.has('line ends') && added.some((line) => hasTailIn(index, line)))
      return [
        `${place.hunk.label}: blanks at line ends were lost, and lines that it adds have them elsewhere in the file.`,
      ];
    if (kinds.has('punctuation') && !own.has('punctuation') && added.some(isFancy))
      return [
        `${place.hunk.label}: other hunks have other quotes or dashes than the file, so those of its new lines are not certain.`,
      ];
    if (kinds.has('punctuation') && added.some(hasBothForms))
      return [
        `${place.hunk.label}: a line that it adds has both plain and fine quotes or dashes, so which of them are meant is not certain.`,
      ];
    return own.has('punctuation') && added.some(isFancy) && source.lines.some(isFancy)
      ? [
          `${place.hunk.label}: the file has both plain and fine quotes or dashes, so which the new lines want is not certain.`,
        ]
      : [];
  });
}

const hasBothForms = (line: string): boolean =>
  foldedKinds(line).some((plain) => plain !== ' ' && line.includes(plain));

const indentsBothWays = ({ lines }: SourceText): boolean =>
  lines.some((line) => /^\t+\S/.test(line)) && lines.some((line) => /^ {2,}\S/.test(line));

const hasTwin = (index: LineIndex, { hunk }: Placement): boolean =>
  findRuns(
    index,
    oldLines(hunk).map(({ text }) => keyOf(text)),
  ).length > 1;

/** Most of the file's lines that end with the same character have blanks behind it. */
function isCustom(source: SourceText, key: string): boolean {
  const alike = source.lines.filter((other) => other.trim() !== '' && other.trim().at(-1) === key.at(-1));
  const tailed = alike.filter((other) => /[ \t]$/.test(other));
  return tailed.length > 1 && tailed.length * 2 > alike.length;
}

/** The line, or one much like it, has blanks at its end in the file. */
function hasTailIn({ source, places }: LineIndex, line: string): boolean {
  const key = keyOf(line);
  if ((places.get(key) ?? []).some((at) => /[ \t]$/.test(source.lines[at] ?? ''))) return true;
  if (isCustom(source, key)) return true;
  const tailed = source.lines.filter((other) => /\S[ \t]+$/.test(other)).slice(0, MOST_COMPARED);
  return tailed.some((other) => similarity(other.trim(), key) > 0.8);
}
