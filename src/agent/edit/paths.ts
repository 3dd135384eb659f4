import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import { ownPath } from './own-path.ts';
import { Refusal } from './refusal.ts';

/** "./src//a.js" and "src\a.js" -> "src/a.js". Throws Refusal for a path that leaves the project. */
export function cleanPath(named: string): string {
  const path = named.trim();
  if (path === '' || path.includes('\0')) throw new Refusal('The edit names an empty or malformed path.');
  const parts = path.split(/[/\\]/);
  if (/^([/\\]|[a-z]:[/\\]|~[/\\])/i.test(path) || parts.includes('..'))
    throw new Refusal(`"${path}" leaves the project: give a path relative to the project's folder.`);
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}

/** The file's path as the project has it, or null. */
export function findPath(files: Files, named: string): string | null {
  const own = ownPath(files, named);
  if (contentAt(files, own) !== undefined) return own;
  const path = cleanPath(named);
  return contentAt(files, path) === undefined ? null : path;
}

/** The text of a file that must be there. Throws Refusal. */
export function textOf(files: Files, path: string): string {
  const content = contentAt(files, path);
  if (content === undefined) throw new Refusal(missingFile(files, path));
  if (typeof content !== 'string') throw new Refusal(`"${path}" is not a text file.`);
  return content;
}

export function missingFile(files: Files, path: string): string {
  const name = path.split('/').at(-1)?.toLowerCase() ?? path;
  const similar = Object.keys(files)
    .filter((other) => other.toLowerCase().split('/').at(-1) === name)
    .slice(0, 5);
  const hint = similar.length > 0 ? ` Did you mean ${similar.join(' or ')}?` : '';
  return `There is no file "${path}".${hint}`;
}

/** Where a new file may stand. Throws Refusal when something is in the way. */
export function newPath(files: Files, named: string): string {
  if (/[/\\]\s*$/.test(named)) throw new Refusal(`"${named}" names a folder.`);
  const path = cleanPath(named);
  if (contentAt(files, path) !== undefined)
    throw new Refusal(`"${path}" exists already: change it with an edit instead of creating it.`);
  refuseBlocked(files, path);
  return path;
}

/** A file cannot stand where a folder is, nor below another file. */
export function refuseBlocked(files: Files, path: string): void {
  const above = foldersOf(path).find((folder) => contentAt(files, folder) !== undefined);
  const other = above ?? filesByFolder(files).get(path);
  if (other !== undefined) throw new Refusal(`"${path}" cannot be written: "${other}" exists.`);
}

const known = new WeakMap<Files, ReadonlyMap<string, string>>();

/** One of the files below each folder. */
function filesByFolder(files: Files): ReadonlyMap<string, string> {
  const found =
    known.get(files) ?? new Map(Object.keys(files).flatMap((path) => foldersOf(path).map((folder) => [folder, path])));
  known.set(files, found);
  return found;
}

/** "a", "a/b" for "a/b/c". */
export const foldersOf = (path: string): string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)).filter((folder) => folder !== '');
