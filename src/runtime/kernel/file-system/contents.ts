/** Opening, reading and writing files. */
import { SystemError } from '../syscalls.ts';
import { addEntry } from './entries.ts';
import type { FileSystem } from './file-system.ts';
import { DirectoryInode, FileInode, type Inode, LinkInode } from './inode.ts';
import { find, type Located, locate, type Place } from './lookup.ts';

export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_ACCMODE = 3;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000;

export interface OpenResult {
  inode: Inode;
  parent: DirectoryInode;
  name: string;
}

/** What `open` opens, made or emptied as the flags say. */
export function openInode(fs: FileSystem, place: Place, path: string, flags: number, mode = 0o666): OpenResult {
  if (flags & O_CREAT && path.endsWith('/')) {
    // Only a file can be made. What else is wrong with the path comes first.
    locate(place, path.replace(/\/+$/, '') || '/', false);
    throw new SystemError('EISDIR');
  }
  const exclusive = (flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0;
  const located = locate(place, path, !exclusive && !(flags & O_NOFOLLOW));
  const { inode } = located;
  if (!inode) return createFile(fs, place, located, flags, mode);
  if (exclusive) throw new SystemError('EEXIST');
  if (inode instanceof LinkInode) throw new SystemError(flags & O_DIRECTORY ? 'ENOTDIR' : 'ELOOP');
  if (inode instanceof DirectoryInode) {
    if (flags & (O_ACCMODE | O_CREAT)) throw new SystemError('EISDIR');
  } else if (flags & O_DIRECTORY) {
    throw new SystemError('ENOTDIR');
  }
  if (flags & O_TRUNC && inode instanceof FileInode) {
    truncate(fs, inode, 0);
    fs.changed('change', inode, located.parent, located.name);
  }
  return { inode, parent: located.parent, name: located.name };
}

function createFile(fs: FileSystem, place: Place, located: Located, flags: number, mode: number): OpenResult {
  const { parent, name } = located;
  if (!(flags & O_CREAT)) throw new SystemError('ENOENT');
  if (flags & O_DIRECTORY) throw new SystemError('EINVAL');
  const inode = new FileInode(mode & 0o7777 & ~place.umask);
  addEntry(fs, parent, name, inode);
  return { inode, parent, name };
}

/** A view of the file's bytes: it changes with the file. */
export function readAt(inode: FileInode, position: number, length: number): Uint8Array {
  inode.accessedMs = Date.now();
  return inode.data.subarray(position, Math.max(position, Math.min(inode.size, position + length)));
}

/** Writes and grows; the caller reports the change. ENOSPC. */
export function writeAt(fs: FileSystem, inode: FileInode, position: number, data: Uint8Array): void {
  const end = position + data.length;
  if (end > inode.size && data.length > 0) grow(fs, inode, end);
  inode.data.set(data, position);
  inode.modifiedMs = inode.changedMs = Date.now();
}

/** Sets the size; what is new is zero. ENOSPC. */
export function truncate(fs: FileSystem, inode: FileInode, length: number): void {
  if (length > inode.size) {
    grow(fs, inode, length);
  } else {
    fs.reserve(length - inode.size);
    // A new array, as a view of the old one may still be on its way to a reader.
    inode.data = length === 0 ? new Uint8Array(0) : inode.data.slice(0, length);
    inode.size = length;
  }
  inode.modifiedMs = inode.changedMs = Date.now();
}

function grow(fs: FileSystem, inode: FileInode, size: number): void {
  fs.reserve(size - inode.size);
  if (size > inode.data.length) {
    // The first write is often the only one: it gets what it needs; then room is doubled.
    const room = inode.data.length === 0 ? size : Math.max(size, inode.data.length * 2);
    const data = allocate(room);
    data.set(inode.data.subarray(0, inode.size));
    inode.data = data;
  }
  inode.size = size;
}

function allocate(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    throw new SystemError('ENOSPC', error instanceof Error ? error.message : 'ENOSPC');
  }
}

/** The whole file, as a view. */
export function readWhole(place: Place, path: string): Uint8Array {
  const inode = find(place, path, true);
  if (inode instanceof DirectoryInode) throw new SystemError('EISDIR');
  if (!(inode instanceof FileInode)) throw new SystemError('EINVAL');
  return readAt(inode, 0, inode.size);
}

/** Writes a whole file, making it when it is not there. The file keeps `data` when `own` is set. */
export function writeWhole(
  fs: FileSystem,
  place: Place,
  path: string,
  content: { data: Uint8Array; mode?: number; own?: boolean },
): FileInode {
  const { inode, parent, name } = openInode(fs, place, path, O_WRONLY | O_CREAT | O_TRUNC, content.mode);
  if (!(inode instanceof FileInode)) throw new SystemError('EINVAL');
  if (content.own) {
    fs.reserve(content.data.length);
    inode.data = content.data;
    inode.size = content.data.length;
  } else {
    writeAt(fs, inode, 0, content.data);
  }
  fs.changed('change', inode, parent, name);
  return inode;
}

/** COPYFILE_EXCL is 1. The copy gets the source's permissions. */
export function copyFile(fs: FileSystem, place: Place, paths: { from: string; to: string }, flags: number): void {
  const source = find(place, paths.from, true);
  if (source instanceof DirectoryInode) {
    // What is wrong with the target comes first, as if it had been opened.
    const { inode } = locate(place, paths.to.replace(/\/+$/, '') || '/', false);
    throw new SystemError(inode && flags & 1 && !paths.to.endsWith('/') ? 'EEXIST' : 'EISDIR');
  }
  if (!(source instanceof FileInode)) throw new SystemError('EINVAL');
  const open = O_WRONLY | O_CREAT | (flags & 1 ? O_EXCL : 0);
  const target = openInode(fs, place, paths.to, open, source.mode & 0o777);
  if (target.inode === source) return;
  if (!(target.inode instanceof FileInode)) throw new SystemError('EINVAL');
  const bytes = source.data.slice(0, source.size);
  truncate(fs, target.inode, 0);
  writeAt(fs, target.inode, 0, bytes);
  target.inode.mode = (source.mode & ~place.umask) | (source.mode & 0o170000);
  fs.changed('change', target.inode, target.parent, target.name);
}
