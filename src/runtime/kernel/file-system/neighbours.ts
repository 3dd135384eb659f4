/** What a process that looks for many files of one folder is told at once. */

import type { SourceKind } from '../../transformer/messages.ts';
import { packStats } from '../channel/pack-stat.ts';
import type { Stamps } from '../channel/stamps.ts';
import { joinBytes } from '../join-bytes.ts';
import { type Neighbours, NUMBERS_OF_READ, SOURCE_KINDS, type WantedContents } from '../syscalls.ts';
import { statOf } from './attributes.ts';
import { type DirectoryInode, FileInode, type Inode } from './inode.ts';
import { findDirectory, type Place } from './lookup.ts';
import { MANIFEST } from './package-folders.ts';

/** What must be edited in a source, where it is known. */
export type TransformOf = (source: Uint8Array) => { kind: SourceKind; result: Uint8Array } | null;

export interface NeighbourLimits {
  /** Entries. */
  readonly most: number;
  /** Those of the process. */
  readonly stamps: Stamps;
  /** Of contents. */
  readonly bytes?: number;
  /** Whoever reads one file behind the other wants these contents, and no others. */
  readonly wanted?: WantedContents | undefined;
  /** Where there are too many, those from this name on are told. */
  readonly near?: string | undefined;
  /** Of files that were read before. */
  readonly transformOf?: TransformOf | undefined;
}

/** No folder is worth more at a time. */
const MOST_ENTRIES = 2000;
/** Bytes that go along: of one file, and of all. */
interface Room {
  readonly file: number;
  readonly all: number;
}
/** Of files that some process has read, or that every loader of modules reads. */
const READ: Room = { file: 64 * 1024, all: 192 * 1024 };
/** Of files that may be modules; less where it is known which ones are read. */
const MODULES: Room = { file: 8 * 1024, all: 64 * 1024 };
const MORE_MODULES: Room = { file: 8 * 1024, all: 16 * 1024 };
const MODULE = /\.(?:[cm]?js|json)$/;
const SOURCE = /\.[cm]?js$/;

/** So much of a folder is told at a time. */
const MOST_OF_MANY = 512;

/** Null when there are too many. Throws as {@link findDirectory}. */
export function listNeighbours(
  place: Place,
  folder: string,
  { most, stamps, bytes, wanted, near, transformOf }: NeighbourLimits,
): Neighbours | null {
  const directory = findDirectory(place, folder);
  const isWhole = directory.entries.size <= Math.min(most, MOST_ENTRIES);
  if (!isWhole && near === undefined) return null;
  const entries = isWhole
    ? wholeEntries(directory, wanted !== undefined)
    : entriesFrom(directory, near ?? '', Math.min(most, MOST_OF_MANY));
  const inodes = [...entries.values()];
  const names = [...entries.keys()];
  const stamped = new Int32Array(inodes.length);
  for (const [index, { number }] of inodes.entries()) stamped[index] = stamps.at(number);
  const chosen = wanted ? wantedReads(names, inodes, wanted) : likelyReads(names, inodes, bytes ?? READ.all);
  return [
    names.join('/'),
    packStats(inodes.map(statOf)),
    bytesOf(stamped),
    ...packReads(chosen, names, transformOf),
    isWhole,
  ];
}

/** Sorted for whoever reads them one by one. */
function wholeEntries(directory: DirectoryInode, isSorted: boolean): ReadonlyMap<string, Inode> {
  const { entries } = directory;
  if (!isSorted) return entries;
  const sorted = entriesFrom(directory, '', entries.size);
  if (sorted.size === entries.size) return sorted;
  sortedNames.delete(directory);
  return entriesFrom(directory, '', entries.size);
}

interface SortedNames {
  readonly names: readonly string[];
  readonly size: number;
  readonly modifiedMs: number;
  /** Names that were looked through since. */
  passed: number;
}

