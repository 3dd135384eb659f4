/** From paths to inodes. */

import { bytesOfText } from '../byte-text.ts';
import { SystemError } from '../syscalls.ts';
import { DirectoryInode, type Inode, LinkInode } from './inode.ts';

const MAX_LINKS = 40;
export const MAX_PATH = 4096;
const MAX_NAME = 255;

/** A path, or the target of a link, that no process could name. */
export const isTooLong = (path: string): boolean =>
  path.length >= MAX_PATH || (path.length * 3 >= MAX_PATH && bytesOfText(path).length >= MAX_PATH);

/** The path without slashes behind it. A path may be of any length as yet, and a pattern would look from each of its slashes. */
export function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path.endsWith('/', end)) end--;
  return path.slice(0, end);
}

/** From where a path is looked up, and with which mask files are made. */
export interface Place {
  readonly root: DirectoryInode;
  cwd: DirectoryInode;
  umask: number;
  /** Takes the numbers of all inodes on which the result of a lookup depends, while somebody wants them. */
  visited?: number[] | null;
}

/** Looks things up on which what the caller is answered does not depend; `visited` takes what they depend on, if anything does. */
export function lookApart<Found>(place: Place, look: () => Found, visited: number[] | null = null): Found {
  const { visited: outer = null } = place;
  place.visited = visited;
  try {
    return look();
  } finally {
    place.visited = outer;
  }
}

/** What a path leads to, for the kernel's own use; null where there is nothing, or nothing that can be reached. */
export function findApart(place: Place, path: string): Inode | null {
  try {
    return lookApart(place, () => find(place, path, true));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return null;
  }
}

/** Where a path leads: the entry `name` of `parent`, which need not be there. */
export interface Located {
  parent: DirectoryInode;
  /** May be "." or "..", and is empty for the root. */
  name: string;
  inode: Inode | undefined;
  /** The path, or the target of the link that it names, ends in a slash: what it leads to must be a directory. */
  slash: boolean;
}

/** Throws ENOENT, ENOTDIR, ELOOP or ENAMETOOLONG, `noFolder` of what has a slash behind it and is no folder; a missing last component is no error. */
export function locate(place: Place, path: string, follow: boolean, noFolder = 'ENOTDIR'): Located {
  if (path === '') throw new SystemError('ENOENT');
  if (isTooLong(path)) throw new SystemError('ENAMETOOLONG');
  const rest = components(path);
  let slash = path.endsWith('/');
  let directory = path.startsWith('/') ? place.root : place.cwd;
  let links = 0;
  const visited = place.visited ?? null;
  if (visited) for (const above of ancestors(directory)) visited.push(above.number);
  for (;;) {
    visited?.push(directory.number);
    const name = rest.pop();
    if (name === undefined) return { parent: directory.above, name: '', inode: directory, slash };
    const inode = child(directory, name);
    if (inode) visited?.push(inode.number);
    const last = rest.length === 0;
    if (inode instanceof LinkInode && (follow || slash || !last)) {
      if (++links > MAX_LINKS) throw new SystemError('ELOOP');
      if (inode.target.startsWith('/')) directory = place.root;
      if (last && inode.target.endsWith('/')) slash = true;
      rest.push(...components(inode.target));
      continue;
    }
    if (last)
      return { parent: parentFor(directory, name), name, inode: slash ? checkFolder(inode, noFolder) : inode, slash };
    if (!inode) throw new SystemError('ENOENT');
    if (!(inode instanceof DirectoryInode)) throw new SystemError('ENOTDIR');
    directory = inode;
  }
}

/** The inode at a path; throws ENOENT too. */
export function find(place: Place, path: string, follow: boolean): Inode {
  return findNamed(place, path, follow).inode;
}

/** As `find`, with the entry that leads to it. */
export function findNamed(place: Place, path: string, follow: boolean): Located & { inode: Inode } {
  const { inode, ...rest } = locate(place, path, follow);
  if (!inode) throw new SystemError('ENOENT');
  return { ...rest, inode };
}

/** Throws ENOTDIR when it is something else. */
export function findDirectory(place: Place, path: string): DirectoryInode {
  const inode = find(place, path, true);
  if (!(inode instanceof DirectoryInode)) throw new SystemError('ENOTDIR');
  return inode;
}

/** The absolute path of a directory; ENOENT once it was removed. */
export function pathOf(directory: DirectoryInode): string {
  let path = '';
  for (let at = directory; at.parent !== at; at = at.parent) {
    if (!at.parent) throw new SystemError('ENOENT');
    path = `/${at.name}${path}`;
  }
  return path || '/';
}

/** What a process is told that starts in the directory: its path, or, as it may be removed by then, one that leads nowhere. */
export const pathToStartIn = (directory: DirectoryInode): string =>
  directory.parent ? pathOf(directory) : `/${directory.name} (deleted)`;

/** The absolute path without links. */
export function realPath(place: Place, path: string): string {
  const { parent, name, inode } = locate(place, path, true);
  if (!inode) throw new SystemError('ENOENT');
  if (inode instanceof DirectoryInode) return pathOf(inode);
  const folder = pathOf(parent);
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** What lies above a directory, up to the root. */
function* ancestors(directory: DirectoryInode): Generator<DirectoryInode> {
  for (let at = directory.parent; at && at !== directory; at = at.parent) {
    yield at;
    if (at.parent === at) return;
  }
}

/** Reversed, so that `pop` takes the next. A "." that ends a path stays: it demands a directory. */
function components(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  const kept = parts.filter((part, index) => part !== '.' || index === parts.length - 1);
  return kept.reverse();
}

function child(directory: DirectoryInode, name: string): Inode | undefined {
  if (name === '.') return directory;
  if (name === '..') return directory.above;
  if (name.length * 3 > MAX_NAME && bytesOfText(name).length > MAX_NAME) throw new SystemError('ENAMETOOLONG');
  return directory.entries.get(name);
}

function parentFor(directory: DirectoryInode, name: string): DirectoryInode {
  return name === '.' || name === '..' ? (child(directory, name) as DirectoryInode).above : directory;
}

function checkFolder(inode: Inode | undefined, code: string): Inode | undefined {
  if (inode && !(inode instanceof DirectoryInode)) throw new SystemError(code);
  return inode;
}
