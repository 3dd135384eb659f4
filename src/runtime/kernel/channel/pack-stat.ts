/** The form in which the results of `stat` travel: fourteen numbers. */
import type { Stat } from '../syscalls.ts';

const COUNT = 14;
const numbers = new Float64Array(COUNT);
const bytes = new Uint8Array(numbers.buffer);
export const PACKED_BYTES = bytes.length;

/** Valid until the next call. */
export function packStat(stat: Stat): Uint8Array {
  numbers[0] = stat.dev;
  numbers[1] = stat.mode;
  numbers[2] = stat.nlink;
  numbers[3] = stat.uid;
  numbers[4] = stat.gid;
  numbers[5] = stat.rdev;
  numbers[6] = stat.blksize;
  numbers[7] = stat.ino;
  numbers[8] = stat.size;
  numbers[9] = stat.blocks;
  numbers[10] = stat.atimeMs;
  numbers[11] = stat.mtimeMs;
  numbers[12] = stat.ctimeMs;
  numbers[13] = stat.birthtimeMs;
  return bytes;
}

/** One behind the other. */
export function packStats(stats: readonly Stat[]): Uint8Array {
  const all = new Uint8Array(stats.length * PACKED_BYTES);
  for (const [index, stat] of stats.entries()) all.set(packStat(stat), index * PACKED_BYTES);
  return all;
}

/** The one at this place of {@link packStats}. */
export const unpackStatAt = (packed: Uint8Array, index: number): Stat =>
  unpackStat(packed.subarray(index * PACKED_BYTES, (index + 1) * PACKED_BYTES));

export function unpackStat(packed: Uint8Array): Stat {
  bytes.set(packed.subarray(0, bytes.length));
  // One by one: to take an array apart is to iterate over it.
  return {
    dev: numbers[0],
    mode: numbers[1],
    nlink: numbers[2],
    uid: numbers[3],
    gid: numbers[4],
    rdev: numbers[5],
    blksize: numbers[6],
    ino: numbers[7],
    size: numbers[8],
    blocks: numbers[9],
    atimeMs: numbers[10],
    mtimeMs: numbers[11],
    ctimeMs: numbers[12],
    birthtimeMs: numbers[13],
  } as Stat;
}
