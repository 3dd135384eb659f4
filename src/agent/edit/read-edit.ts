/** From an edit of any format to what it does with which file. */
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import type { Edit, Replacement, WholeFile } from './edit.ts';
import { blockHunk, readBlocks, type SearchBlock } from './formats/read-blocks.ts';
import { readDiff } from './formats/read-diff.ts';
import { readPatch } from './formats/read-patch.ts';
import { resolveDiff } from './formats/resolve-diff.ts';
import { groupBy } from './group.ts';
import type { Operation } from './operation.ts';
import { cleanPath, findPath, missingFile } from './paths.ts';
import { withPlainEnds } from './plain-ends.ts';
import { Refusal } from './refusal.ts';

/** Throws Refusal. */
export function readEdit(files: Files, edit: Edit): Operation[] {
  switch (edit.format) {
    case 'replace':
      return readReplacements(files, edit.replacements);
    case 'blocks':
      return readSearchBlocks(files, readBlocks(withPlainEnds(edit.text), new Set(Object.keys(files))));
    case 'diff':
      return resolveDiff(files, readDiff(edit.text), edit.path ?? null);
    case 'patch':
      return readPatch(files, withPlainEnds(edit.text));
    case 'whole':
      return edit.files.map((file) => readWhole(files, file));
  }
}

function readReplacements(files: Files, replacements: readonly Replacement[]): Operation[] {
  const byPath = groupBy(replacements, ({ path }) => existing(files, path));
  return [...byPath].map(([path, own]) => ({ kind: 'replace', path, replacements: own }));
}

function existing(files: Files, named: string): string {
  const path = findPath(files, named);
  if (path === null) throw new Refusal(missingFile(files, cleanPath(named)));
  return path;
}

function readWhole(files: Files, file: WholeFile): Operation {
  if (/[/\\]\s*$/.test(file.path)) throw new Refusal(`"${file.path}" names a folder.`);
  return { kind: 'write', path: findPath(files, file.path) ?? cleanPath(file.path), file };
}

function readSearchBlocks(files: Files, blocks: readonly SearchBlock[]): Operation[] {
  const byPath = groupBy(blocks, ({ path }) => path ?? onlyPath(files));
  return [...byPath].flatMap(([path, own]) => readFileBlocks(files, path, own));
}

function onlyPath(files: Files): string {
  const paths = Object.keys(files);
  const [path] = paths;
  if (path === undefined || paths.length > 1)
    throw new Refusal('A SEARCH/REPLACE block does not say which file it changes: put its path on the line above.');
  return path;
}

function readFileBlocks(files: Files, named: string, blocks: readonly SearchBlock[]): Operation[] {
  const path = findPath(files, named);
  const [first] = blocks;
  const isEmpty = (block: SearchBlock) => block.search.every((line) => line.trim() === '');
  if (first && blocks.length === 1 && isEmpty(first) && (path === null || contentAt(files, path) === '')) {
    const content = first.replace.map((line) => `${line}\n`).join('');
    const target = path ?? cleanPath(named);
    return [
      path === null
        ? { kind: 'create', path: target, content }
        : { kind: 'write', path: target, file: { path: target, content } },
    ];
  }
  if (path === null) throw new Refusal(missingFile(files, cleanPath(named)));
  const hunks = blocks.map((block, index) => {
    const label = blocks.length === 1 ? 'the block' : `block ${index + 1} of ${blocks.length}`;
    if (isEmpty(block))
      throw new Refusal(
        `${path}, ${label}: SEARCH is empty, but the file is not: show the lines that are to be replaced.`,
      );
    return blockHunk(block, label);
  });
  return [{ kind: 'hunks', path, hunks, index: null }];
}
