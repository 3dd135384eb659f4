/** Places of a hunk whose context has lost lines in the middle: the rest stands in order, nearly together, and no gap is where a line is put in. */
import { type Hunk, oldLines } from '../hunk.ts';
import { keyOf, type LineIndex } from './line-index.ts';

/** Lines that may be missing at all. */
const MOST_MISSING = 3;
/** Lines that may be missing between two that are there. */
const MOST_TOGETHER = 2;
/** Starts that are tried; a hunk whose rarest line stands more often has no certain place. */
const MOST_STARTS = 50;

/** For each place, the file's line of each old line. */
export function findGapped(index: LineIndex, hunk: Hunk): number[][] {
  const old = oldLines(hunk).map(({ text }) => keyOf(text));
  const glued = gluedAfter(hunk);
  const [first] = old;
  if (first === undefined || old.filter((key) => key !== '').length < 2) return [];
  const starts = index.places.get(first) ?? [];
  if (starts.length > MOST_STARTS) return [];
  return starts.flatMap((start) => extend(index, { old, glued }, [start])).filter((at) => !canSlip(index, at));
}

/** A skipped line that is equal to one beside the gap: which of the two was left out is not known. */
function canSlip({ keys }: LineIndex, at: readonly number[]): boolean {
  return at.some((line, index) => {
    const next = at[index + 1] ?? line + 1;
    const skipped = keys.slice(line + 1, next);
    return skipped.includes(keys[line] ?? '') || skipped.includes(keys[next] ?? '');
  });
}

/** Old lines that the next old line must follow at once: they are removed both, or something is put in between. */
function gluedAfter(hunk: Hunk): boolean[] {
  const glued: boolean[] = [];
  let last: string | null = null;
  let isBroken = false;
  for (const { op } of hunk.lines) {
    if (op === '+') {
      isBroken = true;
      continue;
    }
    if (last !== null) glued.push(isBroken || (last === '-' && op === '-'));
    last = op;
    isBroken = false;
  }
  return glued;
}

function extend(
  index: LineIndex,
  wanted: { readonly old: readonly string[]; readonly glued: readonly boolean[] },
  at: readonly number[],
): number[][] {
  const { old, glued } = wanted;
  if (at.length === old.length) return [[...at]];
  const last = at.at(-1) ?? 0;
  const skipped = last - (at[0] ?? 0) - (at.length - 1);
  const room = glued[at.length - 1] ? 0 : Math.min(MOST_TOGETHER, MOST_MISSING - skipped);
  const found: number[][] = [];
  for (let line = last + 1; line <= last + 1 + room; line += 1)
    if (index.keys[line] === old[at.length]) found.push(...extend(index, wanted, [...at, line]));
  return found;
}
