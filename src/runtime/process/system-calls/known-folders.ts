/**
 * Whole folders that a process knows. To load a module is to ask for a dozen names around it, most of which are not there: from the
 * second question on, one answer of the kernel serves all that is asked of a folder.
 */
import { unpackStatAt } from '../../kernel/channel/pack-stat.ts';
import { indexOf } from '../../kernel/channel/stamps.ts';
import { entryType, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import {
  type Entries,
  type LikelyNext,
  type Neighbours,
  type Stat,
  SystemError,
  type WantedContents,
} from '../../kernel/syscalls.ts';
import type { Dependencies, FileCache, Outcome } from './file-cache.ts';
import { Listings } from './listings.ts';

interface Folder {
  /** Questions that the kernel had to answer one by one since the folder was known last. */
  asked: number;
  /** So many are waited for: more with every time that what was known was of little use. */
  patience: number;
  known: KnownFolder | null;
  reading: Reading;
}

/** Files of a folder that are read one by one. */
interface Reading {
  /** Since contents were told last. */
  count: number;
  patience: number;
  bytes: number;
  /** The next names behind those whose contents were told. */
  next: readonly string[];
}

interface KnownFolder extends Dependencies {
  /** Where each name stands in the lists. */
  readonly places: ReadonlyMap<string, number>;
  readonly stats: Uint8Array;
  /** Those of the stats that were asked for. */
  readonly unpacked: Stat[];
  readonly stamps: readonly number[];
  /** With what the folder itself could not be read: so fails all that lies in it. */
  readonly code: string | null;
  /** The number of the whole file system when it was last found true. */
  version: number;
  /** Questions that it has answered, and as many it is worth that it be known. */
  served: number;
  readonly cost: number;
  /** The names of those whose contents came with it. */
  readonly told: readonly string[];
}

interface Learnt {
  answer: Neighbours;
  dependencies: Dependencies;
  code: string | null;
}

export interface FolderSource {
  neighbours(folder: string, most: number, wanted?: WantedContents): [Neighbours, LikelyNext[]] | null;
  /** On what the last answer depends; null when it must not be kept. */
  dependencies(): Dependencies | null;
}

/** An absolute path without `.`, `..`, empty or very long names; those of descriptors are each process's own. */
const PLAIN = /^(?!\/(?:dev|proc)\/)(?:\/(?!\.\.?(?:\/|$))[^/\0]{1,80})+$/;
const PLAIN_NAME = /^(?!\.\.?$)[^\0]{1,80}$/;
/** Whoever looks for it is about to load modules that lie beside it. */
const MANIFEST = 'package.json';
const FIRST_PATIENCE = 2;
const MOST_PATIENCE = 4096;
/** So much a list of names is worth that is followed by questions about them. */
const LISTED_QUESTIONS = 16;
/** So many entries a question is worth that need not be asked, and so many bytes. */
const ENTRIES_A_QUESTION = 32;
const BYTES_A_QUESTION = 4096;
/** So many files of a folder are read one by one until others come along, as many bytes of them, and more when they are read, too. */
const FIRST_READS = 3;
const FIRST_BYTES = 32 * 1024;
const MOST_BYTES = 256 * 1024;
/** Among so many names lies the one with which a reader goes on that reads files of one kind. */
const NEXT_NAMES = 16;
const MAX_FOLDERS = 2048;
const MAX_PATH = 2048;
const NOTHING: Neighbours = [[], new Uint8Array(), [], [], []];

export class KnownFolders {
  readonly #cache: FileCache;
  readonly #source: FolderSource;
  readonly #folders = new Map<string, Folder>();
  readonly #listings = new Listings();

  constructor(cache: FileCache, source: FolderSource) {
    this.#cache = cache;
    this.#source = source;
  }

  /** Undefined when the kernel must be asked for this path. */
  statOf(path: string, follow: boolean): Outcome<Stat> | undefined {
    const slash = path.lastIndexOf('/');
    if (slash < 0 || path.length > MAX_PATH) return undefined;
    const name = path.slice(slash + 1);
    const folder = path.slice(0, slash) || '/';
    // The paths of folders that are met already are plain.
    if (!(this.#folders.has(folder) ? PLAIN_NAME.test(name) : PLAIN.test(path))) return undefined;
    this.#listings.note(folder, false);
    const known = this.#folderAt(folder, name);
    const outcome = known && this.#outcome(known, name, follow);
    if (outcome) known.served++;
    return outcome ?? undefined;
  }

  /** What lies in a folder, where more is known of that or likely to be wanted, too; undefined when the kernel must be asked for the names alone. */
  list(path: string): { entries: Entries; dependencies: Dependencies } | undefined {
    if (path.length > MAX_PATH || !PLAIN.test(path)) return undefined;
    const before = this.#folders.get(path)?.known;
    const known = before && this.#cache.isTrue(before) ? before : this.#learnListed(path);
    if (known === null || known.code !== null) return undefined;
    const names = [...known.places.keys()].sort();
    const types = names.map((name) => entryType(this.#statAt(known, known.places.get(name) as number)));
    return { entries: { names, types }, dependencies: known };
  }

  /** The kernel has told so many names of the folder. */
  listed(path: string, names: number): void {
    this.#listings.found(path, names);
  }

  #learnListed(path: string): KnownFolder | null {
    const wanted = this.#listings.next(path);
    if (wanted === 'nothing') return null;
    const folder = this.#folders.get(path) ?? this.#add(path, '');
    const bytes = wanted === 'contents' ? folder.reading.bytes : 0;
    folder.known = this.#learn(path, { asked: LISTED_QUESTIONS }, ['', bytes]);
    if (folder.known !== null && bytes > 0) noteTold(folder.reading, folder.known, '');
    return folder.known;
  }

  #statAt(known: KnownFolder, place: number): Stat {
    const stat = known.unpacked[place] ?? unpackStatAt(known.stats, place);
    known.unpacked[place] = stat;
    return stat;
  }

  #outcome(known: KnownFolder, name: string, follow: boolean): Outcome<Stat> | undefined {
    if (known.code !== null) return { value: null, code: known.code };
    const place = known.places.get(name);
    if (place === undefined) return { value: null, code: 'ENOENT' };
    const stat = this.#statAt(known, place);
    if (follow && (stat.mode & S_IFMT) === S_IFLNK) return undefined;
    return this.#cache.stampAt(indexOf(stat.ino)) === known.stamps[place] ? { value: stat, code: null } : undefined;
  }

  #folderAt(path: string, name: string): KnownFolder | null {
    const folder = this.#folders.get(path) ?? this.#add(path, name);
    const { known } = folder;
    if (known) {
      const { version } = this.#cache;
      if (known.version === version) return known;
      if (this.#cache.isTrue(known)) {
        known.version = version;
        return known;
      }
      folder.known = null;
      folder.asked = 0;
      // It may change every now and then, as when another program makes it anew, and be worth knowing every time.
      if (known.served > known.cost) folder.patience = FIRST_PATIENCE;
      else beMorePatient(folder);
    }
    if (++folder.asked < folder.patience) return null;
    folder.known = this.#learn(path, folder);
    if (folder.known === null) beMorePatient(folder);
    return folder.known;
  }

  #add(path: string, name: string): Folder {
    if (this.#folders.size >= MAX_FOLDERS) this.#folders.clear();
    const asked = name === MANIFEST ? FIRST_PATIENCE - 1 : 0;
    const reading = { count: 0, patience: FIRST_READS, bytes: FIRST_BYTES, next: [] };
    const folder = { asked, patience: FIRST_PATIENCE, known: null, reading };
    this.#folders.set(path, folder);
    return folder;
  }

  /** A file is read of which the content is not known; true when it may be known now, with those that are likely to be read next. */
  noteRead(path: string): boolean {
    const slash = path.lastIndexOf('/');
    if (slash < 1 || path.length > MAX_PATH || !PLAIN.test(path)) return false;
    const at = path.slice(0, slash);
    const name = path.slice(slash + 1);
    const folder = this.#folders.get(at) ?? this.#add(at, name);
    const { reading } = folder;
    this.#listings.note(at, true);
    const goesOn = reading.next.includes(name);
    if (!goesOn && ++reading.count < reading.patience) return false;
    reading.count = 0;
    if (goesOn) reading.bytes = Math.min(MOST_BYTES, 2 * reading.bytes);
    else reading.patience = Math.min(MOST_PATIENCE, 2 * reading.patience);
    const learnt = this.#learn(at, { asked: MOST_PATIENCE }, [name, reading.bytes]);
    if (learnt === null) return false;
    folder.known = learnt;
    noteTold(reading, learnt, name);
    return true;
  }

  #learn(path: string, { asked }: Pick<Folder, 'asked'>, wanted?: WantedContents): KnownFolder | null {
    let answer: [Neighbours, LikelyNext[]] | null = null;
    let code: string | null = null;
    try {
      answer = this.#source.neighbours(path, asked * ENTRIES_A_QUESTION, wanted);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      code = error.code;
    }
    const dependencies = this.#source.dependencies();
    if (dependencies === null || (answer === null && code === null)) return null;
    for (const next of answer?.[1] ?? []) this.#keepNext(next);
    return this.#known(path, { answer: answer?.[0] ?? NOTHING, dependencies, code });
  }

  #keepNext([path, answer, indices, sum]: LikelyNext): void {
    if (!PLAIN.test(path)) return;
    const folder = this.#folders.get(path) ?? this.#add(path, '');
    if (folder.known && this.#cache.isTrue(folder.known)) return;
    const dependencies = { indices: Int32Array.from(indices), sum };
    folder.known = this.#known(path, { answer, dependencies, code: null });
  }

  #known(path: string, { answer, dependencies, code }: Learnt): KnownFolder {
    const [names, stats, stamps] = answer;
    if (code === null) this.#keepContents(path === '/' ? '' : path, answer, dependencies);
    const places = new Map(names.map((name, index) => [name, index]));
    const bytes = answer[4].reduce((sum, { length }) => sum + length, stats.length);
    const told = answer[3].map((place) => names[place] as string);
    // No version yet: the file system may have changed since the kernel answered.
    const version = Number.NaN;
    const cost = bytes / BYTES_A_QUESTION;
    return { ...dependencies, places, stats, unpacked: [], stamps, code, version, served: 0, cost, told };
  }

  #keepContents(
    folder: string,
    [names, stats, stamps, read, contents]: Neighbours,
    { indices, sum }: Dependencies,
  ): void {
    for (const [index, place] of read.entries()) {
      const content = contents[index];
      if (!content) continue;
      this.#cache.keepContent(`${folder}/${names[place]}`, content, {
        indices: Int32Array.of(...indices, indexOf(unpackStatAt(stats, place).ino)),
        sum: (sum + (stamps[place] ?? 0)) | 0,
      });
    }
  }
}

/** Contents were told from this name on. */
function noteTold(reading: Reading, { places, told }: KnownFolder, from: string): void {
  const names = [...places.keys()].sort();
  const last = told.length === 0 ? from : told.reduce((one, other) => (one > other ? one : other));
  const end = names.findIndex((other) => other > last);
  reading.next = end < 0 ? [] : names.slice(end, end + NEXT_NAMES);
}

function beMorePatient(folder: Folder): void {
  folder.patience = Math.min(MOST_PATIENCE, folder.patience * 2);
}
