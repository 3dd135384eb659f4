/** How far the line numbers of a diff may be believed: they decide between equal places only when nothing speaks against them. */
import { type Hunk, missingLines, newLines, oldLines } from './hunk.ts';
import type { Placement } from './placement.ts';
import type { SourceText } from './source-text.ts';

/** Equal places nearer than this to each other are not told apart by a lone hunk's number: a number that is a little off is common. */
const NEAR = 40;

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

export const isStated = ({ hunk, at }: Placement): boolean => hunk.numbers?.oldStart === (at[0] ?? -1) + 1;

/** The place that the header names, where it can be believed; null when it cannot. `sure` are places of other hunks that need no number. */
export function statedAmong(
  source: SourceText,
  places: readonly Placement[],
  sure: readonly Placement[],
): Placement | null {
  const stated = places.find(isStated);
  if (!stated || !sure.every(isStated)) return null;
  const rivals = places.filter((place) => place !== stated);
  const heading = compareHeading(source, stated, rivals);
  if (heading === 'against') return null;
  if (heading === 'for' || sure.length > 0) return stated;
  const distance = Math.min(...rivals.map(({ at }) => Math.abs((at[0] ?? 0) - (stated.at[0] ?? 0))));
  return stated.isExact && distance >= NEAR ? stated : null;
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
