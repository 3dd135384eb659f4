/** Operations on the entries of directories. All throw `SystemError` as the system call of Linux of their name. */
import { now } from '../clock.ts';
import { entryType } from '../file-modes.ts';
import { type Entries, SystemError } from '../syscalls.ts';
import type { FileSystem } from './file-system.ts';
import { DirectoryInode, FifoInode, FileInode, type Inode, LinkInode } from './inode.ts';
import { findDirectory, isTooLong, type Located, locate, type Place, withoutSlashes } from './lookup.ts';

/** Adds a new inode to its directory. */
export function addEntry(fs: FileSystem, parent: DirectoryInode, name: string, inode: Inode): void {
  if (!parent.parent) throw new SystemError('ENOENT');
  fs.reserveEntries(1);
  parent.entries.set(name, inode);
  if (inode instanceof DirectoryInode) {
    inode.parent = parent;
    inode.name = name;
    parent.links++;
  }
  touch(parent);
  fs.entryChanged(inode, parent, name);
}

/** What belongs to the system is held as a mounted folder is. */
function checkRemovable(...inodes: readonly (Inode | undefined)[]): void {
  if (inodes.some((inode) => inode?.isFixed)) throw new SystemError('EBUSY');
}

/** `isReplaced`: another one comes in its place, which its folder is told then. */
function dropEntry(
  fs: FileSystem,
  { parent, name, inode }: { parent: DirectoryInode; name: string; inode: Inode },
  isReplaced = false,
): void {
  parent.entries.delete(name);
  fs.reserveEntries(-1);
  if (inode instanceof DirectoryInode) {
    inode.parent = null;
    inode.links = 0;
    parent.links--;
  } else {
    inode.links--;
    inode.changedMs = now();
    fs.linksChanged(inode);
  }
  touch(parent);
  if (isReplaced) fs.onChanged(inode);
  else fs.entryChanged(inode, parent, name);
  if (inode instanceof LinkInode && inode.links === 0) fs.reserve(-inode.room);
  if (inode instanceof FileInode) fs.releaseIfUnused(inode);
  else if (inode.links === 0) fs.gone(inode);
}

function touch(directory: DirectoryInode): void {
  directory.modifiedMs = directory.changedMs = now();
}

/** A place for a new entry; EEXIST when it is taken. */
function freePlace(place: Place, path: string, forDirectory = false): Located {
  const located = locateNew(place, path);
  if (located.inode) throw new SystemError('EEXIST');
  if (located.slash && !forDirectory) throw new SystemError('ENOENT');
  return located;
}

/** As `locate` without following, but a slash behind a link or a file is no reason to look further: the name is taken. */
function locateNew(place: Place, path: string): Located {
  const located = locate(place, withoutSlashes(path), false);
  return { ...located, slash: path.endsWith('/') };
}

export function makeDirectory(fs: FileSystem, place: Place, path: string, mode: number): DirectoryInode {
  const { parent, name } = freePlace(place, path, true);
  if (name === '.' || name === '..') throw new SystemError('ENOENT');
  checkDepth(parent, 1);
  const directory = new DirectoryInode(mode & 0o1777 & ~place.umask, parent, name);
  addEntry(fs, parent, name, directory);
  return directory;
}

/** Deeper trees cannot be named by a path, and every walk through them would have to be afraid of its stack. */
const MAX_DEPTH = 1024;

/** Whether so many levels fit below a directory; ENAMETOOLONG. */
function checkDepth(parent: DirectoryInode, levels: number): void {
  let depth = levels;
  for (let at: DirectoryInode | null = parent; at && at.parent !== at; at = at.parent) depth++;
  if (depth > MAX_DEPTH) throw new SystemError('ENAMETOOLONG');
}

/** Levels of directories in a tree: 1 when there are none in it. */
function heightOf(directory: DirectoryInode): number {
  let height = 0;
  for (let level = [directory]; level.length > 0; height++) {
    level = level.flatMap(({ entries }) => [...entries.values()].filter((child) => child instanceof DirectoryInode));
  }
  return height;
}

/** The entry itself, for removal: with a slash behind it, it must be a directory, and a link is none. */
function locateEntry(place: Place, path: string): Located & { inode: Inode } {
  const { inode, ...rest } = locateNew(place, path);
  if (!inode) throw new SystemError('ENOENT');
  if (rest.slash && !(inode instanceof DirectoryInode)) throw new SystemError('ENOTDIR');
  return { ...rest, inode };
}

