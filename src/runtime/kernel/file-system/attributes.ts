/** What `stat` says, and what changes it. */

import { bytesOfText } from '../byte-text.ts';
import { now } from '../clock.ts';
import { isAccessible } from '../file-access.ts';
import { BLOCK, blocksFor, DEVICE } from '../new-stats.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import type { FileSystem } from './file-system.ts';
import { DeviceInode, type DeviceName, DirectoryInode, FileInode, type Inode, LinkInode } from './inode.ts';

/** As Linux numbers them. */
const DEVICE_NUMBERS: Partial<Record<DeviceName, number>> = {
  null: 0x103,
  zero: 0x105,
  full: 0x107,
  urandom: 0x109,
  tty: 0x500,
};

/** An inode, with the entry by which it was found: whoever watches that folder hears of what changes. */
export interface Named {
  readonly inode: Inode;
  readonly parent?: DirectoryInode;
  readonly name?: string;
}

export function statOf(inode: Inode): Stat {
  const size = sizeOf(inode);
  return {
    dev: DEVICE,
    mode: inode.mode,
    nlink: inode.links,
    uid: inode.uid,
    gid: inode.gid,
    rdev: inode instanceof DeviceInode ? (DEVICE_NUMBERS[inode.device] ?? 0) : 0,
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
  return inode instanceof LinkInode ? bytesOfText(inode.target).length : 0;
}

/** EACCES. */
export function checkAccess(inode: Inode, mode: number): void {
  if (!isAccessible(inode.mode, mode)) throw new SystemError('EACCES');
}

/** EPERM for what belongs to the system. */
export function setMode(fs: FileSystem, named: Named, mode: number): void {
  const { inode } = named;
  if (inode.isFixed) throw new SystemError('EPERM');
  inode.mode = (inode.mode & ~0o7777) | (mode & 0o7777);
  attributesChanged(fs, named);
}

/** -1 leaves an id as it is. */
export function setOwner(fs: FileSystem, named: Named, uid: number, gid: number): void {
  const { inode } = named;
  const keep = (id: number) => id === -1 || id === 0xffffffff;
  if (!keep(uid)) inode.uid = uid;
  if (!keep(gid)) inode.gid = gid;
  attributesChanged(fs, named);
}

/** Milliseconds since the epoch. */
export function setTimes(fs: FileSystem, named: Named, accessedMs: number, modifiedMs: number): void {
  const { inode } = named;
  inode.accessedMs = accessedMs;
  inode.modifiedMs = modifiedMs;
  attributesChanged(fs, named);
}

function attributesChanged(fs: FileSystem, { inode, parent, name }: Named): void {
  inode.changedMs = now();
  const entry = inode instanceof DirectoryInode ? inode : { parent, name };
  fs.changed(inode, entry.parent ?? null, entry.name ?? '');
}
