/**
 * What a process knows of the names in folders: to which inodes they lead, and which are not there. A folder counts as known while its
 * stamp is the one that it had (`kernel/channel/stamps.ts`); for what the process changes itself it moves both.
 */
import { indexOf } from '../../kernel/channel/stamps.ts';
import type { Dependencies, FileCache } from './file-cache.ts';

/** Of an inode, as `Entries` has them; 0 when it is not known. */
export const Kind = { unknown: 0, file: 1, folder: 2, link: 3 } as const;

export interface NamedInode {
  readonly number: number;
  readonly kind: number;
}

/** Where a path leads: a name in a folder that is known. */
export interface KnownPlace {
  readonly folder: NamedFolder;
  readonly name: string;
}

interface Way {
  /** From the root to the folder, with the names by which each leads to the next. */
  readonly folders: readonly NamedFolder[];
  readonly names: readonly string[];
  /** The number of the whole file system when it was last found true. */
  version: number;
}

export interface NameSource {
  /** The numbers of the inodes that the lookups of the last answer met, in their order; null when they are not known. */
  trail(): number[] | null;
  listNames(folder: string, most: number): [names: string[], kinds: Uint8Array, numbers: number[]] | null;
  /** On what the last answer depends; null when it must not be kept. */
  dependencies(): Dependencies | null;
}

const MAX_NAMES = 32_768;
const MAX_WAYS = 1024;
const MAX_PATH = 2048;
const MAX_NAME = 80;
const FIRST_PATIENCE = 2;
const MOST_PATIENCE = 4096;
/** So many names a question is worth that need not be asked. */
const NAMES_A_QUESTION = 32;

export class NamedFolder {
  readonly number: number;
  readonly index: number;
  stamp = Number.NaN;
  /** null: there is nothing. Where there are no other names, only what is there. */
  readonly #names = new Map<string, NamedInode | null>();
  /** Whether there are no other names. */
  isWhole = false;
  /** Questions that the kernel had to answer one by one since the folder was known last, and so many are waited for. */
  asked = 0;
  patience = FIRST_PATIENCE;
  /** Questions that were answered since all names were told. */
  #served = 0;
  /** The names of all folders. */
  readonly #total: { count: number };

  constructor(number: number, total: { count: number }) {
    this.number = number;
    this.index = indexOf(number);
    this.#total = total;
  }

  get(name: string): NamedInode | null | undefined {
    const found = this.#names.get(name);
    this.#served++;
    return found === undefined && this.isWhole ? null : found;
  }

  /** As `get`, of a name that was found here. */
  peek(name: string): NamedInode | null | undefined {
    return this.#names.get(name);
  }

  get isEmpty(): boolean {
    return this.isWhole && this.#names.size === 0;
  }

  put(name: string, inode: NamedInode | null): void {
    const before = this.#names.size;
    if (inode === null && this.isWhole) this.#names.delete(name);
    else this.#names.set(name, inode);
    this.#total.count += this.#names.size - before;
  }

  forget(): void {
    // What was worth its price is asked for as soon again.
    if (this.isWhole && this.#served > this.#names.size / NAMES_A_QUESTION) this.patience = FIRST_PATIENCE;
    this.#served = 0;
    this.#total.count -= this.#names.size;
    this.#names.clear();
    this.isWhole = false;
    this.asked = 0;
  }
}

export class KnownNames {
  readonly #cache: FileCache;
  readonly #source: NameSource;
  readonly #folders = new Map<number, NamedFolder>();
  readonly #ways = new Map<string, Way>();
  readonly #total = { count: 0 };
  /** Whether the process changes names: what it finds out is worth keeping then. */
  isWanted = false;

  constructor(cache: FileCache, source: NameSource) {
    this.#cache = cache;
    this.#source = source;
  }

  /** null when the way to it is not known. */
  locate(path: string): KnownPlace | null {
    const slash = path.lastIndexOf('/');
    if (slash < 0 || path.length > MAX_PATH) return null;
    const name = path.slice(slash + 1);
    if (!isPlain(name)) return null;
    const folder = this.#folderAt(path.slice(0, slash));
    return folder && { folder, name };
  }

  /** What a path leads to, null when nothing is there; undefined when that is not known. */
  at(path: string): NamedInode | null | undefined {
    const place = this.locate(path);
    return place?.folder.get(place.name);
  }

  /** As `NamedFolder.get`; whoever asks much of one folder is told all its names. */
  find({ folder, name }: KnownPlace, path: string): NamedInode | null | undefined {
    const known = folder.get(name);
    if (known !== undefined) return known;
    if (++folder.asked >= folder.patience) this.list(folder, path.slice(0, path.lastIndexOf('/')));
    return folder.get(name);
  }