/** Makes what is missing of a path, as libuv's users do: the first folder made, as the path names it, or null. ENOTDIR, EEXIST. */
export function makeDirectories(fs: FileSystem, place: Place, path: string, mode: number): string | null {
  const { inode } = locateOrNothing(place, path);
  if (inode instanceof DirectoryInode) return null;
  if (inode) throw new SystemError('EEXIST');
  const parts = withoutSlashes(path).split('/');
  let first: string | null = null;
  // From folder to folder: each prefix looked up by itself would cost the square of the depth.
  const at: Place = { root: place.root, cwd: path.startsWith('/') ? place.root : place.cwd, umask: place.umask };
  for (const [index, name] of parts.entries()) {
    if (name === '') continue;
    let folder = locate(at, name, true).inode;
    if (!folder) {
      // A link that leads nowhere.
      if (locate(at, name, false).inode) throw new SystemError('ENOENT');
      folder = makeDirectory(fs, at, name, mode);
      first ??= parts.slice(0, index + 1).join('/');
    }
    if (!(folder instanceof DirectoryInode)) throw new SystemError('ENOTDIR');
    at.cwd = folder;
  }
  return first;
}

function locateOrNothing(place: Place, path: string): { inode: Inode | undefined } {
  try {
    return locate(place, path, true);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'ENOENT' && path !== '') return { inode: undefined };
    throw error;
  }
}

export function removeDirectory(fs: FileSystem, place: Place, path: string): void {
  const { parent, name, inode } = locateEntry(place, path);
  if (!(inode instanceof DirectoryInode)) throw new SystemError('ENOTDIR');
  if (name === '.') throw new SystemError('EINVAL');
  if (name === '..') throw new SystemError('ENOTEMPTY');
  if (name === '') throw new SystemError('EBUSY');
  if (inode.entries.size > 0) throw new SystemError('ENOTEMPTY');
  checkRemovable(inode);
  dropEntry(fs, { parent, name, inode });
}

export function unlink(fs: FileSystem, place: Place, path: string): void {
  const { parent, name, inode } = locateEntry(place, path);
  if (inode instanceof DirectoryInode) throw new SystemError('EISDIR');
  checkRemovable(inode);
  dropEntry(fs, { parent, name, inode });
}

/** Removes a file or a whole tree. */
export function removeTree(fs: FileSystem, place: Place, path: string, force: boolean): void {
  let located: Located;
  try {
    located = locate(place, path, false);
  } catch (error) {
    if (force && error instanceof SystemError && error.code === 'ENOENT') return;
    throw error;
  }
  const { parent, name, inode } = located;
  if (!inode) {
    if (force) return;
    throw new SystemError('ENOENT');
  }
  if (name === '' || name === '.' || name === '..') throw new SystemError(name === '' ? 'EBUSY' : 'EINVAL');
  removeEntry(fs, parent, name, inode);
}

/** Without recursion: a tree may be deeper than the stack. EBUSY when something stays; the rest is gone then. */
function removeEntry(fs: FileSystem, parent: DirectoryInode, name: string, inode: Inode): void {
  const found = [{ parent, name, inode }];
  for (const entry of found) {
    if (!(entry.inode instanceof DirectoryInode)) continue;
    for (const [childName, child] of entry.inode.entries) {
      found.push({ parent: entry.inode, name: childName, inode: child });
    }
  }
  let stays = false;
  for (const entry of found.reverse()) {
    const isHeld = entry.inode instanceof DirectoryInode && entry.inode.entries.size > 0;
    if (entry.inode.isFixed || isHeld) stays = true;
    else dropEntry(fs, entry);
  }
  if (stays) throw new SystemError('EBUSY');
}

export function link(fs: FileSystem, place: Place, existing: string, path: string): number {
  const { inode } = locate(place, existing, false);
  if (!inode) throw new SystemError('ENOENT');
  const { parent, name } = freePlace(place, path);
  if (inode instanceof DirectoryInode) throw new SystemError('EPERM');
  addEntry(fs, parent, name, inode);
  inode.links++;
  inode.changedMs = now();
  fs.linksChanged(inode);
  return entryType(inode);
}

