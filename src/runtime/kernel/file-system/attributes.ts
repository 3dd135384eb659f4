/** What `stat` says, and what changes it. */
import { now } from '../clock.ts';
import { isAccessible } from '../file-access.ts';
import { BLOCK, blocksFor, DEVICE } from '../new-stats.ts';
import { bytesOfPath } from '../path-text.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import type { FileSystem } from './file-system.ts';
import { DirectoryInode, FileInode, type Inode, LinkInode } from './inode.ts';

export function statOf(inode: Inode): Stat {
  const size = sizeOf(inode);
  return {
    dev: DEVICE,
    mode: inode.mode,
    nlink: inode.links,
    uid: inode.uid,
    gid: inode.gid,
    rdev: 0,
    blksize: BLOCK,
    ino: inode.number,
    size,
    blocks: blocksOf(inode),
    atimeMs: inode.accessedMs,
    mtimeMs: inode.modifiedMs,
    ctimeMs: inode.changedMs,
    birthtimeMs: inode.bornMs,
  };
}

function blocksOf(inode: Inode): number {
  const stored = inode instanceof FileInode ? inode.data.stored : inode instanceof DirectoryInode ? BLOCK : 0;
  return blocksFor(stored);
}

function sizeOf(inode: Inode): number {
  if (inode instanceof FileInode) return inode.size;
  if (inode instanceof DirectoryInode) return BLOCK;
  return inode instanceof LinkInode ? bytesOfPath(inode.target).length : 0;
}

/** EACCES. */
export function checkAccess(inode: Inode, mode: number): void {
  if (!isAccessible(inode.mode, mode)) throw new SystemError('EACCES');
}

/** EPERM for what belongs to the system. */
export function setMode(fs: FileSystem, inode: Inode, mode: number): void {
  if (inode.isFixed) throw new SystemError('EPERM');
  inode.mode = (inode.mode & ~0o7777) | (mode & 0o7777);
  attributesChanged(fs, inode);
}

/** -1 leaves an id as it is. */
export function setOwner(fs: FileSystem, inode: Inode, uid: number, gid: number): void {
  const keep = (id: number) => id === -1 || id === 0xffffffff;
  if (!keep(uid)) inode.uid = uid;
  if (!keep(gid)) inode.gid = gid;
  attributesChanged(fs, inode);
}

/** Milliseconds since the epoch. */
export function setTimes(fs: FileSystem, inode: Inode, accessedMs: number, modifiedMs: number): void {
  inode.accessedMs = accessedMs;
  inode.modifiedMs = modifiedMs;
  attributesChanged(fs, inode);
}

function attributesChanged(fs: FileSystem, inode: Inode): void {
  inode.changedMs = now();
  const directory = inode instanceof DirectoryInode ? inode : null;
  fs.changed('change', inode, directory?.parent ?? null, directory?.name ?? '');
}
