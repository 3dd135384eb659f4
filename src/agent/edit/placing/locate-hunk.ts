/** Finds where a hunk belongs. It is given a place only when that place is certain; all else is refused with the reason. */

import { NO_DRIFT } from '../drift/drift.ts';
import { type Hunk, missingLines, newLines, oldLines } from '../hunk.ts';
import { Refusal } from '../refusal.ts';
import { hasBom } from '../source-text.ts';
import { belowAnchors } from './anchors.ts';
import { findGapped } from './gaps.ts';
import { findRuns, keyOf, type LineIndex } from './line-index.ts';
import { describeNearest } from './nearest.ts';
import { describeStarts, type Placement, placeAt } from './placement.ts';
import { isStated } from './trust.ts';

/** Looks for the places of a hunk; several asks for the same one cost one search. */
export interface Finder {
  readonly index: LineIndex;
  /** The places that fit best; more than one where nothing but a number can tell them apart, none where it has no certain place. */
  find(hunk: Hunk): readonly Placement[];
}

export function createFinder(index: LineIndex): Finder {
  const known = new Map<Hunk, readonly Placement[]>();
  const find = (hunk: Hunk) => {
    try {
      return findPlaces(index, hunk, () => '');
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  };
  return {
    index,
    find: (hunk) => {
      const places = known.get(hunk) ?? find(hunk);
      known.set(hunk, places);
      return places;
    },
  };
}

/** Why a hunk for which there are no places has none. */
export function whyNowhere(index: LineIndex, hunk: Hunk): string {
  try {
    findPlaces(index, hunk, notFound);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  return '';
}

const SHORT = 3;

function findPlaces(index: LineIndex, hunk: Hunk, explain: typeof notFound): Placement[] {
  const { source } = index;
  const old = oldLines(hunk);
  if (old.length === 0) return [placeNowhere(index, hunk)];
  const keys = old.map(({ text }) => keyOf(text));
  const stated = hunk.numbers ? hunk.numbers.oldStart - 1 : undefined;
  const runs = findRuns(index, keys, stated).map((start) => keys.map((_, offset) => start + offset));
  // A byte order mark stands at the beginning of a file only.
  const isAtStart = (at: readonly number[]) => old.every(({ text }, index) => at[index] === 0 || !hasBom(text));
  const found = runs.filter(isAtStart).map((at) => placeAt(source, hunk, at));
  const places = belowAnchors(index, hunk.anchors, atEnd(index, hunk, found));
  if (places.length > 0) {
    const exact = places.filter(({ isExact }) => isExact);
    const [only] = exact;
    if (only && exact.length === 1)
      return [only, ...places.filter((place) => mayBeMeant(index, only, place) || isStatedRival(only, place))];
    return exact.length > 0 ? exact : places;
  }
  if (found.length > 0) throw new Refusal(misplaced(hunk, found));
  const gapped = findGapped(index, hunk).map((at) => placeAt(source, hunk, at));
  const tight = atEnd(
    index,
    hunk,
    belowAnchors(
      index,
      hunk.anchors,
      gapped.filter(({ isExact }) => isExact),
    ),
  );
  if (tight.length > 0 && tight.every(onlyLostContext)) return tight;
  throw new Refusal(explain(index, hunk));
}

/** Only lines that come: into an empty file, or at the end of one. */
function placeNowhere(index: LineIndex, hunk: Hunk): Placement {
  const isEmpty = index.source.lines.length === 0;
  if (isEmpty || hunk.atEnd) return { hunk, at: [], isExact: true, drift: NO_DRIFT };
  throw new Refusal(
    'it shows no line of the file, so where its lines belong is not certain: repeat a few lines from above and below.',
  );
}

/** A hunk that speaks of the file's last line stands at the end. */
function atEnd({ source }: LineIndex, hunk: Hunk, places: readonly Placement[]): Placement[] {
  const isLast = hunk.atEnd || hunk.lines.some(({ isOpen }) => isOpen);
  return isLast ? places.filter(({ at }) => at.at(-1) === source.lines.length - 1) : [...places];
}

function misplaced(hunk: Hunk, found: readonly Placement[]): string {
  const where =
    hunk.anchors.length > 0 ? `not below "@@ ${hunk.anchors.join('", "@@ ')}"` : 'not at the end of the file';
  return `its lines stand in the file (${describeStarts(found)}), but ${where}, as it says: correct one of the two.`;
}

/** A place that fits but for white space which an edit easily loses: then the exact place may be the wrong one. */
function mayBeMeant({ source }: LineIndex, exact: Placement, other: Placement): boolean {
  if (other === exact) return false;
  const old = oldLines(exact.hunk);
  const pairs = old.map(({ text }, index) => [text, source.lines[other.at[index] ?? -1] ?? ''] as const);
  return pairs.every(([edit, file]) => file.length >= edit.length) && 'reword' in other.drift;
}

/** So few lines stand in many places: where the number says another one, their indentation may be what is wrong. */
const isStatedRival = (exact: Placement, other: Placement): boolean =>
  oldLines(exact.hunk).length < SHORT && isStated(other) && !isStated(exact);

/**
 * What the hunk does not show is context and not a line that was to go: its header counts it on both sides, or the next header says that all lines
 * that go and come are there.
 */
function onlyLostContext({ hunk, at }: Placement): boolean {
  const weight = oldLines(hunk).reduce((sum, { text }) => sum + text.replace(/\W/g, '').length, 0);
  if (weight < 20) return false;
  const missing = missingLines(hunk);
  if (missing.old !== missing.new) return false;
  const gaps = (at.at(-1) ?? 0) - (at[0] ?? 0) - (at.length - 1);
  return missing.old === gaps || (missing.old === 0 && hunk.isTallied === true);
}

function notFound(index: LineIndex, hunk: Hunk): string {
  const after = newLines(hunk).map(({ text }) => keyOf(text));
  const applied = after.length === 0 ? [] : findRuns(index, after);
  const [start] = applied;
  if (start !== undefined && hunk.lines.some(({ op }) => op === '+'))
    return `it seems to be applied already: the lines that it would leave stand at line ${start + 1}.`;
  const old = oldLines(hunk).map(({ text }) => text);
  return `the lines that it shows or removes do not stand in the file (0 places).${describeNearest(index.source, old)}\nRead the file again and repeat its lines exactly.`;
}
