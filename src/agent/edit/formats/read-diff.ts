/**
 * Reads unified diffs, git's extended headers included, as models write them: with wrong counts, without line numbers, in a fenced block.
 * https://git-scm.com/docs/diff-format
 */
import { type Hunk, newLines, oldLines } from '../hunk.ts';
import { Refusal } from '../refusal.ts';
import { type Cursor, readHunk, startsFile } from './diff-hunk.ts';
import { readGitNames, readName } from './diff-names.ts';
import { emptyFilePatch, type FilePatch } from './file-patch.ts';

/** Throws Refusal when there is no diff in the text. */
export function readDiff(text: string): FilePatch[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const begin = lines.findIndex((line) => /^(diff --git |Index: |--- |\+\+\+ |@@)/.test(line));
  if (begin === -1) throw new Refusal('There is no diff: a hunk begins with a line "@@ … @@".');
  const fence = lines.slice(0, begin).findLast((line) => /^\s*(```|~~~)/.test(line)) ?? '';
  const cursor: Cursor = { lines, fence: /^\s*(`+|~+)/.exec(fence)?.[1] ?? '', at: 0 };
  const patches: FilePatch[] = [];
  while (cursor.at < lines.length) readNext(cursor, patches);
  return patches.map(numberHunks);
}

function readNext(cursor: Cursor, patches: FilePatch[]): void {
  const line = cursor.lines[cursor.at] ?? '';
  const current = patches.at(-1);
  if (line.startsWith('@@@')) throw new Refusal('This is a combined diff of a merge: give a plain one.');
  if (line.startsWith('@@')) {
    (current ?? begin(patches)).hunks.push(readHunk(cursor, true));
    return;
  }
  if (startsFile(cursor, cursor.at)) {
    readFileNames(cursor, patches);
    if (/^[ +-]/.test(cursor.lines[cursor.at] ?? '')) patches.at(-1)?.hunks.push(readHunk(cursor, false));
    return;
  }
  cursor.at += 1;
  if (line.startsWith('diff --git ')) {
    const names = readGitNames(line.slice('diff --git '.length));
    Object.assign(begin(patches), {
      isGit: true,
      hasPrefix: names?.oldName !== names?.newName || !names,
      tail: names && tailOf(names),
      ...names,
    });
  } else if (line.startsWith('Index: ')) begin(patches).oldName = readName(line.slice('Index: '.length));
  else if (current && current.hunks.length === 0) readExtendedHeader(current, line.replace(/\r$/, ''));
}

/** "x/y.js" of "old/x/y.js" and "new/x/y.js". */
function tailOf({ oldName, newName }: { readonly oldName: string; readonly newName: string }): string | null {
  const [old, now] = [oldName, newName].map((name) => name.slice(name.indexOf('/') + 1));
  return oldName !== newName && old === now && old !== '' ? (old ?? null) : null;
}

function begin(patches: FilePatch[]): FilePatch {
  const patch = emptyFilePatch();
  patches.push(patch);
  return patch;
}

function readFileNames(cursor: Cursor, patches: FilePatch[]): void {
  const current = patches.at(-1);
  const isHeaded = current?.hunks.length === 0 && !current.isBinary && !current.isNamed;
  const patch = isHeaded ? current : begin(patches);
  patch.oldName = readName((cursor.lines[cursor.at] ?? '').slice(4));
  patch.newName = readName((cursor.lines[cursor.at + 1] ?? '').slice(4));
  patch.isNamed = true;
  if (patch.oldName === '/dev/null') patch.isNew = true;
  if (patch.newName === '/dev/null') patch.isDeleted = true;
  cursor.at += 2;
}

function readExtendedHeader(patch: FilePatch, line: string): void {
  const [, key, value = ''] =
    /^(new file mode|deleted file mode|old mode|new mode|rename from|rename to|copy from|copy to|index|Binary files|GIT binary patch)\b ?(.*)$/.exec(
      line,
    ) ?? [];
  if (key === 'new file mode') patch.isNew = true;
  else if (key === 'deleted file mode') patch.isDeleted = true;
  else if (key === 'old mode' || key === 'new mode') patch.hasMode = true;
  else if (key === 'Binary files' || key === 'GIT binary patch') patch.isBinary = true;
  else if (key === 'rename from' || key === 'copy from')
    patch.moved = { kind: key === 'copy from' ? 'copy' : 'rename', from: readName(value), to: patch.moved?.to ?? '' };
  else if (key === 'rename to' || key === 'copy to')
    patch.moved = { kind: key === 'copy to' ? 'copy' : 'rename', from: patch.moved?.from ?? '', to: readName(value) };
  else if (key === 'index') {
    const [, before, after] = /^([0-9a-f]{7,64})\.\.([0-9a-f]{7,64})/.exec(value) ?? [];
    if (before !== undefined && after !== undefined) patch.index = { before, after };
  }
}

function numberHunks(patch: FilePatch): FilePatch {
  const count = patch.hunks.length;
  const hunks = patch.hunks.map((hunk, index) => ({
    ...hunk,
    label: count === 1 ? 'the hunk' : `hunk ${index + 1} of ${count}`,
    isTallied: isTallied(hunk, patch.hunks[index + 1]),
  }));
  return { ...patch, hunks };
}

function isTallied(hunk: Hunk, next: Hunk | undefined): boolean {
  if (!hunk.numbers || !next?.numbers || next.numbers.oldStart <= hunk.numbers.oldStart) return false;
  const [shift, later] = [hunk.numbers, next.numbers].map(({ oldStart, oldCount, newStart, newCount }) => {
    // The number of an empty side is that of the line before it.
    return newStart + (newCount === 0 ? 1 : 0) - oldStart - (oldCount === 0 ? 1 : 0);
  });
  return (later ?? 0) - (shift ?? 0) === newLines(hunk).length - oldLines(hunk).length;
}
