import { type Drift, type Exchange, explainDrift, NO_DRIFT } from '../drift/drift.ts';
import type { LinePair } from '../drift/line-parts.ts';
import { type Hunk, oldLines } from '../hunk.ts';
import { type SourceText, withoutBom } from '../source-text.ts';

/** A place of a file where a hunk's old lines stand. */
export interface Placement {
  readonly hunk: Hunk;
  /** Index of the file's line for each old line of the hunk. */
  readonly at: readonly number[];
  /** For a hunk without old lines: index of the file's line that its lines come before. */
  readonly insertAt?: number;
  readonly isExact: boolean;
  readonly drift: Drift;
}

/** A stretch of a hunk: lines that go, and lines that come in their place. */
export interface ChangeRun {
  /** How many old lines of the hunk stand before it. */
  readonly before: number;
  readonly removed: readonly string[];
  /** Indices in `hunk.lines` of the lines that come. */
  readonly added: readonly number[];
}

export function changeRuns({ lines }: Hunk): ChangeRun[] {
  const runs: { before: number; removed: string[]; added: number[] }[] = [];
  let old = 0;
  let current: (typeof runs)[number] | null = null;
  for (const [index, { op, text }] of lines.entries()) {
    if (op === ' ') current = null;
    else {
      if (!current) {
        current = { before: old, removed: [], added: [] };
        runs.push(current);
      }
      if (op === '-') current.removed.push(text);
      else current.added.push(index);
    }
    if (op !== '+') old += 1;
  }
  return runs;
}

export function placeAt(source: SourceText, hunk: Hunk, at: readonly number[]): Placement {
  const old = oldLines(hunk).map((line, index) => (at[index] === 0 ? withoutBom(line.text) : line.text));
  const texts = at.map((line) => source.lines[line] ?? '');
  const isExact = old.every((line, index) => line === texts[index]);
  if (isExact) return { hunk, at, isExact, drift: NO_DRIFT };
  const runs = changeRuns(hunk);
  const ops = oldLines(hunk).map(({ op }) => op);
  const exchanges = runs.map(
    ({ removed, added }): Exchange => ({ removed, added: added.map((index) => hunk.lines[index]?.text ?? '') }),
  );
  const isReplaced = (index: number) =>
    runs.some((run) => run.added.length > 0 && index >= run.before && index < run.before + run.removed.length);
  const pairs = old.map(
    (text, index): LinePair => ({
      edit: text,
      file: texts[index] ?? '',
      isReplaced: isReplaced(index),
      isRemoved: ops[index] === '-',
    }),
  );
  return { hunk, at, isExact, drift: explainDrift(pairs, exchanges) };
}

/** The places as the model reads them: "lines 3, 18". */
export function describeStarts(places: readonly Placement[]): string {
  const shown = places
    .slice(0, 10)
    .map(({ at }) => (at[0] ?? 0) + 1)
    .sort((one, other) => one - other);
  return `lines ${shown.join(', ')}${places.length > shown.length ? ', …' : ''}`;
}
