/**
 * What a process knows of its own descriptors of regular files. A small file that was opened for reading is read here, as long
 * as its stamp has not moved, larger ones and those that are written piece by piece (`tracked-file.ts`); closing waits for the
 * next call to the kernel. The offsets are kept here and told to it, as the closing is, in notes, which go before
 * a call that they matter to, so that the kernel is never behind when it answers.
 *
 * Until then the number of a closed descriptor may stand for another file whose content is known: that one is opened in the
 * kernel when something happens that could tell the difference.
 */

import { indexOf } from '../../kernel/channel/stamps.ts';
import { MAX_NOTES } from '../../kernel/channel/sync-layout.ts';
import { Look, type Stat } from '../../kernel/syscalls.ts';
import type { FileCache } from './file-cache.ts';
import type { KnownStats } from './known-stats.ts';
import { ReadAhead } from './read-ahead.ts';
import { KeptBlocks, MAX_TRACKED_READ, TrackedFile } from './tracked-file.ts';

interface ReadFile {
  readonly stat: Stat;
  readonly content: Uint8Array;
  readonly index: number;
  readonly stamp: number;
  offset: number;
  /** The kernel does not know the offset. */
  moved: boolean;
  /** How it was opened, when the kernel does not know of it: there the number still means what was closed. */
  unknown: { path: string; flags: number } | null;
  /** It cannot be opened any more: what is known of it is all that is left. */
  gone: boolean;
}

/** Asks the kernel. */
export interface FileQuestions {
  /** As `Syscalls.reopen`. */
  reopen(fd: number, path: string, flags: number, inode: number): boolean;
  /** As `Syscalls.look`; the bytes are the caller's. */
  look(fd: number, position: number, length: number): Look;
  /** As `look`; the bytes are valid until the next question. */
  borrow(fd: number, position: number, length: number): Look;
  /** As `Syscalls.reserve`; none while other threads open files, too. */
  reserve(count: number): number[];
  /** As `Sys.readInto`, of what is not known here. */
  readInto(fd: number, target: Uint8Array, position: number | null): number;
}
type Known = Pick<ReadFile, 'stat' | 'stamp' | 'content'>;

const CLOSED = -1;
/** Standard streams are written past this knowledge. */
const LAST_STANDARD = 2;
const NO_NOTES: number[] = [];
/** So many numbers are asked for at once: each time as many again, where all were used. */
const FIRST_RESERVED = 2;
const MAX_RESERVED = 256;

export class OpenFiles {
  readonly #cache: FileCache;
  readonly #regular = new Map<number, TrackedFile>();
  readonly #readable = new Map<number, ReadFile>();
  readonly #notes: number[] = [];
  readonly #kernel: FileQuestions;
  readonly #stats: KnownStats;
  readonly #kept = new KeptBlocks();
  readonly #ahead = new ReadAhead();
  /** How many files the kernel does not know of. */
  #unknown = 0;
  /** No number below is free, as the kernel knows it. */
  #lowestFree = 0;
  /** Numbers that were asked for and not used yet, the lowest last, and so many to ask for the next time. */
  #reserved: number[] = [];
  #nextReserved = FIRST_RESERVED;

  constructor(cache: FileCache, stats: KnownStats, kernel: FileQuestions) {
    this.#cache = cache;
    this.#stats = stats;
    this.#kernel = kernel;
  }

  /** A regular file was opened. */
  opened(fd: number, flags: number, { stat, stamp, content }: Omit<Known, 'content'> & { content: Uint8Array | null }) {
    this.#lowestFree = fd + 1;
    this.#track(fd, flags, stat.ino).know(stat, stamp);
    if (content) this.#put(fd, { stat, stamp, content }, null);
    else this.#readable.delete(fd);
  }

