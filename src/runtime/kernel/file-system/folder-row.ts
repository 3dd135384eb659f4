/** Folders beside each other: who goes from one to the one that was made next goes on to those behind it. */
import { SystemError } from '../syscalls.ts';
import { DirectoryInode } from './inode.ts';
import { findDirectory, lookApart, type Place } from './lookup.ts';

/** So many are told to who goes on for the first time; twice as many each time that these were of use. */
const FIRST = 2;
const MOST = 16;
/** Among more it takes too long to find one. */
const MOST_ENTRIES = 2048;

export class FolderRow {
  #last: string | null = null;
  #count = 0;

  /** The folder is asked for, by who was `told` of these: those that are likely to be asked for next. */
  goOn(place: Place, folder: string, told: ReadonlySet<string>): string[] {
    const last = this.#last;
    this.#last = folder;
    const most = Math.min(MOST, 2 * this.#count || FIRST);
    const isBeside = last !== null && parentOf(last) === parentOf(folder);
    const [first, ...next] = isBeside ? foldersBehind(place, last, { told, most: most + 1 }) : [];
    this.#count = first === folder ? most : 0;
    return first === folder ? next : [];
  }
}

const parentOf = (folder: string): string => folder.slice(0, folder.lastIndexOf('/'));

/** Those that were made after it beside it, in that order, but not those that were told. */
function foldersBehind(
  place: Place,
  folder: string,
  { told, most }: { told: ReadonlySet<string>; most: number },
): string[] {
  const parent = parentOf(folder);
  const found: string[] = [];
  let isBehind = false;
  for (const [name, inode] of entriesOf(place, parent || '/')) {
    const path = `${parent}/${name}`;
    if (path === folder) isBehind = true;
    else if (isBehind && inode instanceof DirectoryInode && !told.has(path) && found.push(path) === most) break;
  }
  return found;
}

/** None where they cannot be read, or are too many. */
function entriesOf(place: Place, folder: string): Iterable<[string, unknown]> {
  try {
    const { entries } = lookApart(place, () => findDirectory(place, folder));
    return entries.size > MOST_ENTRIES ? [] : entries;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return [];
  }
}
