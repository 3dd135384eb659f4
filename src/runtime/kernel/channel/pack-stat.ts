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

/** The numbers of {@link packStats}, of memory that nobody writes to any more. */
export const numbersOf = (packed: Uint8Array): Float64Array => {
  const { buffer, byteOffset, length } = packed.byteOffset % 8 === 0 ? packed : packed.slice();
  return new Float64Array(buffer, byteOffset, length / 8);
};

/** The one at this place of {@link packStats}. */
export const unpackStatAt = (all: Float64Array, index: number): Stat => statFrom(all, index * COUNT);

/** The number of its inode alone. */
export const unpackNumberAt = (all: Float64Array, index: number): number => all[index * COUNT + 7] as number;

export function unpackStat(packed: Uint8Array): Stat {
  bytes.set(packed.subarray(0, bytes.length));
  return statFrom(numbers, 0);
}

function statFrom(numbers: Float64Array, at: number): Stat {
  // One by one: to take an array apart is to iterate over it.
  return {
    dev: numbers[at],
    mode: numbers[at + 1],
    nlink: numbers[at + 2],
    uid: numbers[at + 3],
    gid: numbers[at + 4],
    rdev: numbers[at + 5],
    blksize: numbers[at + 6],
    ino: numbers[at + 7],
    size: numbers[at + 8],
    blocks: numbers[at + 9],
    atimeMs: numbers[at + 10],
    mtimeMs: numbers[at + 11],
    ctimeMs: numbers[at + 12],
    birthtimeMs: numbers[at + 13],
  } as Stat;
}
