/**
 * Whole folders that a process knows. To load a module is to ask for a dozen names around it, most of which are not there: from the
 * second question on, one answer of the kernel serves all that is asked of a folder.
 */
import { numbersOf, unpackNumberAt, unpackStatAt } from '../../kernel/channel/pack-stat.ts';
import { indexOf } from '../../kernel/channel/stamps.ts';
import { entryType, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import {
  type Entries,
  type LikelyNext,
  type Neighbours,
  NUMBERS_OF_READ,
  SOURCE_KINDS,
  type Stat,
  SystemError,
  type WantedContents,
} from '../../kernel/syscalls.ts';
import type { Dependencies, FileCache, Outcome } from './file-cache.ts';
import { Listings } from './listings.ts';

interface Folder {
  /** Folders in it that were asked for and are not there, since the folder was known last. */
  missing: number;
  /** Questions that the kernel had to answer one by one since the folder was known last. */
  asked: number;
  /** So many are waited for: more with every time that what was known was of little use. */
  patience: number;
  known: KnownFolder | null;
  /** Where only some of many names are known: what they are known by. */
  readonly parts: Map<string, KnownFolder>;
  lastPart: KnownFolder | null;
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
  readonly stats: Float64Array;
  /** Those of the stats that were asked for. */
  readonly unpacked: Stat[];
  readonly stamps: Int32Array;
  /** With what the folder itself could not be read: so fails all that lies in it. */
  readonly code: string | null;
  /** Whether there are no other names. */
  readonly isWhole: boolean;
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
  neighbours(
    folder: string,
    most: number,
    wanted: WantedContents | undefined,
    near: string | undefined,
    used: string[],
  ): [Neighbours, LikelyNext[]] | null;
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
/** There a loader looks for each package. */
const PACKAGES = '/node_modules';
const LOADER_QUESTIONS = 32;
/** So many entries a question is worth that need not be asked, and so many bytes. */
const ENTRIES_A_QUESTION = 32;
const BYTES_A_QUESTION = 4096;
/** So many files of a folder are read one by one until others come along, as many bytes of them, and more when they are read, too. */
const FIRST_READS = 3;
const FIRST_BYTES = 32 * 1024;
const MOST_BYTES = 256 * 1024;
/** So many of the contents that were told are looked at to see whether they were read. */
const SAMPLES = 8;
/** Among so many names lies the one with which a reader goes on that reads files of one kind. */
const NEXT_NAMES = 16;
const MAX_FOLDERS = 2048;
/** So many names of a folder of which not all are known. */
const MAX_PARTS = 16_384;
const MAX_PATH = 2048;
const NO_BYTES = new Uint8Array();
const NOTHING: Neighbours = ['', NO_BYTES, NO_BYTES, NO_BYTES, NO_BYTES, true];

export class KnownFolders {
  readonly #cache: FileCache;
  readonly #source: FolderSource;
  readonly #folders = new Map<string, Folder>();
  readonly #listings = new Listings();
  /** The last one of which a question was answered with all that lies in it. */
  #lastAsked: KnownFolder | null = null;
  /** The last one of which contents were told to a reader, and how many bytes. */
  #lastRead: { path: string; known: KnownFolder; bytes: number } | null = null;

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
    if (known === 'missing') return { value: null, code: 'ENOENT' };
    const outcome = known && this.#outcome(known, name, follow);
    if (outcome) this.#noteUse(folder, known);
    return outcome ?? undefined;
  }

  #noteUse(path: string, known: KnownFolder): void {
    if (known.served++ === 0) this.#cache.noteUse(path);
  }

  /** As `statOf` with `follow`, of what is known already. */
  knownStat(path: string): Outcome<Stat> | undefined {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    // A relative path lies in no folder that is known here.
    if (slash < 0 || !PLAIN_NAME.test(name)) return undefined;
    const folder = this.#folders.get(path.slice(0, slash) || '/');
    const known = folder?.known ?? folder?.parts.get(name);
    return known && this.#cache.isTrue(known) ? this.#outcome(known, name, true) : undefined;
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
    folder.known = this.#learn(path, { asked: LISTED_QUESTIONS, wanted: ['', bytes] });
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
    if (place === undefined) return known.isWhole ? { value: null, code: 'ENOENT' } : undefined;
    const stat = this.#statAt(known, place);
    if (follow && (stat.mode & S_IFMT) === S_IFLNK) return undefined;
    return this.#cache.stampAt(indexOf(stat.ino)) === known.stamps[place] ? { value: stat, code: null } : undefined;
  }

  #folderAt(path: string, name: string): KnownFolder | 'missing' | null {
    const folder = this.#folders.get(path) ?? this.#add(path, name);
    const { known } = folder;
    if (known) {
      if (this.#isTrue(known)) return known;
      folder.known = null;
      folder.asked = 0;
      // It may change every now and then, as when another program makes it anew, and be worth knowing every time.
      if (known.served > known.cost) folder.patience = FIRST_PATIENCE;
      else beMorePatient(folder);
    }
    const part = folder.parts.get(name);
    if (part && this.#isTrue(part)) return part;
    if (part) this.#forgetParts(folder);
    const { lastPart } = folder;
    const goesOn = lastPart !== null && lastPart.served > lastPart.cost;
    if (!goesOn && ++folder.asked < folder.patience) return null;
    if (this.#isMissing(path)) return 'missing';
    const more = lastPart ? (2 * lastPart.places.size) / ENTRIES_A_QUESTION : 0;
    const ofLoader = path.endsWith(PACKAGES) ? LOADER_QUESTIONS : 0;
    const asked = Math.max(folder.asked, this.#usedQuestions, more, ofLoader);
    const learnt = this.#learn(path, { asked, near: name });
    if (learnt === null || (!learnt.isWhole && !goesOn)) beMorePatient(folder);
    if (learnt === null) return null;
    if (learnt.code === 'ENOENT') this.#noteMissing(path);
    if (learnt.isWhole) {
      learnt.served = lastPart?.served ?? 0;
      this.#lastAsked = learnt;
    }
    this.#keep(folder, learnt);
    return learnt;
  }

  /** Whether a folder above it is known, and has no such name: loaders look for a package in each folder that may hold one. */
  #isMissing(path: string): boolean {
    for (let at = path, slash = at.lastIndexOf('/'); slash > 0; at = at.slice(0, slash), slash = at.lastIndexOf('/')) {
      const above = at.slice(0, slash);
      const known = this.#folders.get(above)?.known;
      if (!known?.isWhole || known.code !== null || !this.#isTrue(known)) continue;
      if (known.places.has(at.slice(slash + 1))) return false;
      this.#noteUse(above, known);
      return true;
    }
    return false;
  }

  /** From the second one on it is worth to know what else the folder around it has not. */
  #noteMissing(path: string): void {
    const above = path.slice(0, path.lastIndexOf('/'));
    if (above === '') return;
    const folder = this.#folders.get(above) ?? this.#add(above, '');
    const isKnown = folder.known !== null && this.#isTrue(folder.known);
    if (isKnown || ++folder.missing < folder.patience) return;
    folder.missing = 0;
    const learnt = this.#learn(above, { asked: FIRST_PATIENCE });
    if (learnt === null) beMorePatient(folder);
    else folder.known = learnt;
  }

  #keep(folder: Folder, learnt: KnownFolder): void {
    folder.asked = 0;
    if (folder.parts.size > 0 && (learnt.isWhole || folder.parts.size + learnt.places.size > MAX_PARTS))
      this.#forgetParts(folder);
    if (learnt.isWhole) {
      folder.known = learnt;
      return;
    }
    folder.lastPart = learnt;
    for (const name of learnt.places.keys()) folder.parts.set(name, learnt);
  }

  #isTrue(known: KnownFolder): boolean {
    const { version } = this.#cache;
    if (known.version === version) return true;
    const isTrue = this.#cache.isTrue(known);
    if (isTrue) known.version = version;
    return isTrue;
  }

  #forgetParts(folder: Folder): void {
    folder.parts.clear();
    folder.lastPart = null;
  }

  /** Whoever asked for much of the last folder asks for much of the next one, too: so many questions that was worth; else 0. */
  get #usedQuestions(): number {
    const last = this.#lastAsked;
    const isUsed = last !== null && last.served > Math.max(last.cost, last.places.size / 2);
    return isUsed ? (2 * last.places.size) / ENTRIES_A_QUESTION : 0;
  }

  /** Whether most of the contents that were told last were read. */
  get #areContentsUsed(): boolean {
    if (this.#lastRead === null) return false;
    const { path, known } = this.#lastRead;
    const { told } = known;
    const step = Math.ceil(told.length / SAMPLES);
    let used = 0;
    let looked = 0;
    for (let at = 0; at < told.length; at += step, looked++)
      if (this.#cache.contents.wasFound(`${path}/${told[at]}`)) used++;
    return looked > 0 && 2 * used >= looked;
  }

  #add(path: string, name: string): Folder {
    if (this.#folders.size >= MAX_FOLDERS) this.#folders.clear();
    const asked = name === MANIFEST || this.#usedQuestions > 0 ? FIRST_PATIENCE - 1 : 0;
    const reading = { count: 0, patience: FIRST_READS, bytes: FIRST_BYTES, next: [] };
    const folder: Folder = {
      missing: 0,
      asked,
      patience: FIRST_PATIENCE,
      known: null,
      parts: new Map(),
      lastPart: null,
      reading,
    };
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
    const isLast = this.#lastRead?.path === at && !this.#lastRead.known.isWhole;
    const goesOn = reading.next.includes(name) || (isLast && this.#areContentsUsed);
    const isFirst = reading.count === 0 && reading.patience === FIRST_READS;
    if (!goesOn && isFirst && this.#areContentsUsed) {
      reading.bytes = this.#lastRead?.bytes ?? FIRST_BYTES;
      reading.count = FIRST_READS;
    }
    if (!goesOn && ++reading.count < reading.patience) return false;
    reading.count = 0;
    if (goesOn) reading.bytes = Math.min(MOST_BYTES, 2 * reading.bytes);
    else reading.patience = Math.min(MOST_PATIENCE, 2 * reading.patience);
    const learnt = this.#learn(at, { asked: MOST_PATIENCE, wanted: [name, reading.bytes], near: name });
    if (learnt === null) return false;
    this.#keep(folder, learnt);
    // It is too large to be told: then those behind it are not wanted either, as far as can be told.
    if (!learnt.told.includes(name)) {
      reading.next = [];
      return false;
    }
    this.#lastRead = { path: at, known: learnt, bytes: reading.bytes };
    noteTold(reading, learnt, name);
    return true;
  }

  #learn(
    path: string,
    { asked, wanted, near }: { asked: number; wanted?: WantedContents; near?: string },
  ): KnownFolder | null {
    let answer: [Neighbours, LikelyNext[]] | null = null;
    let code: string | null = null;
    const used = wanted === undefined ? this.#cache.takeUsed() : [];
    try {
      answer = this.#source.neighbours(path, Math.ceil(asked * ENTRIES_A_QUESTION), wanted, near, used);
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
    const before = folder.known && this.#cache.isTrue(folder.known) ? folder.known : null;
    const hasContents = answer[3].length > 0;
    if (before && !hasContents) return;
    const dependencies = { indices: Int32Array.from(indices), sum };
    folder.known = this.#known(path, { answer, dependencies, code: null });
    folder.known.served = before?.served ?? 0;
  }

  #known(path: string, { answer, dependencies, code }: Learnt): KnownFolder {
    const [joined, packed, packedStamps, read, contents, isWhole] = answer;
    const names = joined === '' ? [] : joined.split('/');
    const stats = numbersOf(packed);
    const stamps = integersOf(packedStamps);
    const reads = integersOf(read);
    const places = new Map<string, number>();
    for (let place = 0; place < names.length; place++) places.set(names[place] as string, place);
    const told: string[] = [];
    for (let i = 0; i < reads.length; i += NUMBERS_OF_READ) told.push(names[reads[i] as number] as string);
    // No version yet: the file system may have changed since the kernel answered.
    const version = Number.NaN;
    const cost = (contents.length + packed.length) / BYTES_A_QUESTION;
    const found = { places, stats, unpacked: [], stamps, code, isWhole, told };
    const known: KnownFolder = { ...dependencies, ...found, version, served: 0, cost };
    if (code === null) this.#keepContents(path === '/' ? '' : path, known, { reads, contents });
    return known;
  }

  #keepContents(
    folder: string,
    { indices, sum, told, stats, stamps }: KnownFolder,
    { reads, contents }: { reads: Int32Array; contents: Uint8Array },
  ): void {
    let at = 0;
    for (let i = 0; i < told.length; i++) {
      const [place = 0, length = 0, kind = -1, foundLength = 0] = reads.subarray(NUMBERS_OF_READ * i);
      const content = contents.slice(at, at + length);
      at += length;
      const known = SOURCE_KINDS[kind];
      const transform = known === undefined ? null : { kind: known, result: contents.slice(at, at + foundLength) };
      at += foundLength;
      const all = new Int32Array(indices.length + 1);
      all.set(indices);
      all[indices.length] = indexOf(unpackNumberAt(stats, place));
      const dependencies = { indices: all, sum: (sum + (stamps[place] as number)) | 0 };
      this.#cache.keepTold(`${folder}/${told[i]}`, { content, transform }, dependencies);
    }
  }
}

/** Of memory that nobody writes to any more. */
function integersOf(packed: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = packed.byteOffset % 4 === 0 ? packed : packed.slice();
  return new Int32Array(buffer, byteOffset, length / 4);
}

/** Contents were told from this name on. */
function noteTold(reading: Reading, { places, told }: KnownFolder, from: string): void {
  const names = [...places.keys()].sort();
  const last = told.at(-1) ?? from;
  const end = names.findIndex((other) => other > last);
  reading.next = end < 0 ? [] : names.slice(end, end + NEXT_NAMES);
}

function beMorePatient(folder: Folder): void {
  folder.patience = Math.min(MOST_PATIENCE, folder.patience * 2);
}
