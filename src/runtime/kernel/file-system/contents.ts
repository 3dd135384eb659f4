/** Opening, reading and writing files. */
import { now } from '../clock.ts';
import { O_ACCMODE, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_TRUNC, O_WRONLY, S_IFREG } from '../file-modes.ts';
import { SystemError } from '../syscalls.ts';
import { addEntry } from './entries.ts';
import type { FileSystem } from './file-system.ts';
import { DirectoryInode, FileInode, type Inode, LinkInode } from './inode.ts';
import { find, type Located, locate, type Place, withoutSlashes } from './lookup.ts';

export interface OpenResult {
  inode: Inode;
  parent: DirectoryInode;
  name: string;
}

/** What `open` opens, made or emptied as the flags say. */
export function openInode(fs: FileSystem, place: Place, path: string, flags: number, mode = 0o666): OpenResult {
  if (flags & O_CREAT && path.endsWith('/')) {
    // Only a file can be made. What else is wrong with the path comes first.
    locate(place, withoutSlashes(path), false);
    throw new SystemError('EISDIR');
  }
  if (flags & O_CREAT && flags & O_DIRECTORY) throw new SystemError('EINVAL');
  const exclusive = (flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0;
  // Behind a link, too, only a file can be made.
  const located = locate(place, path, !exclusive && !(flags & O_NOFOLLOW), flags & O_CREAT ? 'EISDIR' : 'ENOTDIR');
  const { inode } = located;
  if (!inode) return createFile(fs, place, located, flags, mode);
  if (exclusive) throw new SystemError('EEXIST');
  if (inode instanceof LinkInode) throw new SystemError(flags & O_DIRECTORY ? 'ENOTDIR' : 'ELOOP');
  if (inode instanceof DirectoryInode) {
    if (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) throw new SystemError('EISDIR');
  } else if (flags & O_DIRECTORY) {
    throw new SystemError('ENOTDIR');
  }
  if (inode.isFixed && inode instanceof FileInode && flags & (O_ACCMODE | O_TRUNC)) throw new SystemError('ETXTBSY');
  if (flags & O_TRUNC && inode instanceof FileInode) {
    truncate(fs, inode, 0);
    fs.changed(inode, located.parent, located.name);
  }
  return { inode, parent: located.parent, name: located.name };
}

function createFile(fs: FileSystem, place: Place, located: Located, flags: number, mode: number): OpenResult {
  const { parent, name, slash } = located;
  if (!(flags & O_CREAT)) throw new SystemError('ENOENT');
  if (slash) throw new SystemError('EISDIR');
  const inode = new FileInode(mode & 0o7777 & ~place.umask);
  addEntry(fs, parent, name, inode);
  return { inode, parent, name };
}

/** As ext4's. */
const MAX_SIZE = 2 ** 44;
const DAY_MS = 24 * 60 * 60 * 1000;

/** As Linux's `relatime`: the time of access moves when it lies before the last change, or a day back. */
function accessed(fs: FileSystem, inode: FileInode): void {
  const time = now();
  const { accessedMs, modifiedMs, changedMs } = inode;
  if (accessedMs > modifiedMs && accessedMs > changedMs && time - accessedMs < DAY_MS) return;
  if (accessedMs === time) return;
  inode.accessedMs = time;
  fs.onChanged(inode);
}

/** A view of the file's bytes where it can be: then it changes with the file. */
export function readAt(fs: FileSystem, inode: FileInode, position: number, length: number): Uint8Array {
  accessed(fs, inode);
  return inode.data.view(position, length);
}

/** Writes and grows; the caller reports the change. EFBIG, ENOSPC. */
export function writeAt(fs: FileSystem, inode: FileInode, position: number, data: Uint8Array): void {
  checkSize(position + data.length);
  inode.data.write(fs, position, data);
  inode.modifiedMs = inode.changedMs = now();
}

/** Sets the size; what is new is zero and takes no room. EFBIG. */
export function truncate(fs: FileSystem, inode: FileInode, length: number): void {
  checkSize(length);
  inode.data.resize(fs, length);
  inode.modifiedMs = inode.changedMs = now();
}

function checkSize(size: number): void {
  if (size > MAX_SIZE) throw new SystemError('EFBIG');
}

/** An answer of more than two could not say its length. */
const LARGEST_ANSWER = 2 ** 30;

/** The whole file, as a view. EFBIG when it has more than `most` bytes, ENOMEM when nobody may have it whole. */
export function readWhole(fs: FileSystem, place: Place, path: string, most = Number.POSITIVE_INFINITY): Uint8Array {
  const inode = find(place, path, true);
  if (inode instanceof DirectoryInode) throw new SystemError('EISDIR');
  if (!(inode instanceof FileInode)) throw new SystemError('EINVAL');
  if (inode.size > most) throw new SystemError('EFBIG');
  if (inode.size > LARGEST_ANSWER) throw new SystemError('ENOMEM');
  inode.wasRead = true;
  return readAt(fs, inode, 0, inode.size);
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
    inode.data.adopt(fs, content.data);
  } else {
    writeAt(fs, inode, 0, content.data);
  }
  fs.changed(inode, parent, name);
  return inode;
}

/** COPYFILE_EXCL is 1. The copy gets the source's permissions. */
export function copyFile(fs: FileSystem, place: Place, paths: { from: string; to: string }, flags: number): void {
  const source = find(place, paths.from, true);
  if (source instanceof DirectoryInode) {
    // What is wrong with the target comes first, as if it had been opened.
    const { inode } = locate(place, withoutSlashes(paths.to), false);
    throw new SystemError(inode && flags & 1 && !paths.to.endsWith('/') ? 'EEXIST' : 'EISDIR');
  }
  const open = O_WRONLY | O_CREAT | (flags & 1 ? O_EXCL : 0);
  const target = openInode(fs, place, paths.to, open, source.mode & 0o777);
  if (target.inode === source) return;
  if (!(target.inode instanceof FileInode)) throw new SystemError('EINVAL');
  truncate(fs, target.inode, 0);
  // A device has no size: nothing is copied of it.
  if (source instanceof FileInode) target.inode.data.copy(fs, source.data);
  target.inode.mode = S_IFREG | (source.mode & 0o7777 & ~place.umask);
  fs.changed(target.inode, target.parent, target.name);
}