  /** Finds out all names of a folder, if they are not too many. */
  list(folder: NamedFolder, path: string): void {
    const most = Math.min(MAX_NAMES / 2, folder.asked * NAMES_A_QUESTION);
    folder.patience = Math.min(MOST_PATIENCE, folder.patience * 2);
    const answer = path === '' ? null : this.#source.listNames(path, most);
    const dependencies = this.#source.dependencies();
    if (answer === null || dependencies === null || this.#source.trail()?.at(-1) !== folder.number) return;
    const stamp = this.#cache.stampAt(folder.index);
    if (!this.#cache.isTrue(dependencies)) return;
    const [names, kinds, numbers] = answer;
    folder.forget();
    for (let i = 0; i < names.length; i++)
      folder.put(names[i] as string, { number: numbers[i] as number, kind: kinds[i] as number });
    folder.stamp = stamp;
    folder.isWhole = true;
    this.#limit();
  }

  /** The process has changed what the name leads to, and the stamp of the folder once for it. */
  changed({ folder, name }: KnownPlace, inode: NamedInode | null): void {
    const before = this.#cache.bump(folder.number);
    if (before !== folder.stamp) {
      folder.forget();
      return;
    }
    folder.stamp = (before + 1) | 0;
    folder.put(name, inode);
    this.#limit();
  }

  /** The process has made a folder there, which is empty. */
  made(path: string, { folder, name }: KnownPlace, number: number): void {
    const made = this.#folder(number);
    made.forget();
    made.stamp = this.#cache.stampAt(made.index);
    made.isWhole = true;
    const way = this.#ways.get(path.slice(0, path.lastIndexOf('/')));
    if (way?.folders.at(-1) === folder) this.#keepWay(path, [...way.folders, made], [...way.names, name]);
  }

  /** The folder with this number, if it is known and nothing in it has changed since. */
  folder(number: number): NamedFolder | undefined {
    const folder = this.#folders.get(number);
    return folder && this.#cache.stampAt(folder.index) === folder.stamp ? folder : undefined;
  }

  /**
   * Learns from the kernel's last answer how its lookup of `path`, which begins at `from` in the trail, came to the folder: the process
   * has changed that `changes` times with it. null when nothing was learnt.
   */
  learn(path: string, changes: number, from = 0): KnownPlace | null {
    const trail = this.#source.trail();
    const dependencies = trail && this.#source.dependencies();
    if (!trail || !dependencies || path.length > MAX_PATH) return null;
    if (!isPlainPath(path)) return null;
    const names = path.slice(1).split('/');
    const end = this.endOf(path, from);
    if (trail.length < end || trail[from] !== trail[0]) return null;
    // Of every folder on the way there are two: as an entry, and as a place to look in. Behind a link there is another one.
    for (let at = from + 1; at < end; at += 2) if (trail[at] !== trail[at + 1]) return null;
    const folders: NamedFolder[] = [];
    for (let at = from; at < end; at += 2) folders.push(this.#folder(trail[at] as number));
    const stamps = folders.map(({ index }) => this.#cache.stampAt(index));
    if (!this.#cache.isTrue(dependencies)) return null;
    const last = folders.length - 1;
    for (const [at, folder] of folders.entries()) {
      const stamp = stamps[at] as number;
      if (((folder.stamp + (at === last ? changes : 0)) | 0) !== stamp || Number.isNaN(folder.stamp)) folder.forget();
      folder.stamp = stamp;
      const next = folders[at + 1];
      if (next) folder.put(names[at] as string, { number: next.number, kind: Kind.folder });
    }
    this.#limit();
    const name = names.pop() as string;
    this.#keepWay(path.slice(0, path.lastIndexOf('/')), folders, names);
    return { folder: folders[last] as NamedFolder, name };
  }

  /** Where in a trail a lookup that began at `from` was in the last folder: the inode that it found there comes next. */
  endOf(path: string, from = 0): number {
    return from + 2 * path.split('/').length - 3;
  }

  trail(): number[] | null {
    return this.#source.trail();
  }

  clear(): void {
    for (const folder of this.#folders.values()) folder.forget();
    this.#folders.clear();
    this.#ways.clear();
  }

  #folderAt(path: string): NamedFolder | null {
    const way = this.#ways.get(path);
    if (!way) return null;
    const { folders, names } = way;
    const { version } = this.#cache;
    const last = folders[folders.length - 1] as NamedFolder;
    if (way.version === version) return last;
    for (let at = 0; at < folders.length; at++) {
      const folder = folders[at] as NamedFolder;
      if (this.#cache.stampAt(folder.index) !== folder.stamp) return null;
      const next = folders[at + 1];
      if (next && folder.peek(names[at] as string)?.number !== next.number) return null;
    }
    way.version = version;
    return last;
  }

  #folder(number: number): NamedFolder {
    const known = this.#folders.get(number);
    if (known) return known;
    const folder = new NamedFolder(number, this.#total);
    this.#folders.set(number, folder);
    return folder;
  }

  #keepWay(path: string, folders: readonly NamedFolder[], names: readonly string[]): void {
    if (this.#ways.size >= MAX_WAYS) this.#ways.clear();
    this.#ways.set(path, { folders, names, version: Number.NaN });
  }

  /** Where there are too many, all are forgotten: those that are in use are soon known again. */
  #limit(): void {
    if (this.#total.count + this.#folders.size > MAX_NAMES) this.clear();
  }
}

const isPlain = (name: string): boolean =>
  name.length > 0 && name.length <= MAX_NAME && name !== '.' && name !== '..' && !name.includes('\0');

/** Whether a lookup goes from folder to folder, name by name. */
export const isPlainPath = (path: string): boolean => path.startsWith('/') && path.slice(1).split('/').every(isPlain);
