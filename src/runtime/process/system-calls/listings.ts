/** Whether a process looks at what lies in the folders that it lists, and reads it: then it will with the next ones, too. */

/** So many of the last ones count about as much as all before. */
const MEMORY = 16;
const MAX_OPEN = 64;
/** Every so often nothing is told along, to see whether it is still wanted. */
const CHECK_EVERY = 8;

export class Listings {
  /** The last folders that were listed with nothing told along, and whether something in them was looked at, and read. */
  readonly #open = new Map<string, { isLookedAt: boolean; isRead: boolean }>();
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
    this.#open.set(folder, { isLookedAt: false, isRead: false });
    if (++this.#listed >= MEMORY) {
      this.#listed /= 2;
      this.#lookedAt /= 2;
      this.#read /= 2;
    }
    return 'nothing';
  }

  /** Something in the folder is looked at, or read. */
  note(folder: string, isRead: boolean): void {
    const seen = this.#open.get(folder);
    if (seen === undefined) return;
    if (!seen.isLookedAt) this.#lookedAt++;
    seen.isLookedAt = true;
    if (!isRead) return;
    if (!seen.isRead) this.#read++;
    seen.isRead = true;
  }
}
