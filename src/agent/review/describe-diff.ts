import { createTwoFilesPatch } from 'diff';
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import { diffFiles } from '../../session/tree.ts';
import { elide } from '../elide.ts';

/** Of the whole diff, in characters. */
const LONGEST = 40_000;
const CONTEXT = 4;

/** What changed between two sets of files, as a unified diff; binary files by name. */
export function describeDiff(before: Files, after: Files): string {
  const patches = diffFiles(before, after).map(({ path, content }) => {
    const old = contentAt(before, path) ?? '';
    if (typeof old !== 'string' || (content !== null && typeof content !== 'string'))
      return `Binary file ${path} changed.`;
    const names = [old === '' ? '/dev/null' : `a/${path}`, content === null ? '/dev/null' : `b/${path}`] as const;
    return createTwoFilesPatch(...names, old, content ?? '', undefined, undefined, {
      context: CONTEXT,
      headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
    });
  });
  return elide(patches.join('\n'), LONGEST);
}
