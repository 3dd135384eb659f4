/** Paths as models write them that mean a file of the project: absolute, below the project's name, in quotes, with a line number. */
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';

/** Folders that projects lie in, in the prompts and training data of models. */
const ROOT = /^(?:workspaces?|projects?|app|repos?|code|testbed|sandbox|playground|home|users|mnt|data|tmp|@|~)?$/i;
const DRIVE = /^[a-z]:$/i;
const ABSOLUTE = /^(?:\/|~\/|[a-z]:\/|file:\/)/i;

/** The path of the one file that can be meant; `named` as it is where there is none. */
export function ownPath(files: Files, named: string): string {
  if (contentAt(files, named) !== undefined) return named;
  const path = named
    .trim()
    .replace(/^(["'`<])(.+)[>"'`]$/, '$2')
    .replace(/\\/g, '/')
    .replace(/(?:#L\d+(?:-L?\d+)?|(?::\d+){1,2})$/, '');
  const parts = path
    .replace(/^file:\/*/i, '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || path === '') return named;
  const plain = parts.join('/');
  if (!ABSOLUTE.test(path) && contentAt(files, plain) !== undefined) return plain;
  const first = parts[0] ?? '';
  if (!ABSOLUTE.test(path) && (!ROOT.test(first) || hasFolder(files, first))) return named;
  return belowRoot(files, parts) ?? named;
}

/** The longest end of the path that is a file, where nothing before it is a folder of the project: then the path is of another one. */
function belowRoot(files: Files, parts: readonly string[]): string | null {
  for (let at = 0; at < parts.length; at += 1) {
    const path = parts.slice(at).join('/');
    const above = parts.slice(0, at);
    if (contentAt(files, path) === undefined) {
      if (hasFolder(files, parts[at] ?? '')) return null;
      continue;
    }
    // A name alone may be that of any file: it must stand in what is surely the project's own folder.
    const isSure = at < parts.length - 1 || at === 0 || ROOT.test(above.at(-1) ?? '') || isHome(above);
    return isSure ? path : null;
  }
  return null;
}

const isHome = (above: readonly string[]): boolean =>
  above.length > 1 && (ROOT.test(above[0] ?? '') || DRIVE.test(above[0] ?? ''));

const hasFolder = (files: Files, name: string): boolean =>
  name !== '' && Object.keys(files).some((path) => path.startsWith(`${name}/`));

/** Also by its name alone, or in another case, where that is one file: for what reads or changes a file that must be there. */
export function existingPath(files: Files, named: string): string {
  const path = ownPath(files, named);
  if (contentAt(files, path) !== undefined || /[\\*?]|\.\.|^[/~]/.test(path)) return path;
  const lower = path.replace(/^\.\//, '').toLowerCase();
  const isAlone = !lower.includes('/');
  const [found, ...more] = Object.keys(files).filter((other) => {
    const name = other.toLowerCase();
    return name === lower || (isAlone && name.endsWith(`/${lower}`));
  });
  return found !== undefined && more.length === 0 ? found : path;
}
