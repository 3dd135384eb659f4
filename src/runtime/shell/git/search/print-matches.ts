/** The lines of a file that `git grep` shows: those that match, and what stands around them. */
import { splitLines } from '../../line-diff/hunks.ts';
import { CYAN, GREEN, painted } from '../colour.ts';
import { isFunctionLine } from '../diff-output.ts';
import type { Expression } from './expression.ts';

const MAGENTA = '\x1b[35m';
const MATCH = '\x1b[1;31m';

export interface Showing {
  expression: Expression;
  inverted: boolean;
  allMatch: boolean;
  numbers: boolean;
  columns: boolean;
  names: boolean;
  /** NUL behind names. */
  zero: boolean;
  heading: boolean;
  /** An empty line between files. */
  breaks: boolean;
  onlyMatching: boolean;
  before: number;
  after: number;
  functionNames: boolean;
  wholeFunctions: boolean;
  most: number;
  colour: boolean;
}

/** The numbers of lines, from 0, that match; none when `--all-match` is not fulfilled. */
export function matchingLines(lines: readonly string[], { expression, inverted, allMatch, most }: Showing): number[] {
  const found: number[] = [];
  const missing = new Set(allMatch ? expression.alternatives : []);
  for (const [index, line] of lines.entries()) {
    for (const test of missing) if (test(line)) missing.delete(test);
    if (expression.matches(line) !== inverted && found.length < most) found.push(index);
  }
  return missing.size > 0 ? [] : found;
}

export const linesOf = (text: string): string[] => splitLines(text).map((line) => line.replace(/\n$/, ''));

/** Remembers whether a file was shown before. */
export class MatchPrinter {
  readonly #showing: Showing;
  readonly #hasContext: boolean;
  #isFirst = true;

  constructor(showing: Showing) {
    this.#showing = showing;
    this.#hasContext = showing.before > 0 || showing.after > 0 || showing.wholeFunctions;
  }

  /** What is printed of a file with these matching lines. */
  print(name: string, lines: readonly string[], found: readonly number[]): string {
    const file = new FileLines(this.#showing, name, lines);
    const marks = marksOf(lines, found, this.#showing);
    let text = '';
    let last = -1;
    for (const [index, mark] of [...marks].sort(([a], [b]) => a - b)) {
      const isNew = last === -1;
      if (isNew && !this.#isFirst && this.#showing.breaks) text += '\n';
      else if (this.#hasContext && (isNew ? !this.#isFirst && !this.#showing.breaks : index > last + 1))
        text += `${painted(CYAN, '--', this.#showing.colour)}\n`;
      if (isNew && this.#showing.heading) text += file.heading();
      text += file.line(index, mark);
      last = index;
    }
    this.#isFirst &&= found.length === 0;
    return text;
  }
}

type Mark = ':' | '-' | '=';

/** Which lines are shown, and as what. */
function marksOf(
  lines: readonly string[],
  found: readonly number[],
  { before, after, functionNames, wholeFunctions }: Showing,
): Map<number, Mark> {
  const marks = new Map<number, Mark>();
  const add = (index: number, mark: Mark) => {
    if (!marks.has(index) && index >= 0 && index < lines.length) marks.set(index, mark);
  };
  for (const index of found) marks.set(index, ':');
  for (const index of found) {
    if (wholeFunctions) addFunction(lines, index, add);
    for (let at = index - before; at <= index + after; at += 1) add(at, '-');
    if (!functionNames && !wholeFunctions) continue;
    let above = index - 1;
    while (above >= 0 && !isFunctionLine(lines[above] ?? '')) above -= 1;
    // What was shown above it has its name.
    const isBehindOthers = found.some((other) => other < index && other >= above);
    if (above >= 0 && functionNames && !isBehindOthers && marks.get(above) !== ':') marks.set(above, '=');
  }
  return marks;
}

/** With the lines of a comment above it, and without empty ones at its end. */
function addFunction(lines: readonly string[], index: number, add: (index: number, mark: Mark) => void): void {
  const isFunction = (at: number) => isFunctionLine(lines[at] ?? '');
  let start = index;
  while (start > 0 && !isFunction(start)) start -= 1;
  const hasName = isFunction(start);
  if (hasName && start !== index) add(start, '=');
  let comment = start;
  if (hasName) while (comment > 0 && (lines[comment - 1] ?? '') !== '' && !isFunction(comment - 1)) comment -= 1;
  let end = index + 1;
  while (end < lines.length && !isFunction(end)) end += 1;
  while (end > index + 1 && (lines[end - 1] ?? '') === '' && end < lines.length) end -= 1;
  for (let at = comment; at < end; at += 1) add(at, '-');
}

class FileLines {
  readonly #showing: Showing;
  readonly #name: string;
  readonly #lines: readonly string[];

  constructor(showing: Showing, name: string, lines: readonly string[]) {
    this.#showing = showing;
    this.#name = name;
    this.#lines = lines;
  }

  heading(): string {
    return `${painted(MAGENTA, this.#name, this.#showing.colour)}\n`;
  }

  line(index: number, mark: Mark): string {
    const { onlyMatching, expression, inverted } = this.#showing;
    const text = this.#lines[index] ?? '';
    if (onlyMatching) {
      if (mark !== ':' || inverted) return '';
      return matchesIn(expression, text)
        .map(({ start, end }) => `${this.#header(index, mark, start)}${this.#matched(text.slice(start, end))}\n`)
        .join('');
    }
    const first = mark === ':' && !inverted ? (expression.next(text, 0)?.start ?? 0) : 0;
    return `${this.#header(index, mark, first)}${mark === ':' && !inverted ? this.#coloured(text) : text}\n`;
  }

  #header(index: number, mark: Mark, start: number): string {
    const { names, numbers, columns, heading, zero, colour } = this.#showing;
    const separator = zero ? '\0' : painted(CYAN, mark, colour);
    let text = '';
    if (names && !heading) text += painted(MAGENTA, this.#name, colour) + separator;
    if (numbers) text += painted(GREEN, String(index + 1), colour) + separator;
    if (columns && mark === ':') {
      const bytes = new TextEncoder().encode((this.#lines[index] ?? '').slice(0, start)).length;
      text += painted(GREEN, String(bytes + 1), colour) + separator;
    }
    return text;
  }

  #matched(text: string): string {
    return painted(MATCH, text, this.#showing.colour);
  }

  #coloured(text: string): string {
    if (!this.#showing.colour) return text;
    let done = '';
    let at = 0;
    for (const { start, end } of matchesIn(this.#showing.expression, text)) {
      done += text.slice(at, start) + this.#matched(text.slice(start, end));
      at = end;
    }
    return done + text.slice(at);
  }
}

function matchesIn(expression: Expression, text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at < text.length; ) {
    const match = expression.next(text, at);
    if (!match) break;
    if (match.end > match.start) found.push(match);
    at = Math.max(match.end, match.start + 1);
  }
  return found;
}
