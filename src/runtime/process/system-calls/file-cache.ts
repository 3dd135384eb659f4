/**
 * What a process knows of the file system. Each answer is kept with the stamps of all inodes that the kernel met on the way
 * to it (`kernel/channel/stamps.ts`); while those have not moved, it is still true, whoever else writes.
 */
import { KnownInodes } from '../../kernel/channel/known-inodes.ts';
import { indexOf, WHOLE } from '../../kernel/channel/stamps.ts';
import { type Entries, MOST_USED, type Stat } from '../../kernel/syscalls.ts';
import type { SourceKind } from '../../transformer/messages.ts';

// Taken when the Worker starts: the guest may replace it, and must not get hold of the shared memory.
const { add, load } = Atomics;

/** So many answers of a kind are kept; then all of them are forgotten. */
const MAX_ANSWERS = 4096;
const MAX_CONTENT_BYTES = 16 << 20;

/** So many sources may wait to be compiled. */
const MOST_SOURCES = 128;

const decoder = new TextDecoder();

/** A file that the kernel has told of unasked; with what must be edited in it as a source of this kind, where that is known. */
export interface ToldFile {
  readonly content: Uint8Array;
  readonly transform: { readonly kind: SourceKind; readonly result: Uint8Array } | null;
}

/** On what an answer depends. */
export interface Dependencies {
  readonly indices: Int32Array;
  /** The sum of these stamps when it was given. */
  readonly sum: number;
}

/** An answer, or the errno with which the call failed. */
export type Outcome<T> = { readonly value: T; readonly code: null } | { readonly value: null; readonly code: string };

interface Kept<T> extends Dependencies {
  readonly outcome: Outcome<T>;
  /** The number of the whole file system when it was last found true. */
  version: number;
}

/** A file that was appended to: while nothing has changed on the way to it, its path leads there. */
export interface Appended extends Dependencies {
  readonly path: string;
  readonly flags: number;
  readonly inode: number;
}

export class FileCache {
  readonly stats = new Answers<Stat>(this);
  /** Of links themselves. */
  readonly linkStats = new Answers<Stat>(this);
  readonly contents = new Answers<Uint8Array>(this, (path) => {
    this.#useTold(path);
  });
  readonly entries = new Answers<Entries>(this);
  readonly targets = new Answers<string>(this);
  readonly realPaths = new Answers<string>(this);
  /** Paths at which there is a folder. */
  readonly folders = new Answers<true>(this);
  /** The numbers of the inodes to which paths lead, whatever those hold. */
  readonly leads = new Answers<number>(this);
  /** Those that the kernel holds. */
  readonly known = new KnownInodes<true>();
  /** The file to which the kernel has appended last. */
  appended: Appended | null = null;
  readonly #stamps: Int32Array;
  #contentBytes = 0;
  /** Files whose contents were told unasked, and that were not read since. */
  readonly #told = new Map<string, ToldFile>();
  /** Those that were read since, and of which the kernel knows what must be edited. */
  #sources: ToldFile[] = [];
  /** In their order. */
  #used: string[] = [];

  constructor(stamps: Int32Array) {
    this.#stamps = stamps;
  }

  get version(): number {
    return load(this.#stamps, WHOLE);
  }

  stampAt(index: number): number {
    return load(this.#stamps, index);
  }

  /** What is known of this inode is not true any more: the kernel will change it. Returns its stamp until now. */
  bump(inode: number): number {
    const before = add(this.#stamps, indexOf(inode), 1);
    add(this.#stamps, WHOLE, 1);
    return before;
  }

  /** What is known of the whole file system is not true any more. */
  bumpWhole(): void {
    add(this.#stamps, WHOLE, 1);
  }

  isTrue({ indices, sum }: Dependencies): boolean {
    let now = 0;
    for (let i = 0; i < indices.length; i++) now = (now + load(this.#stamps, indices[i] as number)) | 0;
    return now === sum;
  }

  /** The cache keeps `content` itself. */
  keepContent(path: string, content: Uint8Array, dependencies: Dependencies): void {
    this.#contentBytes += content.length;
    if (this.#contentBytes > MAX_CONTENT_BYTES) {
      this.#forgetContents();
      this.#contentBytes = content.length;
    }
    this.contents.keep(path, { value: content, code: null }, dependencies);
  }

  /** As `keepContent`, of a file that nobody has asked for yet. */
  keepTold(path: string, file: ToldFile, dependencies: Dependencies): void {
    this.keepContent(path, file.content, dependencies);
    this.#told.set(path, file);
  }

  #useTold(path: string): void {
    const file = this.#told.get(path);
    if (file === undefined) return;
    this.#told.delete(path);
    this.noteUse(path);
    if (file.transform === null) return;
    if (this.#sources.length === MOST_SOURCES) this.#sources.shift();
    this.#sources.push(file);
  }

  /** What must be edited in a source, where that came with a file that was read and holds the same; it is given once. */
  takeTransform(kind: SourceKind, source: Uint8Array): Uint8Array | null {
    // What was read last is compiled first, as a rule.
    for (let i = this.#sources.length - 1; i >= 0; i--) {
      const { content, transform } = this.#sources[i] as ToldFile;
      if (transform?.kind !== kind || content.length !== source.length) continue;
      // The browser compares texts far sooner than we compare bytes.
      if (decoder.decode(content) !== decoder.decode(source)) continue;
      this.#sources.splice(i, 1);
      return transform.result;
    }
    return null;
  }

  #forgetContents(): void {
    this.contents.clear();
    this.#told.clear();
    this.#contentBytes = 0;
  }

  /** A folder that was told, or a file in one, was of use. */
  noteUse(path: string): void {
    if (this.#used.length < MOST_USED) this.#used.push(path);
  }

  /** What was used since this was asked last. */
  takeUsed(): string[] {
    const used = this.#used;
    if (used.length > 0) this.#used = [];
    return used;
  }

  /** Relative paths mean something else from now on. */
  clear(): void {
    const { stats, linkStats, entries, targets, realPaths, folders, leads } = this;
    for (const answers of [stats, linkStats, entries, targets, realPaths, folders, leads]) answers.clear();
    this.#forgetContents();
    this.appended = null;
  }
}

/** Answers of one kind, by path. */
export class Answers<T> {
  readonly #cache: FileCache;
  readonly #kept = new Map<string, Kept<T>>();

  readonly #onFirstUse: ((path: string) => void) | undefined;

  constructor(cache: FileCache, onFirstUse?: (path: string) => void) {
    this.#cache = cache;
    this.#onFirstUse = onFirstUse;
  }

  /** Undefined when it is not known, or not true any more. */
  get(path: string): Outcome<T> | undefined {
    const kept = this.#kept.get(path);
    if (kept === undefined) return undefined;
    // Read first: what changes after it is not overlooked.
    const version = this.#cache.version;
    if (kept.version === version) return kept.outcome;
    if (!this.#cache.isTrue(kept)) return undefined;
    if (this.#onFirstUse && Number.isNaN(kept.version)) this.#onFirstUse(path);
    kept.version = version;
    return kept.outcome;
  }

  /** Whether it was asked for since it is kept. */
  wasFound(path: string): boolean {
    const kept = this.#kept.get(path);
    return kept !== undefined && !Number.isNaN(kept.version);
  }

  keep(path: string, outcome: Outcome<T>, { indices, sum }: Dependencies): void {
    if (this.#kept.size >= MAX_ANSWERS) this.#kept.clear();
    // No version yet: the file system may have changed since the kernel answered.
    this.#kept.set(path, { outcome, indices, sum, version: Number.NaN });
  }

  clear(): void {
    this.#kept.clear();
  }
}
