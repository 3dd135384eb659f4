/** What `rg` prints of the lines it found. */
import type { Writer } from '../streams.ts';
import type { Hit, SearchedText } from './hits.ts';

export interface PrintSettings {
  /** Where files have names, each has a heading. */
  heading: boolean;
  named: boolean;
  numbered: boolean;
  column: boolean;
  offset: boolean;
  onlyMatching: boolean;
  /** One line for each match. */
  eachMatch: boolean;
  coloured: boolean;
  trim: boolean;
  nul: boolean;
  replacement: string | undefined;
  before: number;
  after: number;
  separator: string | undefined;
  mostColumns: number;
  preview: boolean;
}

const COLOURS = { path: '35', number: '32', match: '1m\x1b[31' };
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

interface Row {
  name: string;
  mark: ':' | '-';
  /** From 0. */
  line: number;
  /** Of the line's first match, from 1. */
  column?: number | undefined;
  offset: number;
  text: string;
  /** In the text. */
  matches: readonly { start: number; end: number }[];
}

export class Printer {
  readonly #out: Writer;
  readonly #settings: PrintSettings;
  #anything = false;

  constructor(out: Writer, settings: PrintSettings) {
    this.#out = out;
    this.#settings = settings;
  }

  async file(name: string, searched: SearchedText): Promise<void> {
    const { heading, named, before, after } = this.#settings;
    if (heading && named) await this.#heading(name);
    const grouped = before > 0 || after > 0;
    /** The first line that was not shown yet. */
    let next = 0;
    let first = true;
    for (const [index, hit] of searched.hits.entries()) {
      const from = Math.max(next, hit.first - before);
      if (grouped && (first ? this.#anything && !(heading && named) : from > next)) await this.#separate();
      first = false;
      for (let line = from; line < hit.first; line += 1) await this.#context(name, searched, line);
      await this.#hit(name, searched, hit);
      next = hit.last + 1;
      const until = Math.min(next + after, searched.hits[index + 1]?.first ?? Infinity, searched.lines.length);
      for (; next < until; next += 1) await this.#context(name, searched, next);
    }
    if (after === Infinity) for (; next < searched.lines.length; next += 1) await this.#context(name, searched, next);
    this.#anything = true;
  }

  path(name: string): string {
    return this.#colour(COLOURS.path, name);
  }

  async #heading(name: string): Promise<void> {
    await this.#out.write(`${this.#anything ? '\n' : ''}${this.path(name)}${this.#settings.nul ? '\0' : '\n'}`);
  }

  async #separate(): Promise<void> {
    const { separator } = this.#settings;
    if (separator !== undefined) await this.#out.line(separator);
  }

