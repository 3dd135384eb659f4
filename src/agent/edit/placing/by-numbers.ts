/** Hunks put where their headers say, for when something else proves that the headers are right. */
import { NO_DRIFT } from '../drift/drift.ts';
import { type Hunk, oldLines } from '../hunk.ts';
import { type SourceText, withoutBom } from '../source-text.ts';
import type { Placement } from './placement.ts';

/** null unless each hunk's lines stand exactly at its number. */
export function placeByNumbers(source: SourceText, hunks: readonly Hunk[]): Placement[] | null {
  const placements = hunks.flatMap((hunk) => placeByNumber(source, hunk) ?? []);
  return placements.length === hunks.length ? placements : null;
}

export function placeByNumber({ lines }: SourceText, hunk: Hunk): Placement | null {
  if (!hunk.numbers) return null;
  const old = oldLines(hunk);
  const { oldStart } = hunk.numbers;
  // The number of an empty side is that of the line before it.
  if (old.length === 0)
    return oldStart > lines.length ? null : { hunk, at: [], insertAt: oldStart, isExact: true, drift: NO_DRIFT };
  const at = old.map((_, index) => oldStart - 1 + index);
  const isThere = old.every(({ text }, index) => {
    const line = lines[at[index] ?? -1];
    return line !== undefined && line === (at[index] === 0 ? withoutBom(text) : text);
  });
  return isThere ? { hunk, at, isExact: true, drift: NO_DRIFT } : null;
}
