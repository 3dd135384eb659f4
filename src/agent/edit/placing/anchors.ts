/** The "@@ class Cart" lines of a patch: they name lines above the hunk, outermost first. */

import { Refusal } from '../refusal.ts';
import { keyOf, type LineIndex } from './line-index.ts';
import { describeNearest } from './nearest.ts';
import type { Placement } from './placement.ts';

/** Keeps the places that stand below the anchors, those inside the anchored block first. Throws Refusal for an anchor that is not there. */
export function belowAnchors(index: LineIndex, anchors: readonly string[], places: readonly Placement[]): Placement[] {
  if (anchors.length === 0) return [...places];
  let heads = [-1];
  for (const anchor of anchors) {
    const found = linesNamed(index, anchor);
    if (found.length === 0)
      throw new Refusal(
        `the line "@@ ${anchor}" names does not stand in the file.${describeNearest(index.source, [anchor])}`,
      );
    const last = Math.min(...heads);
    heads = found.filter((line) => line > last);
  }
  const starts = (place: Placement) => place.at[0] ?? 0;
  // As git's own headers do not, models also name a line of the hunk itself.
  const below = places.filter((place) => heads.some((head) => head <= starts(place) || place.at.includes(head)));
  const inside = places.filter((place) => heads.some((head) => isInside(index, head, starts(place))));
  return inside.length > 0 ? inside : below;
}

function linesNamed(index: LineIndex, anchor: string): number[] {
  const key = keyOf(anchor);
  const equal = index.places.get(key);
  if (equal) return [...equal];
  // Models leave out what stands around: "class Cart" for "export class Cart {".
  return index.keys.flatMap((other, line) => (key !== '' && other.includes(key) ? [line] : []));
}

/** A block goes on while its lines are indented deeper than its head, closing brackets aside. */
function isInside(index: LineIndex, head: number, line: number): boolean {
  const depth = depthOf(index.source.lines[head] ?? '');
  if (line < head) return false;
  for (let at = head + 1; at <= line; at += 1) {
    const text = index.source.lines[at] ?? '';
    if (text.trim() !== '' && depthOf(text) <= depth) return false;
  }
  return true;
}

const depthOf = (line: string) => /^[ \t]*/.exec(line)?.[0].length ?? 0;