  async #context(name: string, { lines }: SearchedText, line: number): Promise<void> {
    await this.#row({
      name,
      mark: '-',
      line,
      offset: this.#bytesBefore(lines, line),
      text: lines[line] ?? '',
      matches: [],
    });
  }

  async #hit(name: string, { lines }: SearchedText, hit: Hit): Promise<void> {
    const { onlyMatching, eachMatch, replacement } = this.#settings;
    const block = lines.slice(hit.first, hit.last + 1).join('\n');
    const base = this.#bytesBefore(lines, hit.first);
    const lineAt = (place: number) => hit.first + (block.slice(0, place).match(/\n/g)?.length ?? 0);
    const columnAt = (place: number) => byteLength(block.slice(block.lastIndexOf('\n', place - 1) + 1, place)) + 1;
    const replaced = (found: RegExpExecArray) => (replacement === undefined ? found[0] : expand(replacement, found));
    const column = hit.matches[0] && columnAt(hit.matches[0].start);
    if (onlyMatching && hit.matches.length > 0) {
      for (const { start, found } of hit.matches) {
        const text = replaced(found);
        const row = {
          name,
          mark: ':',
          column: columnAt(start),
          offset: base + byteLength(block.slice(0, start)),
        } as const;
        for (const [index, part] of text.split('\n').entries())
          await this.#row({
            ...row,
            line: lineAt(start) + index,
            text: part,
            matches: [{ start: 0, end: part.length }],
          });
      }
      return;
    }
    const { text, matches } = withReplacements(block, hit, replaced);
    const rows = eachMatch && matches.length > 0 ? hit.matches.map(({ start }) => columnAt(start)) : [column];
    for (const place of rows) {
      let at = 0;
      for (const [index, part] of text.split('\n').entries()) {
        const within = matches
          .map(({ start, end }) => ({ start: Math.max(0, start - at), end: Math.min(part.length, end - at) }))
          .filter(({ start, end }) => start < end);
        const offset = base + byteLength(text.slice(0, at));
        await this.#row({
          name,
          mark: ':',
          line: hit.first + index,
          column: place,
          offset,
          text: part,
          matches: within,
        });
        at += part.length + 1;
      }
    }
  }

  async #row(row: Row): Promise<void> {
    const { heading, named, numbered, column, offset, nul, mostColumns } = this.#settings;
    let prefix = '';
    if (named && !heading) prefix += this.path(row.name) + (nul ? '\0' : row.mark);
    if (numbered) prefix += this.#colour(COLOURS.number, String(row.line + 1)) + row.mark;
    if (column && row.column !== undefined) prefix += `${this.#plain(String(row.column))}${row.mark}`;
    if (offset) prefix += `${this.#plain(String(row.offset))}${row.mark}`;
    const cut = byteLength(row.text) > mostColumns;
    await this.#out.line(prefix + (cut ? this.#omitted(row) : this.#text(row)));
  }

  #bytesBefore(lines: readonly string[], line: number): number {
    return this.#settings.offset ? lines.slice(0, line).reduce((sum, text) => sum + byteLength(text) + 1, 0) : 0;
  }

  #omitted(row: Row): string {
    const { preview, mostColumns, coloured, column, onlyMatching, replacement } = this.#settings;
    if (preview) return `${row.text.slice(0, mostColumns)} [... omitted end of long line]`;
    if (row.mark === '-') return '[Omitted long context line]';
    const counted = coloured || column || onlyMatching || replacement !== undefined;
    return counted ? `[Omitted long line with ${row.matches.length} matches]` : '[Omitted long matching line]';
  }

  #text({ text, matches }: Row): string {
    const left = this.#settings.trim ? text.length - text.replace(/^[ \t\n\v\f\r]+/, '').length : 0;
    let shown = '';
    let at = left;
    for (const { start, end } of this.#settings.coloured ? matches : []) {
      if (end <= at) continue;
      shown += text.slice(at, start) + this.#colour(COLOURS.match, text.slice(Math.max(at, start), end));
      at = end;
    }
    return shown + text.slice(at);
  }

  #colour(code: string, text: string): string {
    return this.#settings.coloured ? `\x1b[0m\x1b[${code}m${text}\x1b[0m` : text;
  }

  #plain(text: string): string {
    return this.#settings.coloured ? `\x1b[0m${text}\x1b[0m` : text;
  }
}

function withReplacements(
  block: string,
  hit: Hit,
  replaced: (found: RegExpExecArray) => string,
): { text: string; matches: { start: number; end: number }[] } {
  let text = '';
  let at = 0;
  const matches = hit.matches.map(({ start, end, found }) => {
    text += block.slice(at, start);
    const place = text.length;
    text += replaced(found);
    at = end;
    return { start: place, end: text.length };
  });
  return { text: text + block.slice(at), matches };
}

/** `$1`, `${1}`, `$name`, `${name}` and `$$` in a replacement. */
function expand(replacement: string, found: RegExpExecArray): string {
  return replacement.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar?: string, braced?: string, plain?: string) => {
    if (dollar) return '$';
    const name = braced ?? plain ?? '';
    return (/^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name]) ?? '';
  });
}