  #track(fd: number, flags: number, inode: number): TrackedFile {
    const file = new TrackedFile(inode, flags, { cache: this.#cache, kept: this.#kept });
    this.#regular.set(fd, file);
    return file;
  }

  /** The number that a new descriptor gets, if it is one that was just closed, or was reserved. */
  get freeNumber(): number | undefined {
    const at = this.#lowestClosed();
    let lowest = at < 0 ? Number.POSITIVE_INFINITY : (this.#notes[at] as number);
    if (this.#reserved.length > 0) lowest = Math.min(lowest, this.#reserved[this.#reserved.length - 1] as number);
    // A descriptor gets the lowest number that is free.
    return lowest <= LAST_STANDARD || lowest > this.#lowestFree ? undefined : lowest;
  }

  /** Makes sure that there is a {@link freeNumber}, where there can be one; more of them with every time that all were used. */
  provideNumber(): void {
    if (this.freeNumber !== undefined) return;
    const isUsed = this.#reserved.length === 0;
    // What was closed is told with the question, and counts as free then.
    this.#reserved = this.#kernel.reserve(this.#nextReserved).reverse();
    if (isUsed) this.#nextReserved = Math.min(MAX_RESERVED, 2 * this.#nextReserved);
    this.#lowestFree = (this.#reserved[0] ?? -1) + 1;
  }

  /** The `freeNumber` is not free any more. */
  #use(fd: number): void {
    if (this.#reserved.length > 0 && this.#reserved[this.#reserved.length - 1] === fd) this.#reserved.pop();
    else this.#notes.splice(this.#lowestClosed(), 2);
  }

  /** The kernel opens a file of this inode under the number, which was the `freeNumber`. */
  openedAgain(fd: number, flags: number, inode: number): TrackedFile {
    this.#use(fd);
    return this.#track(fd, flags, inode);
  }

  /** Opens a file for reading under the `freeNumber`; undefined when there is none. */
  openAgain(path: string, flags: number, file: Known): number | undefined {
    const fd = this.freeNumber;
    if (fd === undefined) return undefined;
    this.#use(fd);
    this.#track(fd, flags, file.stat.ino).know(file.stat, file.stamp);
    this.#put(fd, file, { path, flags });
    this.#unknown++;
    return fd;
  }

  /** Where in the notes the lowest number stands that was closed; -1 when there is none. */
  #lowestClosed(): number {
    let at = -1;
    let lowest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#notes.length; i += 2) {
      const fd = this.#notes[i] as number;
      if (this.#notes[i + 1] !== CLOSED || fd >= lowest) continue;
      at = i;
      lowest = fd;
    }
    return at;
  }

  #put(fd: number, { stat, stamp, content }: Known, unknown: ReadFile['unknown']): void {
    const index = indexOf(stat.ino);
    this.#readable.set(fd, { stat, stamp, content, index, offset: 0, moved: false, unknown, gone: false });
  }

  /** The kernel takes the number for another file. */
  isUnknown(fd: unknown): boolean {
    return this.#unknown > 0 && this.#readable.get(fd as number)?.unknown != null;
  }

  /** From now on the kernel knows of every file that is open: paths may mean something else soon. */
  settle(): void {
    if (this.#unknown === 0) return;
    for (const [fd, file] of this.#readable) this.#tell(fd, file);
  }

  #tell(fd: number, file: ReadFile): void {
    if (file.unknown === null) return;
    const { path, flags } = file.unknown;
    file.unknown = null;
    this.#unknown--;
    file.gone = !this.#kernel.reopen(fd, path, flags, file.stat.ino);
  }

  /** Whether some of it may be read here. */
  isReadHere(fd: number): boolean {
    return this.#regular.has(fd) || this.#readable.has(fd);
  }

  isRegular(fd: number): boolean {
    return this.#regular.has(fd);
  }

  /** Nothing when somebody else may have the descriptor. */
  tracked(fd: number): TrackedFile | undefined {
    return this.#regular.get(fd);
  }

  /** Undefined when it is no regular file of this process alone. */
  stat(fd: number): Stat | undefined {
    const known = this.#current(fd)?.stat;
    if (known) return known;
    const file = this.#regular.get(fd);
    return file?.stat ?? (file && this.look(fd, file, 0, 0).stat);
  }

  /** What is known of an open file, by the number of its inode. */
  statOf(inode: number): Stat | undefined {
    for (const file of this.#regular.values()) if (file.inode === inode && file.stat) return file.stat;
    return this.#stats.get(inode);
  }

  /** Finds out what a file is. */
  look(fd: number, file: TrackedFile, position: number, length: number): Look {
    const look = this.#kernel.look(fd, position, length);
    file.learn(look, position);
    return look;
  }

  /** As `Sys.readInto`; undefined when it is no regular file of this process alone. */
  readInto(fd: number, target: Uint8Array, position: number | null): number | undefined {
    const known = this.#readKnown(fd, target.length, position);
    if (known) {
      target.set(known);
      return known.length;
    }
    const file = this.#regular.get(fd);
    if (!file || file.appends) return undefined;
    const start = position ?? file.offset;
    const count = this.#readTracked(fd, file, target, start);
    if (position === null && count > 0) file.moveTo(start + count);
    return count;
  }

  #readTracked(fd: number, file: TrackedFile, target: Uint8Array, start: number): number {
    if (!file.isReadable) return this.#kernel.readInto(fd, target, start);
    if (target.length > MAX_TRACKED_READ) return this.#readLong(fd, file, target, start);
    const known = file.read(target, start);
    if (known !== undefined) return known;
    const place = file.placeToLook(start, target.length);
    this.look(fd, file, place.start, place.length);
    // Somebody may have written to it since.
    return file.read(target, start) ?? this.#kernel.readInto(fd, target, start);
  }

  #readLong(fd: number, file: TrackedFile, target: Uint8Array, start: number): number {
    const known = file.read(target, start);
    if (known !== undefined) return known;
    const count = this.#ahead.read(file, target, start) ?? this.#askLong(fd, file, target, start);
    file.noteLongRead(start, target.length);
    return count;
  }

  #askLong(fd: number, file: TrackedFile, target: Uint8Array, start: number): number {
    const place = file.wasLongRead(start, target.length) ? file.placeToKeep(start, target.length) : null;
    const length = this.#ahead.lengthFor(file, start, target.length);
    if (place) {
      const { stat, bytes, stampBefore, stampAfter } = this.#kernel.borrow(fd, place.start, place.length);
      file.learn(new Look(stat, bytes.slice(), stampBefore, stampAfter), place.start);
    } else if (length !== null) {
      const look = this.#kernel.borrow(fd, start, length);
      file.learnSize(look);
      this.#ahead.borrow(file, start, look);
    }
    // Somebody may have written to it since.
    return (
      file.read(target, start) ?? this.#ahead.read(file, target, start) ?? this.#kernel.readInto(fd, target, start)
    );
  }

