/** What a process that looks for many files of one folder is told at once. */
import { packStats } from '../channel/pack-stat.ts';
import type { Stamps } from '../channel/stamps.ts';
import type { Neighbours } from '../syscalls.ts';
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
  { most, stamps, bytes }: NeighbourLimits,
): Neighbours | null {
  const { entries } = findDirectory(place, folder);
  if (entries.size > Math.min(most, MOST_ENTRIES)) return null;
  const inodes = [...entries.values()];
  const numbers = inodes.map(({ number }) => stamps.sum([number]));
  const names = [...entries.keys()];
  return [names, packStats(inodes.map(statOf)), numbers, ...likelyReads(names, inodes, bytes ?? READ.all)];
}

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
