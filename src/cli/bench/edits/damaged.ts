/** A diff that something has happened to, and what such damages are made of. */
import type { StructuredPatchHunk } from 'diff';
import type { Change } from './edit-case.ts';
import type { Random } from './random.ts';
import { renderHunk } from './render.ts';

export interface Damaged {
  readonly text: string;
  /** The file that the diff meets. */
  readonly before: string;
  /** The file that is meant; null where nobody can tell. */
  readonly after: string | null;
}

export type Damage = (change: Change, random: Random) => Damaged | null;

const head = ({ path }: Change) => `--- a/${path}\n+++ b/${path}\n`;
export const write = (change: Change, hunks: readonly StructuredPatchHunk[]) =>
  head(change) + hunks.map(renderHunk).join('');
export const meant = (change: Change, text: string): Damaged => ({ text, before: change.before, after: change.after });
export const isContext = (line: string | undefined) => line?.startsWith(' ') === true;
export const count = (lines: readonly string[], ops: string) =>
  lines.filter((line) => ops.includes(line[0] ?? '')).length;
export const recount = (hunk: StructuredPatchHunk): StructuredPatchHunk => ({
  ...hunk,
  oldLines: count(hunk.lines, ' -'),
  newLines: count(hunk.lines, ' +'),
});
