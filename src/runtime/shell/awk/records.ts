/** Cuts input into records, by RS: a character, blank lines, or a regular expression. */
import type { Reader } from '../streams.ts';
import { regExpOf } from './values.ts';

interface Cut {
  /** Where the record ends, and where the next begins. */
  end: number;
  next: number;
}

export class RecordReader {
  readonly #reader: Reader;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #text = '';
  #at = 0;
  #ended = false;
  /** What ended the last record. */
  terminator = '';

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** A whole record that is in memory; undefined when more input is needed to tell. */
  buffered(separator: string): string | undefined {
    if (separator === '') this.#skipNewlines();
    const cut = this.#find(separator);
    return cut && this.#take(cut);
  }

  async next(separator: string): Promise<string | undefined> {
    for (;;) {
      const record = this.buffered(separator);
      if (record !== undefined) return record;
      if (this.#ended) return this.#rest(separator);
      await this.#fill();
    }
  }

  #take({ end, next }: Cut): string {
    const record = this.#text.slice(this.#at, end);
    this.terminator = this.#text.slice(end, next);
    this.#at = next;
    return record;
  }

  #rest(separator: string): string | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const text = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    this.terminator = '';
    return separator === '' ? text.replace(/\n+$/, '') : text;
  }

  #skipNewlines(): void {
    while (this.#text[this.#at] === '\n') this.#at += 1;
  }

  #find(separator: string): Cut | undefined {
    if (separator.length === 1) {
      const end = this.#text.indexOf(separator, this.#at);
      return end === -1 ? undefined : { end, next: end + 1 };
    }
    const pattern = new RegExp(separator === '' ? '\n\n+' : regExpOf(separator).source, 'gsu');
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    // A match that reaches the end of what was read may go on in what follows.
    if (!match || match[0] === '' || (pattern.lastIndex === this.#text.length && !this.#ended)) return undefined;
    return { end: match.index, next: pattern.lastIndex };
  }

  async #fill(): Promise<void> {
    const bytes = await this.#reader.read();
    this.#text = this.#text.slice(this.#at);
    this.#at = 0;
    if (bytes.length === 0) {
      this.#ended = true;
      this.#text += this.#decoder.decode();
    } else this.#text += this.#decoder.decode(bytes, { stream: true });
  }
}
