/** Of all texts together, in characters. */
const MOST_LENGTH = 16 * 2 ** 20;

/** What was found in texts that come again: a test runner compiles the same modules for the context of each of its files. */
export class RecentTexts<Found> {
  readonly #mostLength: number;
  readonly #found = new Map<string, { variant: string; found: Found }>();
  #length = 0;

  constructor(mostLength = MOST_LENGTH) {
    this.#mostLength = mostLength;
  }

  /** What `find` gives for a text, and for what else its result depends on. It must not be changed. */
  get(text: string, variant: string, find: () => Found): Found {
    const known = this.#found.get(text);
    if (known?.variant === variant) return known.found;
    const found = find();
    if (known === undefined) this.#length += text.length;
    this.#found.set(text, { variant, found });
    for (const oldest of this.#found.keys()) {
      if (this.#length <= this.#mostLength) break;
      this.#found.delete(oldest);
      this.#length -= oldest.length;
    }
    return found;
  }
}
