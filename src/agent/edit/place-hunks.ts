/** Gives every hunk of a file its place, or refuses them all. */
import { doubtOf, doubtsOfAll } from './doubts.ts';
import { doubtfulEntity, hasEntities, isWhollyEscaped, unescapeHunk } from './escapes.ts';
import { type Hunk, hasChange } from './hunk.ts';
import { indexLines, type LineIndex } from './line-index.ts';
import { findPlaces } from './locate-hunk.ts';
import { describeStarts, type Placement } from './placement.ts';
import { Refusal } from './refusal.ts';
import type { SourceText } from './source-text.ts';
import { refuseTruncated } from './truncation.ts';
import { areSound, statedAmong } from './trust.ts';

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
  const hunks = withoutRepeats(given);
  for (const hunk of hunks) if (!hasChange(hunk)) throw new Refusal(`${hunk.label}: it changes nothing.`);
  const index = indexLines(source);
  const repaired = placeRepaired(index, hunks);
  if (repaired) return repaired;
  const placements = choosePlaces(index, collect(index, hunks), { isSound: areSound(given), judge });
  const entity = doubtfulEntity(source, hunks);
  if (entity !== null)
    throw new Refusal(
      `"${entity}" stands in the edit, but neither in the file nor beside the character itself: if it was escaped on the way, write the character.`,
    );
  refuseTruncated(source, placements);
  return placements;
}

/** Damage of the edit as a whole that is repaired when every hunk then fits exactly one place, and fits none before. */
function placeRepaired(index: LineIndex, hunks: readonly Hunk[]): readonly Placement[] | null {
  const repairs: (readonly Hunk[])[] = [];
  if (hasBareContext(hunks) || hunks.every(removesText)) repairs.push(hunks.map(withBareContext));
  if (hasEntities(hunks) && isWhollyEscaped(hunks)) repairs.push(hunks.map(unescapeHunk));
  for (const repaired of repairs) {
    const places = repaired.map((hunk) => exactPlace(index, hunk));
    const isNeeded = hunks.some((hunk) => exactPlace(index, hunk) === null);
    const found = places.filter((place): place is Placement => place !== null);
    if (isNeeded && found.length === hunks.length) {
      const reasons = found.flatMap((place) => doubtOf(index, place, false) ?? []);
      if (reasons.length > 0) continue;
      refuseTruncated(index.source, found);
      return found;
    }
  }
  return null;
}

function exactPlace(index: LineIndex, hunk: Hunk): Placement | null {
  try {
    const [only, ...others] = findPlaces(index, hunk);
    return only?.isExact && others.length === 0 ? only : null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
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

function collect(index: LineIndex, hunks: readonly Hunk[]): Options[] {
  const reasons: string[] = [];
  const options = hunks.map((hunk): Options => {
    try {
      return { hunk, places: findPlaces(index, hunk) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reasons.push(`${hunk.label}: ${error.message}`);
      return { hunk, places: [] };
    }
  });
  refuseFor(reasons);
  return options;
}

function refuseFor(reasons: readonly string[]): void {
  if (reasons.length === 0) return;
  const more = reasons.length > MOST_REASONS ? `\n… and ${reasons.length - MOST_REASONS} more hunks do not fit.` : '';
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
  return `its lines match ${places.length} places (${describeStarts(places)}${kind}): show more of the lines around the change, so that only one is left.`;
}
