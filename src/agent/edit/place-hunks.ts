/** Gives every hunk of a file its place, or refuses them all. */
import { looksStripped } from './drift.ts';
import { type Hunk, hasChange, newLines, oldLines } from './hunk.ts';
import { indexLines, type LineIndex } from './line-index.ts';
import { findPlaces } from './locate-hunk.ts';
import { changeRuns, describeStarts, type Placement } from './placement.ts';
import { Refusal } from './refusal.ts';
import { similarity } from './similarity.ts';
import type { SourceText } from './source-text.ts';
import { refuseTruncated } from './truncation.ts';
import { areSound, isStated, statedAmong } from './trust.ts';

/** Reasons that are told at once. */
const MOST_REASONS = 3;

/** The places of a hunk that nothing speaks against, the certain one first. */
interface Options {
  readonly hunk: Hunk;
  readonly places: readonly Placement[];
}

/** Chooses among several places of several hunks by what comes out; null when it cannot tell. */
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
  const options = collect(index, hunks);
  const sure = options.flatMap(({ places }) => (places.length === 1 ? places : []));
  const isSound = areSound(given);
  if (sure.length < options.length) {
    const judged = judge(options.map(({ places }) => places));
    if (judged) return judged;
  }
  const reasons: string[] = [];
  const placements = options.flatMap(({ hunk, places }) => {
    const others = sure.filter((place) => place.hunk !== hunk);
    const chosen = places.length === 1 ? places[0] : isSound ? statedAmong(source, places, others) : null;
    const doubt = chosen ? doubtOf(index, chosen, isSound) : ambiguity(places);
    if (doubt !== null) reasons.push(`${hunk.label}: ${doubt}`);
    return chosen ? [chosen] : [];
  });
  refuseFor(reasons);
  refuseTruncated(source, placements);
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

/** Why even the only place is not certain; null when it is. */
function doubtOf(index: LineIndex, place: Placement, isSound: boolean): string | null {
  const { source } = index;
  if ('doubt' in place.drift)
    return `it fits line ${(place.at[0] ?? 0) + 1} only without regard to white space, and ${place.drift.doubt}: repeat the lines as they are in the file.`;
  if (isApplied(source, place))
    return `it seems to be applied already: line ${(place.at[0] ?? 0) + 1} and those below are what it would leave.`;
  const rival = isStated(place) ? null : statedRival(source, place);
  if (rival !== null && isSound)
    return `its lines stand at line ${(place.at[0] ?? 0) + 1}, but line ${rival + 1}, which its header names, holds nearly the same: repeat the lines of the place that is meant.`;
  const added = place.hunk.lines.filter(({ op }) => op === '+').map(({ text }) => text);
  const whole = place.hunk.lines.map(({ text }) => text);
  if (looksStripped(added) && looksStripped(whole) && source.lines.some((line) => /^[ \t]+\S/.test(line)))
    return 'its lines have lost their indentation: write them as they are to stand in the file.';
  return null;
}

/** The lines that the hunk leaves stand at its place already: it only adds, and added before. */
function isApplied(source: SourceText, { hunk, at }: Placement): boolean {
  const start = at[0] ?? 0;
  if (changeRuns(hunk).some(({ removed }) => removed.length > 0)) return false;
  const after = newLines(hunk);
  return after.every(({ text }, offset) => source.lines[start + offset] === text);
}

/** A line near the one that the header names where nearly the same stands; null when there is none, or the place is near it too. */
function statedRival(source: SourceText, { hunk, at }: Placement): number | null {
  const old = oldLines(hunk);
  const stated = (hunk.numbers?.oldStart ?? 0) - 1;
  const place = at[0] ?? 0;
  if (!hunk.numbers || Math.abs(place - stated) < old.length + 4) return null;
  for (let start = Math.max(0, stated - 3); start <= stated + 3; start += 1) {
    const alike = old.filter(({ text }, offset) => {
      const other = source.lines[start + offset] ?? '';
      return text.trim() !== '' && (text === other || similarity(text.trim(), other.trim()) > 0.8);
    });
    const full = old.filter(({ text }) => text.trim() !== '').length;
    if (full > 1 && alike.length / full >= 0.6) return start;
  }
  return null;
}
