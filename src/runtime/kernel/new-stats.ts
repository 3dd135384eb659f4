/** What `stat` says of files and folders that were just made: who makes one without waiting knows it, too. */
import { S_IFDIR, S_IFREG } from './file-modes.ts';
import type { Stat } from './syscalls.ts';

export const DEVICE = 1;
export const BLOCK = 4096;

/** Where so many bytes are stored. */
export const blocksFor = (stored: number): number => Math.ceil(stored / BLOCK) * (BLOCK / 512);

interface Made {
  number: number;
  /** Without what the process masks. */
  permissions: number;
  time: number;
}

export const statOfNewFile = (made: Made, size: number): Stat => statOfNew(made, { type: S_IFREG, links: 1, size });

export const statOfNewFolder = (made: Made): Stat => statOfNew(made, { type: S_IFDIR, links: 2, size: BLOCK });

function statOfNew(
  { number, permissions, time }: Made,
  { type, links, size }: { type: number; links: number; size: number },
): Stat {
  return {
    dev: DEVICE,
    mode: type | permissions,
    nlink: links,
    uid: 0,
    gid: 0,
    rdev: 0,
    blksize: BLOCK,
    ino: number,
    size,
    blocks: blocksFor(size),
    atimeMs: time,
    mtimeMs: time,
    ctimeMs: time,
    birthtimeMs: time,
  };
}
