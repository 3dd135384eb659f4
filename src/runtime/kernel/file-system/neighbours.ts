/** What a process that looks for many files of one folder is told at once. */
import { packStats } from '../channel/pack-stat.ts';
import type { Stamps } from '../channel/stamps.ts';
import type { Neighbours, WantedContents } from '../syscalls.ts';
import { statOf } from './attributes.ts';
import { FileInode, type Inode } from './inode.ts';
import { findDirectory, type Place } from './lookup.ts';

export interface NeighbourLimits {
  /** Entries. */
  readonly most: number;
  /** Those of the process. */
  readonly stamps: Stamps;
  /** Of contents. */
  readonly bytes?: number;
  /** Whoever reads one file behind the other wants these contents, and no others. */
  readonly wanted?: WantedContents | undefined;
}

/** No folder is worth more at a time. */
const MOST_ENTRIES = 2000;
/** Bytes that go along: of one file, and of all. */
interface Room {
  readonly file: number;
  readonly all: number;
}
/** Of files that some process has read, or that every loader of modules reads. */
const READ: Room = { file: 32 * 1024, all: 128 * 1024 };
/** Of files that may be modules. */
const MODULES: Room = { file: 8 * 1024, all: 64 * 1024 };
const MANIFEST = 'package.json';
const MODULE = /\.(?:[cm]?js|json)$/;

/** Null when there are too many. Throws as {@link findDirectory}. */
export function listNeighbours(
  place: Place,
  folder: string,
  { most, stamps, bytes, wanted }: NeighbourLimits,
): Neighbours | null {
  const { entries } = findDirectory(place, folder);
  if (entries.size > Math.min(most, MOST_ENTRIES)) return null;
  const inodes = [...entries.values()];
  const numbers = inodes.map(({ number }) => stamps.sum([number]));
  const names = [...entries.keys()];
  const contents = wanted ? wantedReads(names, inodes, wanted) : likelyReads(names, inodes, bytes ?? READ.all);
  return [names, packStats(inodes.map(statOf)), numbers, ...contents];
}

/** No reader is told more at a time. */
const MOST_WANTED = 256 * 1024;

function wantedReads(
  names: readonly string[],
  inodes: readonly Inode[],
  [from, bytes]: WantedContents,
): [read: number[], contents: Uint8Array[]] {
  const read: number[] = [];
  const contents: Uint8Array[] = [];
  if (bytes === 0) return [read, contents];
  let left = Math.min(bytes, MOST_WANTED);
  for (const [name, index] of names.map((name, index) => [name, index] as const).sort(byName)) {
    const inode = inodes[index];
    if (name < from || !(inode instanceof FileInode) || inode.size > READ.file) continue;
    left -= inode.size;
    if (left < 0) break;
    read.push(index);
    contents.push(inode.data.view(0, inode.size));
  }
  return [read, contents];
}

const byName = ([one]: readonly [string, number], [other]: readonly [string, number]): number => (one < other ? -1 : 1);

function likelyReads(
  names: readonly string[],
  inodes: readonly Inode[],
  most: number,
): [read: number[], contents: Uint8Array[]] {
  const read: number[] = [];
  const contents: Uint8Array[] = [];
  let bytes = 0;
  const take = (room: Room, isWanted: (name: string, inode: FileInode) => boolean): void => {
    for (const [index, inode] of inodes.entries()) {
      if (!(inode instanceof FileInode) || inode.size > Math.min(room.file, room.all - bytes, most - bytes)) continue;
      if (!isWanted(names[index] ?? '', inode)) continue;
      bytes += inode.size;
      read.push(index);
      contents.push(inode.data.view(0, inode.size));
    }
  };
  const isRead = (name: string, inode: FileInode) => inode.wasRead || name === MANIFEST;
  take(READ, isRead);
  take(MODULES, (name, inode) => !isRead(name, inode) && MODULE.test(name));
  return [read, contents];
}
