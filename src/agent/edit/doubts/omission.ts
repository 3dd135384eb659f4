/** Places where whoever wrote an edit left lines out and said so: "// ... existing code ...". */
import { type Hunk, type HunkLine, hasChange, oldLines } from '../hunk.ts';
import { keyOf } from '../placing/line-index.ts';
import type { Placement } from '../placing/placement.ts';
import { Refusal } from '../refusal.ts';

const COMMENT = String.raw`(?:\/\/|#|--|;+|%|\/\*+|<!--|\{\/\*|\*)`;
const DOTS = String.raw`(?:\.{3}|…)`;
const MARK = new RegExp(
  `^\\s*${COMMENT}?\\s*${DOTS}(?:[^.…'"\`(){};=]*${DOTS})?\\s*(?:\\*\\/\\}?|-->)?$|^\\s*${COMMENT}\\s*${DOTS}`,
);
const WORDS = String.raw`(?:the\s+)?(?:rest|existing|remaining|previous|unchanged|same|other|original)\b`;
/** A line that only says that others are left out. */
export const isOmission = (line: string): boolean => MARK.test(line);

const PLACEHOLDER = new RegExp(
  `^\\s*${COMMENT}\\s*[([]?\\s*(?:${DOTS}\\s*\\(?${WORDS}|${WORDS}.*(?:${DOTS}|unchanged|stays?|same|here)\\W*$)`,
  'i',
);

/** Each hunk as the parts around the lines that only say that others are left out; a part that changes nothing is dropped. */
export function splitAtOmissions(lines: readonly string[], hunks: readonly Hunk[]): Hunk[] {
  const isMark = ({ op, text }: HunkLine) => op === ' ' && MARK.test(text);
  if (!hunks.some((hunk) => hunk.lines.some(isMark))) return [...hunks];
  const known = new Set(lines.map(keyOf));
  return hunks.flatMap((hunk) => {
    const parts: HunkLine[][] = [[]];
    for (const line of hunk.lines) {
      if (isMark(line) && !known.has(keyOf(line.text))) parts.push([]);
      else parts.at(-1)?.push(line);
    }
    if (parts.length === 1) return [hunk];
    const split = parts.map((part): Hunk => ({ ...hunk, lines: part, numbers: null, isTallied: false }));
    for (const part of split)
      if (hasChange(part) && oldLines(part).every(({ text }) => text.trim() === ''))
        throw new Refusal(
          `${hunk.label}: it adds lines next to one that stands for others ("…"), so where they belong is not certain: show the lines around.`,
        );
    return split.filter(hasChange);
  });
}

/** Parts of one hunk stand in its order. Throws Refusal. */
export function refuseDisorder(placements: readonly Placement[]): void {
  for (const [index, { hunk, at }] of placements.entries()) {
    const before = placements[index - 1];
    if (before?.hunk.label === hunk.label && before.hunk !== hunk && (before.at.at(-1) ?? 0) >= (at[0] ?? 0))
      throw new Refusal(`${hunk.label}: its parts stand in another order in the file.`);
  }
}

/** Throws Refusal where the new text has a remark in place of the lines that it stands for. */
export function refusePlaceholders(before: string, after: string): void {
  if (!/\.{3}|…|unchanged|stay|same|here/i.test(after)) return;
  const old = new Set(before.split('\n').map((line) => line.trim()));
  const found = after.split('\n').find((line) => PLACEHOLDER.test(line.slice(0, 200)) && !old.has(line.trim()));
  if (found !== undefined)
    throw new Refusal(
      `the edit puts in "${found.trim().slice(0, 80)}", which stands for lines that it leaves out: write them all, or change only the lines that differ.`,
    );
}
