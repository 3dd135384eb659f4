/**
 * What a process knows of its own descriptors of regular files. A small file that was opened for reading is read here, as long
 * as its stamp has not moved; closing waits for the next call to the kernel. Both are told to it in notes, which go before
 * that call, so that the kernel is never behind when it answers.
 *
 * Until then the number of a closed descriptor may stand for another file whose content is known: that one is opened in the
 * kernel when something happens that could tell the difference.
 */
import { indexOf } from '../../kernel/channel/stamps.ts';
import { MAX_NOTES } from '../../kernel/channel/sync-layout.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import type { FileCache } from './file-cache.ts';

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

/** A file that is open for writing. */
export interface WrittenFile {
  readonly inode: number;
  /** So far it was written through this descriptor, from its start on without a gap. */
  filled: number;
}

/** Asks the kernel; as `Syscalls.reopen`. */
type Reopen = (fd: number, path: string, flags: number, inode: number) => boolean;
type Known = Pick<ReadFile, 'stat' | 'stamp' | 'content'>;

const CLOSED = -1;
/** Standard streams are written past this knowledge. */
const LAST_STANDARD = 2;
const NO_NOTES: number[] = [];

export class OpenFiles {
  readonly #cache: FileCache;
  /** Those of regular files; of what is only read there is nothing to know here. */
  readonly #regular = new Map<number, WrittenFile | null>();
  readonly #readable = new Map<number, ReadFile>();
  readonly #notes: number[] = [];
  readonly #reopen: Reopen;
  /** How many files the kernel does not know of. */
  #unknown = 0;
  /** No number below is free, as the kernel knows it. */
  #lowestFree = 0;

  constructor(cache: FileCache, reopen: Reopen) {
    this.#cache = cache;
    this.#reopen = reopen;
  }

  /** A regular file was opened; `file` when its content is known. */
  opened(fd: number, file: Known | null, written = 0): void {
    this.#lowestFree = fd + 1;
    this.#regular.set(fd, written === 0 ? null : { inode: written, filled: 0 });
    if (file) this.#put(fd, file, null);
    else this.#readable.delete(fd);
  }

  /** Opens a file for reading under the number of one that was just closed; undefined when there is none. */
  openAgain(path: string, flags: number, file: Known): number | undefined {
    let at = -1;
    for (let i = 0; i < this.#notes.length; i += 2) {
      const lowest = this.#notes[at] ?? Number.POSITIVE_INFINITY;
      const fd = this.#notes[i] as number;
      if (this.#notes[i + 1] === CLOSED && fd > LAST_STANDARD && fd < lowest) at = i;
    }
    // A descriptor gets the lowest number that is free.
    if (at < 0 || (this.#notes[at] as number) > this.#lowestFree) return undefined;
    const [fd = 0] = this.#notes.splice(at, 2);
    this.#regular.set(fd, null);
    this.#put(fd, file, { path, flags });
    this.#unknown++;
    return fd;
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
    file.gone = !this.#reopen(fd, path, flags, file.stat.ino);
  }

  isRegular(fd: number): boolean {
    return this.#regular.has(fd);
  }

  /** The file that is written to; nothing when that is not known, or somebody else may have the descriptor. */
  writtenBy(fd: number): WrittenFile | null {
    return this.#regular.get(fd) ?? null;
  }

  /** Undefined when the kernel must be asked. */
  stat(fd: number): Stat | undefined {
    return this.#current(fd)?.stat;
  }

  /** Bytes at the position, or at the descriptor's offset, which then moves; undefined when the kernel must be asked. */
  read(fd: number, length: number, position: number | null): Uint8Array | undefined {
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
    if (!this.#regular.delete(fd)) return this.#leaveToKernel(fd);
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
    for (const fd of [...this.#readable.keys()]) this.#leave(fd);
    this.#regular.clear();
    this.#lowestFree = 0;
  }

  countNotes(): number {
    return this.#notes.length / 2;
  }

  /** Pairs as of `Word.noteCount`, the first so many; they go before the next request. */
  takeNotes(most: number): number[] {
    if (this.#notes.length === 0) return NO_NOTES;
    const notes = this.#notes.splice(0, 2 * most);
    for (let i = 0; i < notes.length; i += 2) if (notes[i + 1] === CLOSED) this.#leaveToKernel(notes[i] as number);
    return notes;
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
    if (file.moved) this.#notes.push(fd, file.offset);
  }
}
