/** `rg --json`: a message a line. */
import type { Writer } from '../streams.ts';
import type { Hit, SearchedText } from './hits.ts';

const byteLength = (text: string): number => new TextEncoder().encode(text).length;
const elapsed = { secs: 0, nanos: 0, human: '0.000000s' };

export class JsonLines {
  readonly #out: Writer;
  readonly #around: { before: number; after: number };
  readonly #total = {
    searches: 0,
    searches_with_match: 0,
    bytes_searched: 0,
    bytes_printed: 0,
    matched_lines: 0,
    matches: 0,
  };
  #printed = 0;

  constructor(out: Writer, around: { before: number; after: number }) {
    this.#out = out;
    this.#around = around;
  }

  /** A file, and what was found in it. */
  async file(name: string, searched: SearchedText | undefined, size: number): Promise<void> {
    const hits = searched?.hits ?? [];
    const total = this.#total;
    total.searches += 1;
    total.bytes_searched += size;
    if (!searched || hits.length === 0) return;
    const before = this.#printed;
    const path = { text: name };
    await this.#message('begin', { path });
    let next = 0;
    for (const [index, hit] of hits.entries()) {
      for (let line = Math.max(next, hit.first - this.#around.before); line < hit.first; line += 1)
        await this.#message('context', this.#lines(name, searched, { first: line, last: line, matches: [] }));
      await this.#message('match', this.#lines(name, searched, hit));
      next = hit.last + 1;
      const until = Math.min(next + this.#around.after, hits[index + 1]?.first ?? Infinity, searched.lines.length);
      for (; next < until; next += 1)
        await this.#message('context', this.#lines(name, searched, { first: next, last: next, matches: [] }));
    }
    const stats = {
      elapsed,
      searches: 1,
      searches_with_match: 1,
      bytes_searched: size,
      bytes_printed: this.#printed - before,
      matched_lines: hits.reduce((sum, { first, last }) => sum + last - first + 1, 0),
      matches: hits.reduce((sum, { matches }) => sum + matches.length, 0),
    };
    total.searches_with_match += 1;
    total.bytes_printed += stats.bytes_printed;
    total.matched_lines += stats.matched_lines;
    total.matches += stats.matches;
    await this.#message('end', { path, binary_offset: null, stats });
  }

  async end(): Promise<void> {
    const stats = { elapsed, ...this.#total };
    await this.#out.line(JSON.stringify({ data: { elapsed_total: elapsed, stats }, type: 'summary' }));
  }

  #lines(name: string, { lines }: SearchedText, { first, last, matches }: Hit) {
    const text = `${lines.slice(first, last + 1).join('\n')}\n`;
    return {
      path: { text: name },
      lines: { text },
      line_number: first + 1,
      absolute_offset: lines.slice(0, first).reduce((sum, line) => sum + byteLength(line) + 1, 0),
      submatches: matches.map(({ start, end, found }) => ({
        match: { text: found[0] },
        start: byteLength(text.slice(0, start)),
        end: byteLength(text.slice(0, end)),
      })),
    };
  }

  async #message(type: string, data: unknown): Promise<void> {
    const line = JSON.stringify({ type, data });
    this.#printed += byteLength(line) + 1;
    await this.#out.line(line);
  }
}