export function makeFifo(fs: FileSystem, place: Place, path: string, mode: number): void {
  const { parent, name } = freePlace(place, path);
  addEntry(fs, parent, name, new FifoInode(mode & 0o7777 & ~place.umask));
}

export function symlink(fs: FileSystem, place: Place, target: string, path: string): LinkInode {
  if (target === '') throw new SystemError('ENOENT');
  const { parent, name } = freePlace(place, path);
  return addLink(fs, parent, name, target);
}

/** The target takes room as the content of a file does; ENAMETOOLONG when no path is so long. */
export function addLink(fs: FileSystem, parent: DirectoryInode, name: string, target: string): LinkInode {
  if (isTooLong(target)) throw new SystemError('ENAMETOOLONG');
  const inode = new LinkInode(target);
  fs.reserve(inode.room);
  try {
    addEntry(fs, parent, name, inode);
  } catch (error) {
    fs.reserve(-inode.room);
    throw error;
  }
  return inode;
}

export function readLink(place: Place, path: string): string {
  const { inode } = locate(place, path, false);
  if (!inode) throw new SystemError('ENOENT');
  if (!(inode instanceof LinkInode)) throw new SystemError('EINVAL');
  return inode.target;
}

export function rename(fs: FileSystem, place: Place, from: string, to: string): number {
  const source = locateNew(place, from);
  const target = locateNew(place, to);
  const { inode } = source;
  for (const { name } of [source, target]) {
    if (name === '' || name === '.' || name === '..') throw new SystemError('EBUSY');
  }
  if (!inode) throw new SystemError('ENOENT');
  const isDirectory = inode instanceof DirectoryInode;
  if ((source.slash || target.slash) && !isDirectory) throw new SystemError('ENOTDIR');
  if (isDirectory && isInside(target.parent, inode)) throw new SystemError('EINVAL');
  // A working directory that was removed takes nothing in.
  if (!target.parent.parent) throw new SystemError('ENOENT');
  const replaced = target.inode;
  if (replaced === inode) return entryType(inode);
  checkRemovable(inode, replaced);
  if (isDirectory && source.parent !== target.parent) checkDepth(target.parent, heightOf(inode));
  if (replaced) {
    if (isInside(source.parent, replaced)) throw new SystemError('ENOTEMPTY');
    checkReplaceable(inode, replaced);
    dropEntry(fs, { parent: target.parent, name: target.name, inode: replaced }, true);
  }
  source.parent.entries.delete(source.name);
  fs.reserveEntries(-1);
  if (isDirectory) source.parent.links--;
  touch(source.parent);
  inode.changedMs = now();
  fs.entryChanged(inode, source.parent, source.name);
  addEntry(fs, target.parent, target.name, inode);
  fs.moved(inode);
  return entryType(inode);
}

function checkReplaceable(inode: Inode, replaced: Inode): void {
  if (replaced instanceof DirectoryInode) {
    if (!(inode instanceof DirectoryInode)) throw new SystemError('EISDIR');
    if (replaced.entries.size > 0) throw new SystemError('ENOTEMPTY');
  } else if (inode instanceof DirectoryInode) {
    throw new SystemError('ENOTDIR');
  }
}

/** Whether a directory is the given one or lies below it. */
function isInside(directory: DirectoryInode, ancestor: Inode): boolean {
  for (let at: DirectoryInode | null = directory; at; at = at.parent) {
    if (at === ancestor) return true;
    if (at.parent === at) return false;
  }
  return false;
}

/** Null when there are more. */
export function listNames(place: Place, path: string, most: number): [string[], Uint8Array, number[]] | null {
  const { entries } = findDirectory(place, path);
  if (entries.size > most) return null;
  const inodes = [...entries.values()];
  return [[...entries.keys()], Uint8Array.from(inodes, entryType), inodes.map(({ number }) => number)];
}

export function readDirectory(place: Place, path: string): Entries {
  const directory = findDirectory(place, path);
  let names = [...directory.entries.keys()].sort();
  // Nothing else is unlisted.
  if (directory.isFixed) names = names.filter((name) => !directory.entries.get(name)?.isUnlisted);
  return { names, types: names.map((name) => entryType(directory.entries.get(name) as Inode)) };
}
