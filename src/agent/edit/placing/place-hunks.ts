/** Gives every hunk of a file its place, or refuses them all. */

import { doubtOf, doubtsOfAll } from '../doubts/doubts.ts';
import { refuseDisorder, splitAtOmissions } from '../doubts/omission.ts';
import { refuseTruncated } from '../doubts/truncation.ts';
import { doubtfulEntity, hasEntities, isWhollyEscaped, unescapeHunk } from '../escapes.ts';
import { type Hunk, hasChange } from '../hunk.ts';
import { Refusal } from '../refusal.ts';
import type { SourceText } from '../source-text.ts';
import { placeByNumber } from './by-numbers.ts';
import { indexLines, type LineIndex, MOST_RUNS } from './line-index.ts';
import { createFinder, type Finder, whyNowhere } from './locate-hunk.ts';
import { describeStarts, type Placement } from './placement.ts';
import { areSound, isConfirmed, statedAmong } from './trust.ts';

/** Reasons that are told at once. */
const MOST_REASONS = 3;

/** The places of a hunk that nothing speaks against, the certain one first. */
interface Options {
  readonly hunk: Hunk;
  readonly places: readonly Placement[];
}

/** Chooses among the places of all hunks by what comes out, which then is certain; null when it cannot tell. */
export type Judge = (choices: readonly (readonly Placement[])[]) => readonly Placement[] | null;

/** Throws Refusal that names the hunks without a certain place. */
export function placeHunks(
  source: SourceText,
  given: readonly Hunk[],
  judge: Judge = () => null,
): readonly Placement[] {
  const hunks = splitAtOmissions(source.lines, withoutRepeats(given));
  if (hunks.length === 0) throw new Refusal(`${given[0]?.label ?? 'the edit'}: it changes nothing.`);
  for (const hunk of hunks) if (!hasChange(hunk)) throw new Refusal(`${hunk.label}: it changes nothing.`);
  const index = indexLines(source);
  const finder = createFinder(index);
  const repaired = placeRepaired(finder, hunks);
  if (repaired) return repaired;
  const isSound = areSound(given);
  const placements = choosePlaces(index, collect(finder, hunks, isSound), { isSound, judge });
  refuseDisorder(placements);
  const entity = doubtfulEntity(source, hunks);
  if (entity !== null)
    throw new Refusal(
      `"${entity}" stands in the edit, but neither in the file nor beside the character itself: if it was escaped on the way, write the character.`,
    );
  refuseTruncated(source, placements);
  return placements;
}

/** Damage of the edit as a whole that is repaired when every hunk then fits exactly one place, and fits none before. */
function placeRepaired(finder: Finder, hunks: readonly Hunk[]): readonly Placement[] | null {
  const repairs: (readonly Hunk[])[] = [];
  // The lines of a replacement have no marks in front, so no such space can get lost.
  if (hasBareContext(hunks) || hunks.every((hunk) => removesText(hunk) && !hunk.isComplete))
    repairs.push(hunks.map(withBareContext));
  if (hasEntities(hunks) && isWhollyEscaped(hunks)) repairs.push(hunks.map(unescapeHunk));
  for (const repaired of repairs) {
    const isNeeded = hunks.some((hunk) => exactPlace(finder, hunk) === null);
    if (!isNeeded) continue;
    const places = repaired.map((hunk) => exactPlace(finder, hunk));
    const found = places.filter((place): place is Placement => place !== null);
    if (found.length === hunks.length) {
      const reasons = found.flatMap((place) => doubtOf(finder.index, place, false) ?? []);
      if (reasons.length > 0) continue;
      refuseTruncated(finder.index.source, found);
      return found;
    }
  }
  return null;
}

function exactPlace(finder: Finder, hunk: Hunk): Placement | null {
  const [only, ...others] = finder.find(hunk);
  return only?.isExact && others.length === 0 ? only : null;
}

/** What it removes fits as it is written, so that only the context is a space short. */
const removesText = ({ lines }: Hunk) => lines.some(({ op, text }) => op === '-' && text.trim() !== '');
/** Context that lost the space in front of it. */
const hasBareContext = (hunks: readonly Hunk[]) =>
  hunks.some(({ lines }) => lines.some(({ isBare, text }) => isBare && text !== ''));
const withBareContext = (hunk: Hunk): Hunk => ({
  ...hunk,
  lines: hunk.lines.map((line) => (line.op === ' ' && !line.isBare ? { ...line, text: ` ${line.text}` } : line)),
});

interface Choosing {
  readonly isSound: boolean;
  readonly judge: Judge;
}

function choosePlaces(
  index: LineIndex,
  options: readonly Options[],
  { isSound, judge }: Choosing,
): readonly Placement[] {
  const { source } = index;
  const sure = options.flatMap(({ places }) => (places.length === 1 ? places : []));
  const judged = judge(options.map(({ places }) => places));
  if (judged) return judged;
  const reasons: string[] = [];
  const placements = options.flatMap(({ hunk, places }) => {
    const others = sure.filter((place) => place.hunk !== hunk);
    const chosen = places.length === 1 ? places[0] : isSound ? statedAmong(source, places, others) : null;
    const doubt = chosen ? doubtOf(index, chosen, isSound) : ambiguity(places);
    if (doubt !== null) reasons.push(`${hunk.label}: ${doubt}`);
    return chosen ? [chosen] : [];
  });
  reasons.push(...doubtsOfAll(index, placements));
  refuseFor(reasons);
  return placements;
}

function collect(finder: Finder, hunks: readonly Hunk[], isSound: boolean): Options[] {
  const { index } = finder;
  const shown = hunks.filter(showsLines);
  const sure = shown.flatMap((hunk) => (isSound ? (exactPlace(finder, hunk) ?? []) : []));
  const options = hunks.map((hunk): Options => {
    // Lines that only come are put where their number says when it is known to be right.
    const numbered = isSound && !showsLines(hunk) && isConfirmed(hunk, sure) ? placeByNumber(index.source, hunk) : null;
    return { hunk, places: numbered ? [numbered] : finder.find(hunk) };
  });
  const lost = options.filter(({ places }) => places.length === 0);
  const told = lost.slice(0, MOST_REASONS).map(({ hunk }) => `${hunk.label}: ${whyNowhere(index, hunk)}`);
  refuseFor(told, lost.length - told.length);
  return options;
}

const showsLines = ({ lines }: Hunk) => lines.some(({ op }) => op !== '+');

function refuseFor(reasons: readonly string[], others = 0): void {
  if (reasons.length === 0) return;
  const left = reasons.length - MOST_REASONS + others;
  const more = left > 0 ? `\n… and ${left} more do not fit.` : '';
  throw new Refusal(reasons.slice(0, MOST_REASONS).join('\n') + more);
}

/** The same hunk written twice, with the same numbers, is meant once. */
function withoutRepeats(hunks: readonly Hunk[]): Hunk[] {
  const seen = new Set<string>();
  return hunks.filter((hunk) => {
    if (!hunk.numbers) return true;
    const key = JSON.stringify([hunk.numbers, hunk.lines.map(({ op, text }) => op + text)]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function ambiguity(places: readonly Placement[]): string {
  const kind = places.every(({ isExact }) => isExact) ? '' : ', white space aside';
  return `its lines match ${places.length === MOST_RUNS ? `at least ${MOST_RUNS}` : places.length} places (${describeStarts(places)}${kind}): show more of the lines around the change, so that only one is left.`;
}
