/** A hunk that was cut off would be applied in part. Its header then promises more lines than are there, context at its end among them. */
import { type Hunk, missingLines, oldLines } from '../hunk.ts';
import { changeRuns, type Placement } from '../placing/placement.ts';
import { Refusal } from '../refusal.ts';
import type { SourceText } from '../source-text.ts';

/** Context lines that diffs show around a change. */
const CONTEXT = 3;

/** Throws Refusal. A count that is merely wrong differs by less, or in one direction only. */
export function refuseTruncated(source: SourceText, placements: readonly Placement[]): void {
  for (const { hunk, at } of placements) {
    const missing = missingLines(hunk);
    if (hunk.isComplete || !hunk.numbers || at.length === 0) continue;
    const reachesEnd = (at[0] ?? 0) + hunk.numbers.oldCount >= source.lines.length;
    if (!reachesEnd && isTrimmed(hunk, at)) continue;
    refuseOneSided(source, { hunk, at });
    if (missing.old <= 0 && missing.new <= 0) continue;
    // Lines that it left out in its middle are all that it lacks.
    const skipped = (at.at(-1) ?? 0) - (at[0] ?? 0) - (at.length - 1);
    if (skipped > 0 && missing.old === skipped && missing.new === skipped) continue;
    // Near the end of the file a diff shows less context.
    const context = Math.max(0, Math.min(CONTEXT, source.lines.length - (at.at(-1) ?? 0) - 1, leading(hunk.lines)));
    const isCut = missing.old >= context && missing.new >= context && missing.old + missing.new > 2 * context;
    const isCutAtEnd = reachesEnd && missing.old >= 0 && missing.new >= 0;
    if (isCut || isCutAtEnd)
      throw new Refusal(
        `${hunk.label}: it seems to be cut off: its header promises ${hunk.numbers.oldCount} old and ${hunk.numbers.newCount} new lines, ` +
          `but ${oldLines(hunk).length} and ${hunk.numbers.newCount - missing.new} are there. Give the whole hunk, or a header without numbers ("@@ @@").`,
      );
  }
}

/**
 * What is missing is context at the ends and nothing else: the hunk stands as far below its number as lines are missing at its head, and with
 * those that are missing at its tail it shows as many lines above and below the change as diffs do.
 */
function isTrimmed(hunk: Hunk, at: readonly number[]): boolean {
  const missing = missingLines(hunk);
  if (!hunk.numbers || missing.old <= 0 || missing.old !== missing.new) return false;
  const above = (at[0] ?? 0) + 1 - hunk.numbers.oldStart;
  const below = missing.old - above;
  const shownAbove = hunk.lines.findIndex(({ op }) => op !== ' ');
  const shownBelow = hunk.lines.length - 1 - hunk.lines.findLastIndex(({ op }) => op !== ' ');
  const isGapless = (at.at(-1) ?? 0) - (at[0] ?? 0) === at.length - 1;
  return isGapless && above >= 0 && below >= 0 && above + shownAbove === CONTEXT && below + shownBelow === CONTEXT;
}

function leading(lines: readonly { readonly op: string }[]): number {
  const first = lines.findIndex(({ op }) => op !== ' ');
  return first === -1 ? lines.length : Math.max(first, 1);
}

/**
 * A diff shows lines on both sides of what it adds, but at the ends of a file. Where one side is missing, context was lost, perhaps the very
 * line that the new ones follow.
 */
function refuseOneSided(source: SourceText, { hunk, at }: Pick<Placement, 'hunk' | 'at'>): void {
  const old = oldLines(hunk).length;
  // Without any, the diff was made so.
  const hasContext = hunk.lines.some(({ op }) => op === ' ');
  const isOneSided = changeRuns(hunk).some(({ removed, added, before }) => {
    // Diffs take away before they put in: a line that was above what goes has been lost, and the number tells of it.
    const putsInFirst = before === 0 && removed.length > 0 && added[0] === 0;
    if (putsInFirst && at[0] !== 0 && hunk.numbers?.oldStart !== (at[0] ?? 0) + 1) return true;
    if (removed.length > 0 && (added.length <= removed.length || !hasContext)) return false;
    const isBeginning = before === 0 && at[0] !== 0;
    const isEnd = before + removed.length === old && at.at(-1) !== source.lines.length - 1;
    return isBeginning || isEnd;
  });
  if (isOneSided)
    throw new Refusal(
      `${hunk.label}: it shows lines on one side only of those that it adds, so where they belong is not certain: show the lines above and below.`,
    );
}
