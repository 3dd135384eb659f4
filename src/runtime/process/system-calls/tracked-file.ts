/**
 * What a process knows of a file that it reads or writes in pieces: its size, and blocks of its bytes, as long as nobody else
 * has changed it, which its stamp tells (`kernel/channel/stamps.ts`). The offset of its descriptor is kept here alone.
 */

import { indexOf } from '../../kernel/channel/stamps.ts';
import { allowsReading, allowsWriting, O_APPEND } from '../../kernel/file-modes.ts';
import { blocksFor } from '../../kernel/new-stats.ts';
import { type Look, MAX_LOOK_BYTES, type Stat } from '../../kernel/syscalls.ts';
import type { FileCache } from './file-cache.ts';
import type { KnownStats } from './known-stats.ts';

const BLOCK = 16 * 1024;
/** What is longer is read where it is wanted, and kept when it is read again. */
export const MAX_TRACKED_READ = 2 * BLOCK;
const MAX_AHEAD = 5;
/** Of all files of the process together: 32 MB. */
const MAX_BLOCKS = 2048;
/** No stamp: what is known is not true any more. */
const UNKNOWN = Number.NaN;

/** The blocks of all files of a process: where there are too many, all are forgotten. */
export class KeptBlocks {
  #count = 0;
  readonly #files = new Set<Map<number, Uint8Array>>();

  /** Whether so many more may be put in, and no other is forgotten. */
  hasRoom(count: number): boolean {
    return this.#count + count <= MAX_BLOCKS;
  }

  put(blocks: Map<number, Uint8Array>, index: number, block: Uint8Array): void {
    if (blocks.has(index)) this.drop(blocks, index);
    if (this.#count >= MAX_BLOCKS) this.#dropAll();
    this.#files.add(blocks);
    blocks.set(index, block);
    this.#count++;
  }

  drop(blocks: Map<number, Uint8Array>, index: number): void {
    if (blocks.delete(index)) this.#count--;
    if (blocks.size === 0) this.#files.delete(blocks);
  }

  dropFile(blocks: Map<number, Uint8Array>): void {
    this.#count -= blocks.size;
    blocks.clear();
    this.#files.delete(blocks);
  }

  #dropAll(): void {
    for (const blocks of this.#files) this.dropFile(blocks);
  }
}

export class TrackedFile {
  readonly inode: number;
  readonly #index: number;
  readonly #cache: FileCache;
  readonly #kept: KeptBlocks;
  readonly #flags: number;
  #stamp = UNKNOWN;
  #stat: Stat | null = null;
  /** When it was written to since then; 0 when it was not. */
  #writtenMs = 0;
  #size = 0;
  /** It has no holes: what is written within it takes no more room than its bytes. */
  #isDense = true;
  /** So often it was not, and so often is waited for until it is looked at again. */
  #refused = 0;
  #patience = 16;
  readonly #blocks = new Map<number, Uint8Array>();
  /** The block behind those that were read last, and how many to read when it comes next. */
  #nextBlock = 0;
  #ahead = 0;
  /** What was read at once of its long pieces, one behind the other. */
  #long = { start: 0, end: 0 };
  /** Where the last piece ends that was kept of it, and how long that is. */
  #keeping = { end: 0, length: 0 };
  offset = 0;
  /** The kernel does not know the offset. */
  moved = false;

  constructor(inode: number, flags: number, { cache, kept }: { cache: FileCache; kept: KeptBlocks }) {
    this.inode = inode;
    this.#index = indexOf(inode);
    this.#cache = cache;
    this.#kept = kept;
    this.#flags = flags;
  }

  /** What it was when its stamp was this one. */
  know(stat: Stat, stamp: number): void {
    this.#stamp = stamp;
    this.#stat = stat;
    this.#writtenMs = 0;
    this.#size = stat.size;
    this.#isDense = isDense(stat);
  }

  /** Nothing is in it now. */
  knowEmpty(): void {
    this.#stamp = this.#cache.stampAt(this.#index);
  }