  /** Bytes at the position, or at the descriptor's offset, which then moves; undefined when they are not all known. */
  #readKnown(fd: number, length: number, position: number | null): Uint8Array | undefined {
    const file = this.#current(fd);
    if (!file) return undefined;
    const start = position ?? file.offset;
    const bytes = file.content.subarray(start, start + length);
    if (position === null && bytes.length > 0) {
      file.offset += bytes.length;
      file.moved = true;
    }
    return bytes;
  }

  /** False when the kernel must be asked. */
  close(fd: number): boolean {
    const file = this.#regular.get(fd);
    if (!file) return this.#leaveToKernel(fd);
    this.#regular.delete(fd);
    file.tellTo(this.#stats);
    file.forget();
    if (this.#readable.get(fd)?.unknown) this.#unknown--;
    this.#readable.delete(fd);
    if (this.#notes.length >= 2 * MAX_NOTES) return this.#leaveToKernel(fd);
    this.#notes.push(fd, CLOSED);
    return true;
  }

  #leaveToKernel(fd: number): false {
    this.#lowestFree = Math.min(this.#lowestFree, fd);
    return false;
  }

  /** The kernel is told all that it does not know, and asked from now on: descriptors may be shared, or mean something else. */
  handOver(): void {
    for (const fd of [...this.#regular.keys()]) this.handOverOne(fd);
    this.#lowestFree = 0;
  }

  /** As `handOver`, of one file. */
  handOverOne(fd: number): void {
    const file = this.#regular.get(fd);
    if (!file) return;
    this.#leave(fd);
    this.#regular.delete(fd);
    if (file.moved) this.#notes.push(fd, file.offset);
    file.forget();
  }

  /** The kernel is about to be asked: what it has lent is not valid any more. */
  giveBack(): void {
    this.#ahead.leave();
  }

  countNotes(): number {
    return this.#notes.length / 2 + this.#reserved.length;
  }

  /** Pairs as of `Word.noteCount`, the first so many; they go before the next request. */
  takeNotes(most: number): number[] {
    if (this.#reserved.length > 0) this.#giveUpReserved();
    if (this.#notes.length === 0) return NO_NOTES;
    const notes = this.#notes.splice(0, 2 * most);
    for (let i = 0; i < notes.length; i += 2) if (notes[i + 1] === CLOSED) this.#leaveToKernel(notes[i] as number);
    return notes;
  }

  #giveUpReserved(): void {
    this.#nextReserved = FIRST_RESERVED;
    for (const fd of this.#reserved.splice(0)) this.#notes.push(fd, CLOSED);
  }

  giveBackNotes(notes: readonly number[]): void {
    this.#notes.unshift(...notes);
  }

  #current(fd: number): ReadFile | undefined {
    const file = this.#readable.get(fd);
    if (file === undefined || file.gone || this.#cache.stampAt(file.index) === file.stamp) return file;
    this.#leave(fd);
    return this.#readable.get(fd);
  }

  #leave(fd: number): void {
    const file = this.#readable.get(fd);
    if (file === undefined) return;
    this.#tell(fd, file);
    if (file.gone) return;
    this.#readable.delete(fd);
    if (file.moved) this.#regular.get(fd)?.moveTo(file.offset);
  }
}
