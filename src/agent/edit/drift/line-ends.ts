/** Blanks at the ends of lines, and in lines that have nothing else, where the edit has others than the file. */
import { groupBy } from '../group.ts';
import { similarity } from '../placing/similarity.ts';
import { isBlank, type LinePair, partsOf } from './line-parts.ts';

/** Pairs of lines that are compared letter by letter. */
const MOST_COMPARED = 20_000;

/** Blanks at the ends of lines: a new line loses those that every line of the edit got; what was lost is not made up. */
export function explainTails(pairs: readonly LinePair[], added: readonly string[]): ((tail: string) => string) | null {
  const tails = pairs.map(({ edit, file, isReplaced }) => ({
    edit: isBlank(edit) ? edit : partsOf(edit).tail,
    file: isBlank(file) ? file : partsOf(file).tail,
    core: edit.trim(),
    isBlank: isBlank(edit),
    isReplaced,
  }));
  const lost = tails.filter(({ edit, file }) => edit.length < file.length);
  const addsBlank = added.some(isBlank);
  if (lost.some((tail) => tail.isReplaced || (tail.isBlank && addsBlank))) return null;
  const cores = new Set(added.map((line) => line.trim()));
  if (lost.some((tail) => !tail.isBlank && cores.has(tail.core))) return null;
  if (isCustom(tails, lost, added)) return null;
  if (lost.length * added.length > MOST_COMPARED) return null;
  const isLike = (core: string) => added.some((line) => similarity(line.trim(), core) > 0.8);
  if (lost.some((tail) => !tail.isBlank && isLike(tail.core))) return null;
  const gained = tails.filter((tail) => !tail.isBlank && tail.edit !== '' && tail.file === '');
  const addedTails = new Set(added.filter((line) => !isBlank(line)).map((line) => partsOf(line).tail));
  if (gained.length === 0 || (addedTails.size === 1 && addedTails.has(''))) return (tail) => tail;
  const full = tails.filter((tail) => !tail.isBlank);
  const [tail] = addedTails;
  return addedTails.size === 1 && full.every(({ edit, file }) => edit === tail && file === '') ? () => '' : null;
}

interface Tail {
  readonly file: string;
  readonly core: string;
}

/** Every line that ends with this character has blanks behind it: then new ones may have had them, too. */
function isCustom(tails: readonly Tail[], lost: readonly Tail[], added: readonly string[]): boolean {
  if (lost.length === 0) return false;
  const byEnd = groupBy(tails, ({ core }) => core.at(-1));
  const isLost = new Set(lost);
  const ends = new Set(added.map((line) => line.trim().at(-1)).filter((end) => end !== undefined));
  return [...ends].some((end) => {
    const alike = byEnd.get(end) ?? [];
    return alike.length > 1 && alike.every((tail) => isLost.has(tail));
  });
}

/**
 * Lines that have nothing but blanks: one that the edit adds becomes what such a line of the edit is in the file. null when lines that the edit shows
 * got or lost blanks and nothing tells what this one had.
 */
export function explainBlanks(pairs: readonly LinePair[], retail: (tail: string) => string): Reblank {
  const known = new Map<string, string | null>();
  for (const { edit, file } of pairs)
    if (isBlank(edit)) known.set(edit, known.has(edit) && known.get(edit) !== file ? null : file);
  const hasMoved = pairs.some(({ edit, file }) => {
    const [one, other] = [partsOf(edit), partsOf(file)];
    return one.indent !== other.indent || one.tail !== other.tail;
  });
  return (line) => {
    if (line === '' && !known.has(line)) return line;
    const shown = known.get(line);
    if (shown !== undefined) return shown;
    if (retail(line) !== line) return retail(line);
    return hasMoved ? null : line;
  };
}

type Reblank = (line: string) => string | null;
