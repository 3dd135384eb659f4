/**
 * Which folders are asked for after which: programs of one project load the same packages in much the same order, and so do those of
 * its copies. And of a package whose folder is asked for, what lies in its folders is likely to be loaded.
 */
import { indexOf, NEVER_KEPT, type Stamps } from '../channel/stamps.ts';
import { type LikelyNext, type Neighbours, SystemError } from '../syscalls.ts';
import { FolderRow } from './folder-row.ts';
import { DirectoryInode, FileInode } from './inode.ts';
import { findApart, findDirectory, lookApart, type Place, pathToStartIn } from './lookup.ts';
import { listNeighbours, type NeighbourLimits } from './neighbours.ts';
import { foldersOfDependencies, MANIFEST } from './package-folders.ts';

/** So many are told at a time. */
const MOST_NEXT = 32;
/** What they hold, at most: it is copied, whether it is used or not. */
const MOST_BYTES = 256 * 1024;
/** With less room the contents of a folder would come in part only: it is told the next time. */
const LEAST_BYTES = 32 * 1024;
const MOST_ENTRIES = 128;
/** So far ahead of what is asked for. */
const MOST_STEPS = 64;
const MOST_KNOWN = 8192;
const INSTALLED = '/node_modules/';
/** Folders of a package that its users do not load. */
const SELDOM_LOADED = /^(?:tests?|__tests__|docs?|examples?|benchmarks?|coverage|typings|\..*)$/;

/** What a thread was told: all folders, those that it used, and the last of these. `root` is the folder in which it began. */
interface Told {
  last: string;
  readonly all: Set<string>;
  readonly used: Set<string>;
  readonly root: string;
  readonly row: FolderRow;
}

export class LikelyFolders {
  /** What lies below the root of who asks stands here without it. */
  readonly #next = new Map<string, string>();
  /** By the stamps of a thread: of names, and of contents. */
  readonly #told = new WeakMap<object, Told>();
  readonly #toldContents = new WeakMap<object, Told>();

  /** What `place` is told, where it asks for `folder`, and has used these since it was told last. */
  list(
    place: Place,
    { folder, used = [] }: { folder: string; used?: readonly string[] | undefined },
    limits: NeighbourLimits,
  ): [Neighbours, LikelyNext[]] | null {
    const answer = listNeighbours(place, folder, limits);
    if (answer === null) return null;
    if (!answer[5]) return [answer, []];
    const told = toldTo(limits.wanted ? this.#toldContents : this.#told, { place, folder, stamps: limits.stamps });
    const beside = told.row.goOn(place, folder, told.all);
    if (told.all.size >= MOST_KNOWN) told.all.clear();
    told.all.add(folder);
    const next: LikelyNext[] = [];
    let bytes = MOST_BYTES;
    const isFull = () => next.length >= MOST_NEXT || bytes < LEAST_BYTES;
    const tell = (candidate: string): void => {
      if (told.all.has(candidate)) return;
      const found = listApart(place, candidate, limitsOfNext(limits, bytes));
      if (found === null) return;
      told.all.add(candidate);
      next.push(found);
      bytes -= found[1][4].length;
    };
    // Whoever reads one file behind the other loads no modules.
    if (!limits.wanted) {
      for (const path of used) this.#noteUse(place, path, told);
      this.#note(told, folder);
    }
    const following = limits.wanted ? [] : this.#following(place, folder, { names: `/${answer[0]}/`, root: told.root });
    for (const candidates of [following, beside]) {
      for (const candidate of candidates) {
        if (isFull()) break;
        tell(candidate);
      }
    }
    return [answer, next];
  }

  #noteUse(place: Place, path: string, told: Told): void {
    const inode = findApart(place, path);
    if (inode instanceof FileInode) inode.wasRead = true;
    else if (inode instanceof DirectoryInode) this.#note(told, path);
  }

  /** The first that was used next stays, unless it is missing here: another project may have had the same root. */
  #note(told: Told, folder: string): void {
    const { last, all, used, root } = told;
    if (used.has(folder) || used.size >= MOST_KNOWN) return;
    used.add(folder);
    told.last = folder;
    if (used.size === 1) return;
    if (this.#next.size >= MOST_KNOWN) this.#next.clear();
    const key = within(root, last);
    const next = this.#next.get(key);
    if (next === undefined || !all.has(below(root, next))) this.#next.set(key, within(root, folder));
  }

  *#following(place: Place, folder: string, { names, root }: { names: string; root: string }): Generator<string> {
    let at = this.#next.get(within(root, folder));
    if (at === undefined && names.includes(`/${MANIFEST}/`)) yield* first(MOST_STEPS, foldersOfPackages(place, folder));
    else if (at === undefined && folder.includes(INSTALLED)) yield* innerFolders(place, folder);
    for (let steps = 0; at !== undefined && steps < MOST_STEPS; steps++, at = this.#next.get(at)) yield below(root, at);
  }
}

function toldTo(
  all: WeakMap<object, Told>,
  { place, folder, stamps }: { place: Place; folder: string; stamps: Stamps },
): Told {
  const known = all.get(stamps);
  if (known) return known;
  const told = {
    last: folder,
    all: new Set<string>(),
    used: new Set<string>(),
    root: rootOf(place),
    row: new FolderRow(),
  };
  all.set(stamps, told);
  return told;
}

function rootOf({ cwd }: Place): string {
  const path = pathToStartIn(cwd);
  return path === '/' ? '' : path;
}

/** Relative to the root, with a point before it; absolute elsewhere. */
const within = (root: string, folder: string): string =>
  folder === root || folder.startsWith(`${root}/`) ? `.${folder.slice(root.length)}` : folder;

const below = (root: string, folder: string): string => (folder.startsWith('.') ? root + folder.slice(1) : folder);

/** Those of the package in `folder`, then those of the packages that it depends on, and of theirs. */
function* foldersOfPackages(place: Place, folder: string): Generator<string> {
  const met = new Set([folder]);
  for (const at of met) {
    if (at !== folder) yield at;
    yield* innerFolders(place, at);
    for (const next of foldersOfDependencies(place, at)) met.add(next);
  }
}

function innerFolders(place: Place, folder: string): string[] {
  const { entries } = lookApart(place, () => findDirectory(place, folder));
  return [...entries].flatMap(([name, inode]) =>
    inode instanceof DirectoryInode && !SELDOM_LOADED.test(name) ? [`${folder}/${name}`] : [],
  );
}

function* first<T>(count: number, items: Iterable<T>): Generator<T> {
  for (const item of items) {
    yield item;
    if (--count === 0) return;
  }
}

const limitsOfNext = ({ stamps, wanted, transformOf }: NeighbourLimits, bytes: number): NeighbourLimits => ({
  transformOf,
  most: MOST_ENTRIES,
  stamps,
  bytes,
  wanted: wanted && ['', Math.min(wanted[1], bytes)],
});

/** With what the answer depends on; null where there is none. */
function listApart(place: Place, folder: string, limits: NeighbourLimits): LikelyNext | null {
  const visited: number[] = [];
  try {
    const answer = lookApart(place, () => listNeighbours(place, folder, limits), visited);
    if (answer === null || visited.includes(NEVER_KEPT)) return null;
    return [folder, answer, visited.map(indexOf), limits.stamps.sum(visited)];
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return null;
  }
}