/** The names of folders in their order, which need not be up to date. */
const sortedNames = new WeakMap<DirectoryInode, SortedNames>();
/** What was sorted serves for a part of the names: who removes 100,000 of them one by one has them sorted a few times, not each time. */
const SERVED = 1 / 4;

function namesOf(directory: DirectoryInode): SortedNames {
  const { entries, modifiedMs } = directory;
  const known = sortedNames.get(directory);
  const isCurrent = known?.size === entries.size && known.modifiedMs === modifiedMs;
  if (known && (isCurrent || known.passed < known.names.length * SERVED)) return known;
  const sorted = { names: [...entries.keys()].sort(), size: entries.size, modifiedMs, passed: 0 };
  sortedNames.set(directory, sorted);
  return sorted;
}

function entriesFrom(directory: DirectoryInode, from: string, most: number): Map<string, Inode> {
  const { entries } = directory;
  const known = namesOf(directory);
  const found = new Map<string, Inode>();
  for (let at = firstFrom(known.names, from); at < known.names.length && found.size < most; at++) {
    known.passed++;
    const name = known.names[at] as string;
    const inode = entries.get(name);
    if (inode) found.set(name, inode);
  }
  return found;
}

/** Where in the sorted names the first one stands that is not before another. */
function firstFrom(names: readonly string[], from: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] as string) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Chosen = readonly (readonly [index: number, file: FileInode])[];

function packReads(
  chosen: Chosen,
  names: readonly string[],
  transformOf: TransformOf | undefined,
): [read: Uint8Array, contents: Uint8Array] {
  const read = new Int32Array(NUMBERS_OF_READ * chosen.length);
  let at = 0;
  const contents: Uint8Array[] = [];
  for (const [index, { size, data, wasRead }] of chosen) {
    const content = data.view(0, size);
    const known = wasRead && SOURCE.test(names[index] ?? '') ? transformOf?.(content) : null;
    read.set([index, size, known ? SOURCE_KINDS.indexOf(known.kind) : -1, known?.result.length ?? 0], at);
    at += NUMBERS_OF_READ;
    contents.push(content);
    if (known) contents.push(known.result);
  }
  return [bytesOf(read), joinBytes(contents)];
}

const bytesOf = ({ buffer }: Int32Array): Uint8Array => new Uint8Array(buffer);

/** No reader is told more at a time. */
const MOST_WANTED = 256 * 1024;

/** Of names in their order. */
function wantedReads(names: readonly string[], inodes: readonly Inode[], [from, bytes]: WantedContents): Chosen {
  const chosen: [number, FileInode][] = [];
  if (bytes === 0) return chosen;
  let left = Math.min(bytes, MOST_WANTED);
  const start = firstFrom(names, from);
  if (start === names.length) return chosen;
  // Behind the last name come those before the first one: not everybody takes them in this order.
  for (let at = 0; at < names.length; at++) {
    const index = (start + at) % names.length;
    const inode = inodes[index];
    if (!(inode instanceof FileInode) || inode.size > READ.file) continue;
    left -= inode.size;
    if (left < 0) break;
    chosen.push([index, inode]);
  }
  return chosen;
}

function likelyReads(names: readonly string[], inodes: readonly Inode[], most: number): Chosen {
  const chosen: [number, FileInode][] = [];
  let bytes = 0;
  const take = (room: Room, isWanted: (name: string, inode: FileInode) => boolean): void => {
    for (const [index, inode] of inodes.entries()) {
      if (!(inode instanceof FileInode) || inode.size > Math.min(room.file, room.all - bytes, most - bytes)) continue;
      if (!isWanted(names[index] ?? '', inode)) continue;
      bytes += inode.size;
      chosen.push([index, inode]);
    }
  };
  const isRead = (name: string, inode: FileInode) => inode.wasRead || name === MANIFEST;
  take(READ, isRead);
  const room = inodes.some((inode) => inode instanceof FileInode && inode.wasRead) ? MORE_MODULES : MODULES;
  take(room, (name, inode) => !isRead(name, inode) && MODULE.test(name));
  return chosen;
}
