/** Whether new lines whose indentation was brought back stand as deep as those around them say. */

import { type ChangeRun, changeRuns, type Placement } from '../placing/placement.ts';
import type { SourceText } from '../source-text.ts';
import { isBlank, partsOf } from './line-parts.ts';
import { isCloser, isOpener } from './stripped.ts';

/**
 * Why the indentation of the new lines is not certain where that of the context has drifted: it agrees with nothing around them, or it would agree
 * as well if the context alone had drifted. null when it is certain.
 */
export function doubtfulIndentation(source: SourceText, place: Placement): string | null {
  const { drift, hunk } = place;
  if (!('kinds' in drift) || !drift.kinds.includes('indentation')) return null;
  const runs = changeRuns(hunk).map((run) => {
    const added = run.added.map((index) => hunk.lines[index]?.text ?? '').filter((line) => !isBlank(line));
    return { run, added };
  });
  const full = runs.filter(({ added }) => added.length > 0);
  const agree = (reword: (line: string) => string) =>
    full.every(({ run, added: [first = ''] }) => agrees(source, place, { run, first: reword(first) }));
  if (!agree(drift.reword))
    return 'its indentation differs from that of the file, and that of the new lines then agrees with none around them';
  const isProven = full.some(({ run: { removed }, added: [first = ''] }) => {
    const gone = removed.find((line) => !isBlank(line));
    return gone !== undefined && indentOf(gone) !== '' && indentOf(gone) === indentOf(first);
  });
  const isSame = full.every(({ added }) => added.every((line) => drift.reword(line) === line));
  if (isProven || isSame || !agree((line) => line)) return null;
  return 'its indentation differs from that of the file, and the new lines would fit with theirs as well as with that of the file';
}

const indentOf = (line: string) => partsOf(line).indent;

interface First {
  readonly run: ChangeRun;
  readonly first: string;
}

/** The first new line stands as deep as a line beside it, or as one that goes for it; or it is the inside of the line above, or ends something. */
function agrees({ lines }: SourceText, { at }: Placement, { run, first }: First): boolean {
  const above = at[run.before - 1];
  const start =
    run.removed.length > 0 ? (at[run.before] ?? 0) : above === undefined ? (at[run.before] ?? 0) : above + 1;
  const end = start + run.removed.length;
  const before = lines.slice(Math.max(0, start - 5), start).findLast((line) => !isBlank(line));
  const after = lines.slice(end, end + 5).find((line) => !isBlank(line));
  const gone = lines.slice(start, end).filter((line) => !isBlank(line));
  const indent = indentOf(first);
  if ([before, after, ...gone].some((line) => line !== undefined && indentOf(line) === indent)) return true;
  if (before === undefined) return indent === '' && gone.length === 0;
  const isDeeper = indent.startsWith(indentOf(before)) && indent.length > indentOf(before).length;
  return (isOpener(before) && isDeeper) || (isCloser(first) && !isDeeper);
}
