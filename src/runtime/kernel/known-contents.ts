/**
 * What was found in contents, held against the whole of them: a short name of one, however made, would have to be trusted to the process
 * that tells it.
 */

export interface Room {
  /** Of contents and what was found. */
  mostBytes: number;
  mostEntries: number;
}

interface Entry<Found> {
  content: Uint8Array;
  found: Found;
  size: number;
}

/** What an entry takes beside its content. */
const ENTRY_BYTES = 256;

export class KnownContents<Found> {
  readonly #room: Room;
  /** By {@link nameOf}. Of several contents with one name the first is kept. */
  readonly #entries = new Map<string, Entry<Found>>();
  /** How many entries have a content of this length: most contents that are asked for are told apart by it. */
  readonly #lengths = new Map<number, number>();
  #bytes = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  get(content: Uint8Array): Found | null {
    if (!this.#lengths.has(content.length)) return null;
    const entry = this.#entries.get(nameOf(content));
    return entry && isSame(entry.content, content) ? entry.found : null;
  }

  /** Forgets the oldest where there is no room. */
  keep(content: Uint8Array, found: Found, foundBytes: number): void {
    const name = nameOf(content);
    if (this.#entries.has(name)) return;
    const size = ENTRY_BYTES + content.length + foundBytes;
    this.#entries.set(name, { content, found, size });
    this.#bytes += size;
    this.#count(content.length, 1);
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#room.mostBytes && this.#entries.size <= this.#room.mostEntries) return;
      this.#entries.delete(oldest);
      this.#bytes -= entry.size;
      this.#count(entry.content.length, -1);
    }
  }

  #count(length: number, change: number): void {
    const count = (this.#lengths.get(length) ?? 0) + change;
    if (count === 0) this.#lengths.delete(length);
    else this.#lengths.set(length, count);
  }

  /** All that was found, the oldest first. */
  all(): Found[] {
    return Array.from(this.#entries.values(), ({ found }) => found);
  }

  clear(): void {
    this.#entries.clear();
    this.#lengths.clear();
    this.#bytes = 0;
  }
}

/** Tells contents apart that are not made to be mistaken for each other. */
function nameOf(content: Uint8Array): string {
  const words = wordsOf(content);
  let hash = 0;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ (words[i] as number), 0x01000193);
    hash ^= hash >>> 15;
  }
  for (let i = 4 * words.length; i < content.length; i++) hash = Math.imul(hash ^ (content[i] as number), 0x01000193);
  return `${content.length}-${hash}`;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  const [words, others] = [wordsOf(one), wordsOf(other)];
  for (let i = 0; i < words.length; i++) if (words[i] !== others[i]) return false;
  for (let i = 4 * words.length; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** All but the last three bytes at most. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, bytes.length >>> 2);
}