  /** It is closed: who asks for it by a path may be told what is known. */
  tellTo(stats: KnownStats): void {
    const { stat } = this;
    if (stat) stats.keep(stat, this.#stamp);
  }

  get isReadable(): boolean {
    return allowsReading(this.#flags);
  }

  get isWritable(): boolean {
    return allowsWriting(this.#flags);
  }

  /** Where it is written the kernel alone knows. */
  get appends(): boolean {
    return (this.#flags & O_APPEND) !== 0;
  }

  get #isCurrent(): boolean {
    return this.#cache.stampAt(this.#index) === this.#stamp;
  }

  /** Undefined when it must be looked at. */
  get currentStamp(): number | undefined {
    return this.#isCurrent ? this.#stamp : undefined;
  }

  /** While there is a current stamp. */
  get size(): number {
    return this.#size;
  }

  /** Undefined when it must be looked at. */
  get stat(): Stat | undefined {
    if (!this.#stat || !this.#isCurrent) return undefined;
    if (this.#writtenMs !== 0) this.#stat = written(this.#stat, this.#size, this.#writtenMs);
    this.#writtenMs = 0;
    return this.#stat;
  }

  /** Whether what is written there takes no more room than its bytes; undefined when it must be looked at. */
  hasPlaceAt(position: number): boolean | undefined {
    if (!this.#isCurrent) return undefined;
    if (this.#isDense) return position <= this.#size;
    // The holes may have been filled.
    if (++this.#refused < this.#patience) return false;
    this.#refused = 0;
    this.#patience *= 2;
    return undefined;
  }

  moveTo(offset: number): void {
    this.offset = offset;
    this.moved = true;
  }

  /** Reads what there is from a position on, as far as the target goes; undefined when it must be looked at. */
  read(target: Uint8Array, position: number): number | undefined {
    if (!this.#isCurrent) return undefined;
    const end = Math.min(position + target.length, this.#size);
    for (let at = position; at < end; ) {
      const block = this.#blocks.get(Math.floor(at / BLOCK));
      const from = at % BLOCK;
      const bytes = block?.subarray(from, from + end - at);
      // A block is shorter than its place when the file ended there.
      if (!bytes || (bytes.length < end - at && from + bytes.length < BLOCK)) return undefined;
      target.set(bytes, at - position);
      at += bytes.length;
    }
    return Math.max(0, end - position);
  }

  /** Where to look, and at how much, to know these bytes. Whoever reads on gets more each time. */
  placeToLook(position: number, length: number): { start: number; length: number } {
    const first = Math.floor(position / BLOCK);
    const last = Math.floor((position + Math.max(0, length - 1)) / BLOCK);
    this.#ahead = first === this.#nextBlock ? Math.min(2 * this.#ahead + 1, MAX_AHEAD) : 0;
    this.#nextBlock = last + 1 + this.#ahead;
    return { start: first * BLOCK, length: (this.#nextBlock - first) * BLOCK };
  }

  /** Whether a long piece was read before: then it may be read once more. */
  wasLongRead(position: number, length: number): boolean {
    return position >= this.#long.start && position + length <= this.#long.end;
  }

  /** A long piece was read. */
  noteLongRead(position: number, length: number): void {
    const end = position + length;
    const before = this.#long;
    this.#long =
      position <= before.end && end >= before.start
        ? { start: Math.min(before.start, position), end: Math.max(before.end, end) }
        : { start: position, end };
  }

  /** Where to look, and at how much, to keep what is read again; more each time that it goes on. Null where there is no room. */
  placeToKeep(position: number, length: number): { start: number; length: number } | null {
    const start = position - (position % BLOCK);
    const { end, length: before } = this.#keeping;
    const goesOn = position <= end && end < position + length;
    const most = Math.min(this.#long.end, start - (start % MAX_LOOK_BYTES) + MAX_LOOK_BYTES);
    const until = Math.max(position + length, Math.min(start + (goesOn ? 2 * before : 0), most));
    const blocks = Math.ceil((until - start) / BLOCK);
    this.#keeping = { end: start + blocks * BLOCK, length: blocks * BLOCK };
    return blocks * BLOCK <= MAX_LOOK_BYTES && this.#kept.hasRoom(blocks) ? { start, length: blocks * BLOCK } : null;
  }

  /** Keeps what the kernel has found, with its own bytes from `start` on. */
  learn(look: Look, start: number): void {
    const { bytes } = look;
    this.learnSize(look);
    for (let at = 0; at < bytes.length; at += BLOCK)
      this.#kept.put(this.#blocks, (start + at) / BLOCK, bytes.subarray(at, at + BLOCK));
  }

  /** As `learn`, without the bytes. */
  learnSize({ stat, stampBefore, stampAfter }: Look): void {
    if (stampBefore !== this.#stamp) {
      this.#kept.dropFile(this.#blocks);
      this.#long = { start: 0, end: 0 };
    }
    this.know(stat, stampAfter);
  }

  /** The process has written this, and will have at that time; null when the kernel has told of it. */
  wrote(data: Uint8Array, position: number, time: number | null): void {
    const before = time === null ? (this.#cache.stampAt(this.#index) - 1) | 0 : this.#cache.bump(this.inode);
    if (time === null) this.#stat = null;
    else this.#writtenMs = time;
    if (before !== this.#stamp) {
      this.forget();
      return;
    }
    this.#stamp = (before + 1) | 0;
    if (position > this.#size) this.#isDense = false;
    this.#size = Math.max(this.#size, position + data.length);
    if (this.#blocks.size > 0) this.#change(data, position);
  }

  #change(data: Uint8Array, position: number): void {
    for (let done = 0; done < data.length; ) {
      const index = Math.floor((position + done) / BLOCK);
      const from = (position + done) % BLOCK;
      const part = data.subarray(done, done + BLOCK - from);
      const block = this.#blocks.get(index);
      if (block && from + part.length <= block.length) block.set(part, from);
      else this.#kept.drop(this.#blocks, index);
      done += part.length;
    }
  }

  /** Nothing that is known of it counts any more: it is changed by other ways, or closed. */
  forget(): void {
    this.#stamp = UNKNOWN;
    this.#kept.dropFile(this.#blocks);
  }
}

/** What `stat` says of a file of so many bytes, without holes, to which somebody wrote at this time. */
export const written = (before: Stat, size: number, time: number): Stat => ({
  ...before,
  size,
  blocks: blocksFor(size),
  mtimeMs: time,
  ctimeMs: time,
});

const isDense = ({ size, blocks }: Stat): boolean => blocks * 512 >= size;
