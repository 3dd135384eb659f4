/** How far the line numbers of a diff may be believed: they decide between equal places only when nothing speaks against them. */
import { type Hunk, missingLines, newLines, oldLines } from '../hunk.ts';
import type { SourceText } from '../source-text.ts';
import type { Placement } from './placement.ts';

/** Counts that are those of the lines, and new numbers that follow from the old ones and the changes before. */
export function areSound(hunks: readonly Hunk[]): boolean {
  let shift = 0;
  let last = 0;
  for (const hunk of hunks) {
    const missing = missingLines(hunk);
    if (!hunk.numbers || missing.old !== 0 || missing.new !== 0) return false;
    const { oldStart, oldCount, newStart, newCount } = hunk.numbers;
    // The number of an empty side is that of the line before it.
    const [from, to] = [oldStart + (oldCount === 0 ? 1 : 0), newStart + (newCount === 0 ? 1 : 0)];
    if (to - from !== shift || from <= last) return false;
    shift += newLines(hunk).length - oldLines(hunk).length;
    last = from;
  }
  return true;
}

export const isStated = ({ hunk, at, insertAt }: Placement): boolean =>
  hunk.numbers?.oldStart === (insertAt ?? (at[0] ?? -1) + 1);

/** A place below that needs no number, where its header says: nothing above it was added or taken away since the diff was made. */
export const isConfirmed = (hunk: Hunk, sure: readonly Placement[]): boolean =>
  hasWholeContext(hunk, sure) &&
  sure.every(isStated) &&
  sure.some((place) => (place.hunk.numbers?.oldStart ?? 0) > (hunk.numbers?.oldStart ?? 0));

/** A hunk that shows fewer lines above its change than others has lost some, and its number may be that of one of them. */
function hasWholeContext(hunk: Hunk, sure: readonly Placement[]): boolean {
  const shown = contextAbove(hunk);
  return hunk.numbers?.oldStart === 1 || sure.every((place) => contextAbove(place.hunk) <= shown);
}

const contextAbove = ({ lines }: Hunk) => lines.findIndex(({ op }) => op !== ' ');

/** The place that the header names, where a hunk below or the heading confirms it; else null: a copy may have been put above. `sure` are places of other hunks that need no number. */
export function statedAmong(
  source: SourceText,
  places: readonly Placement[],
  sure: readonly Placement[],
): Placement | null {
  const stated = places.find(isStated);
  if (!stated?.isExact || !sure.every(isStated) || !hasWholeContext(stated.hunk, sure)) return null;
  const rivals = places.filter((place) => place !== stated);
  const heading = compareHeading(source, stated, rivals);
  if (heading === 'against') return null;
  return heading === 'for' || isConfirmed(stated.hunk, sure) ? stated : null;
}

/** Git's section heading tells places apart when it is that of one of them only. */
function compareHeading(
  source: SourceText,
  stated: Placement,
  rivals: readonly Placement[],
): 'for' | 'against' | 'silent' {
  const wanted = stated.hunk.heading;
  if (wanted === '') return 'silent';
  const isHeaded = ({ at }: Placement) => headingAbove(source, at[0] ?? 0) === wanted;
  const rivalHeaded = rivals.some(isHeaded);
  if (isHeaded(stated)) return rivalHeaded ? 'silent' : 'for';
  return rivalHeaded ? 'against' : 'silent';
}

/** https://git-scm.com/docs/gitattributes#_defining_a_custom_hunk_header: without a driver, a line that begins with a letter, "_" or "$". */
function headingAbove(source: SourceText, line: number): string {
  for (let at = line - 1; at >= 0; at -= 1) {
    const text = source.lines[at] ?? '';
    if (/^[A-Za-z_$]/.test(text)) return text.slice(0, 80).trim();
  }
  return '';
}
