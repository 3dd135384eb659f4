/** A change as an edit of each format. */
import { type StructuredPatchHunk, structuredPatch } from 'diff';
import type { Edit } from '../../../agent/edit/edit.ts';
import { hashText } from '../../../session/tree.ts';
import type { Change, EditCase } from './edit-case.ts';

export function hunksOf({ path, before, after }: Change, context = 3): StructuredPatchHunk[] {
  return structuredPatch(path, path, before, after, undefined, undefined, { context }).hunks;
}

export interface DiffStyle {
  readonly context: number;
  /** With "diff --git", and the index line that names the blobs. */
  readonly isGit: boolean;
}

export function renderDiff(change: Change, { context, isGit }: DiffStyle): string {
  const { path, before, after } = change;
  const git = isGit
    ? `diff --git a/${path} b/${path}\nindex ${hashText(before).slice(0, 9)}..${hashText(after).slice(0, 9)} 100644\n`
    : '';
  const hunks = hunksOf(change, context).map(renderHunk).join('');
  return `${git}--- a/${path}\n+++ b/${path}\n${hunks}`;
}

export function renderHunk({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string {
  // The number of an empty side is that of the line before it.
  const range = (start: number, count: number) => `${count === 0 ? start - 1 : start}${count === 1 ? '' : `,${count}`}`;
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.map((line) => `${line}\n`).join('')}`;
}

function renderPatch(change: Change): string {
  const hunks = hunksOf(change).map(
    ({ lines }) =>
      `@@\n${lines
        .filter((line) => !line.startsWith('\\'))
        .map((line) => `${line}\n`)
        .join('')}`,
  );
  return `*** Begin Patch\n*** Update File: ${change.path}\n${hunks.join('')}*** End Patch\n`;
}

interface Block {
  readonly search: string;
  readonly replace: string;
}

/** Old and new text of each hunk, with as much context as makes the old one unique; null where none does. */
function blocksOf(change: Change, context: number): Block[] | null {
  const blocks = hunksOf(change, context).map(({ lines }) => {
    const side = (ops: string) => lines.filter((line) => ops.includes(line[0] ?? '')).map((line) => line.slice(1));
    return { search: side(' -').join('\n'), replace: side(' +').join('\n') };
  });
  const isOnce = ({ search }: Block) => search !== '' && change.before.split(search).length === 2;
  if (blocks.every(isOnce)) return blocks;
  return context >= 12 ? null : blocksOf(change, context * 2);
}

function renderBlocks({ path }: Change, blocks: readonly Block[]): string {
  return blocks
    .map(
      ({ search, replace }) =>
        `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace === '' ? '' : `${replace}\n`}>>>>>>> REPLACE\n`,
    )
    .join('\n');
}

/** The change in a format, undamaged; null where that format cannot say it. */
export function renderEdit(change: Change, format: EditCase['format']): Edit | null {
  if (format === 'diff') return { format, text: renderDiff(change, { context: 3, isGit: false }) };
  if (format === 'whole') return { format, files: [{ path: change.path, content: change.after }] };
  if (format === 'patch') return { format, text: renderPatch(change) };
  const blocks = blocksOf(change, 3);
  if (blocks === null || endsDiffer(change)) return null;
  if (format === 'blocks')
    return blocks.some(({ search, replace }) => /^={5,9}\s*$/m.test(search + replace))
      ? null
      : { format, text: renderBlocks(change, blocks) };
  return { format, replacements: blocks.map(({ search, replace }) => ({ path: change.path, find: search, replace })) };
}

/** Lines alone do not say whether the last one has a line break. */
export const endsDiffer = ({ before, after }: Change): boolean => before.endsWith('\n') !== after.endsWith('\n');
