/** Which files of a project are its source: what a snapshot holds. */
import ignore from 'ignore';
import { contentSize } from '../session/content.ts';
import type { Content, Files } from '../session/files.ts';
import type { FileSystemTree } from './webcontainer.ts';

/** Never looked into: installed code, version control, what builds make. */
export const OMITTED_FOLDERS: readonly string[] = [
  'node_modules',
  '.git',
  'dist',
  'build',
  'coverage',
  '.cache',
  '.fixpoint',
];
const SECRETS = /(^|\/)\.env[^/]*$/i;
const LARGEST = 1024 * 1024;

/** Globs for the client's `excludes`. */
export const OMITTED_GLOBS = OMITTED_FOLDERS.flatMap((name) => [name, `**/${name}`]);

export interface SourceTree {
  readonly files: Files;
  readonly omitted: readonly string[];
}

/** A character takes three bytes at most. */
const isLarge = (contents: string | Uint8Array): boolean =>
  contents.length > LARGEST ||
  (typeof contents === 'string' && contents.length * 3 > LARGEST && contentSize(contents) > LARGEST);

/** Picks the source files out of an exported tree; `toContent` makes content of bytes. Links are omitted, and of omitted folders the name alone ("dist/"). */
export function pickSources(tree: FileSystemTree, toContent: (bytes: Uint8Array) => Content): SourceTree {
  const ignored = ignore();
  const rules = tree['.gitignore'];
  if (rules && 'file' in rules && 'contents' in rules.file && typeof rules.file.contents === 'string')
    ignored.add(rules.file.contents);
  const files: [string, Content][] = [];
  const omitted: string[] = [];
  const visit = (folder: FileSystemTree, prefix: string): void => {
    for (const [name, node] of Object.entries(folder)) {
      const path = prefix + name;
      if ('directory' in node) {
        if (OMITTED_FOLDERS.includes(name) || ignored.ignores(`${path}/`)) omitted.push(`${path}/`);
        else visit(node.directory, `${path}/`);
      } else if ('symlink' in node.file || SECRETS.test(path) || ignored.ignores(path)) omitted.push(path);
      else if (isLarge(node.file.contents)) omitted.push(path);
      else
        files.push([path, typeof node.file.contents === 'string' ? node.file.contents : toContent(node.file.contents)]);
    }
  };
  visit(tree, '');
  return { files: Object.fromEntries(files), omitted };
}

/** What a snapshot would leave out is left alone when files are restored. */
export const isOmitted = (path: string): boolean =>
  SECRETS.test(path) || path.split('/').some((part) => OMITTED_FOLDERS.includes(part));
