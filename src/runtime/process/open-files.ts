/**
 * What a process knows of its own descriptors of regular files. A small file that was opened for reading is read here, as long
 * as its stamp has not moved; closing waits for the next call to the kernel. Both are told to it in notes, which go before
 * that call, so that the kernel is never behind when it answers.
 */
import { indexOf } from '../kernel/stamps.ts';
import { MAX_NOTES } from '../kernel/sync-layout.ts';
import type { Stat } from '../kernel/syscalls.ts';
import type { FileCache } from './file-cache.ts';

interface ReadFile {
  readonly stat: Stat;
  readonly content: Uint8Array;
  readonly index: number;
  readonly stamp: number;
  offset: number;
  /** The kernel does not know the offset. */
  moved: boolean;
}

const CLOSED = -1;
const NO_NOTES: number[] = [];

export class OpenFiles {
  readonly #cache: FileCache;
  readonly #regular = new Set<number>();
  readonly #readable = new Map<number, ReadFile>();
  readonly #notes: number[] = [];

  constructor(cache: FileCache) {
    this.#cache = cache;
  }

  /** A regular file was opened; `file` when its content is known. */
  opened(fd: number, file: { stat: Stat; stamp: number; content: Uint8Array } | null): void {
    this.#regular.add(fd);
    if (file) this.#readable.set(fd, { ...file, index: indexOf(file.stat.ino), offset: 0, moved: false });
    else this.#readable.delete(fd);
  }

  isRegular(fd: number): boolean {
    return this.#regular.has(fd);
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
    if (!this.#regular.delete(fd)) return false;
    this.#readable.delete(fd);
    if (this.#notes.length >= 2 * MAX_NOTES) return false;
    this.#notes.push(fd, CLOSED);
    return true;
  }

  /** The kernel is told all that it does not know, and asked from now on: descriptors may be shared, or mean something else. */
  handOver(): void {
    for (const fd of [...this.#readable.keys()]) this.#leave(fd);
    this.#regular.clear();
  }

  countNotes(): number {
    return this.#notes.length / 2;
  }

  /** Pairs as of `Word.noteCount`, the first so many; they go before the next request. */
  takeNotes(most: number): number[] {
    return this.#notes.length === 0 ? NO_NOTES : this.#notes.splice(0, 2 * most);
  }

  giveBackNotes(notes: readonly number[]): void {
    this.#notes.unshift(...notes);
  }

  #current(fd: number): ReadFile | undefined {
    const file = this.#readable.get(fd);
    if (file === undefined || this.#cache.stampAt(file.index) === file.stamp) return file;
    this.#leave(fd);
    return undefined;
  }

  #leave(fd: number): void {
    const file = this.#readable.get(fd);
    this.#readable.delete(fd);
    if (file?.moved) this.#notes.push(fd, file.offset);
  }
}
