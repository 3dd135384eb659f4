/** Whether a process looks at what lies in the folders that it lists, and reads it: then it will with the next ones, too. */

/** So many of the last ones count about as much as all before. */
const MEMORY = 16;
const MAX_OPEN = 64;
/** Who looks at so many names of a folder, or at half of them, looks at what it lists: one alone may be a manifest. */
const ENOUGH = 3;
/** Every so often nothing is told along, to see whether it is still wanted. */
const CHECK_EVERY = 8;

export class Listings {
  /** The last folders that were listed with nothing told along, and how many names in them are still to be looked at, and to be read. */
  readonly #open = new Map<string, { looks: number; reads: number }>();
  #listed = 0;
  #lookedAt = 0;
  #read = 0;
  #foretold = 0;

  /** A folder is about to be listed: what is likely to be wanted of it beside the names. */
  next(folder: string): 'nothing' | 'stats' | 'contents' {
    const isRead = this.#read > 0 && 2 * this.#read >= this.#listed;
    const isLookedAt = this.#lookedAt > 0 && 2 * this.#lookedAt >= this.#listed;
    if ((isRead || isLookedAt) && ++this.#foretold % CHECK_EVERY !== 0) return isRead ? 'contents' : 'stats';
    if (this.#open.size >= MAX_OPEN) this.#open.clear();
    this.#open.set(folder, { looks: ENOUGH, reads: ENOUGH });
    if (++this.#listed >= MEMORY) {
      this.#listed /= 2;
      this.#lookedAt /= 2;
      this.#read /= 2;
    }
    return 'nothing';
  }

  /** So many names were found there. */
  found(folder: string, names: number): void {
    const left = this.#open.get(folder);
    if (left) left.looks = left.reads = Math.min(ENOUGH, Math.ceil(names / 2));
  }

  /** Something in the folder is looked at, or read. */
  note(folder: string, isRead: boolean): void {
    const left = this.#open.get(folder);
    if (left === undefined) return;
    if (--left.looks === 0) this.#lookedAt++;
    if (isRead && --left.reads === 0) this.#read++;
  }
}
