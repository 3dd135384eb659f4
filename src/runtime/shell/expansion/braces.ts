/** Brace expansion of bash, on the text of a word: `{a,b}`, `{1..5}`, `{01..10..3}`, `{a..e}`. */

import { ShellError } from '../errors.ts';

/** A word that stands for more of them would fill the memory that all processes share. */
const MOST = 2_000_000;

/** The words that a word's source text stands for; quotes and expansions in it are left as they are. Throws {@link ShellError}. */
export function expandBraces(text: string): string[] {
  for (let start = nextBrace(text, 0); start !== -1; start = nextBrace(text, start + 1)) {
    const end = closingBrace(text, start);
    if (end === undefined) continue;
    const choices = end.commas.length > 0 ? splitAt(text, start, end) : sequence(text.slice(start + 1, end.close));
    if (!choices) continue;
    const before = text.slice(0, start);
    const after = expandBraces(text.slice(end.close + 1));
    const inner = end.commas.length > 0 ? choices.flatMap(expandBraces) : choices;
    refuseBeyond(inner.length * after.length);
    return inner.flatMap((choice) => after.map((rest) => before + choice + rest));
  }
  return [text];
}

function refuseBeyond(count: number): void {
  if (count > MOST) throw new ShellError(`brace expansion: failed to allocate memory for ${count} elements`);
}

interface Braces {
  close: number;
  commas: number[];
}

function splitAt(text: string, start: number, { close, commas }: Braces): string[] {
  const marks = [start, ...commas, close];
  return marks.slice(1).map((mark, index) => text.slice((marks[index] ?? start) + 1, mark));
}

function nextBrace(text: string, from: number): number {
  for (let i = from; i < text.length; i = skip(text, i)) if (text[i] === '{') return i;
  return -1;
}

function closingBrace(text: string, start: number): Braces | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let i = start; i < text.length; i = skip(text, i)) {
    const char = text[i];
    if (char === '{') depth += 1;
    else if (char === ',' && depth === 1) commas.push(i);
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return { close: i, commas };
    }
  }
  return undefined;
}

/** Where the next character that counts may be: past a quoted one, a quotation or an expansion. */
function skip(text: string, i: number): number {
  const char = text[i];
  if (char === '\\') return i + 2;
  if (char === "'") return after(text, "'", i);
  if (char === '"' || char === '`') {
    let j = i + 1;
    while (j < text.length && text[j] !== char) j += text[j] === '\\' ? 2 : 1;
    return j + 1;
  }
  if (char === '$' && text[i + 1] === '{') return nested(text, i + 1, '{}');
  if (char === '$' && text[i + 1] === '(') return nested(text, i + 1, '()');
  return i + 1;
}

function after(text: string, quote: string, i: number): number {
  const end = text.indexOf(quote, i + 1);
  return end === -1 ? text.length : end + 1;
}

function nested(text: string, i: number, pair: '{}' | '()'): number {
  const [open, close] = pair;
  let depth = 0;
  for (let j = i; j < text.length; j = text[j] === '$' ? j + 1 : skip(text, j)) {
    if (text[j] === open) depth += 1;
    else if (text[j] === close) {
      depth -= 1;
      if (depth === 0) return j + 1;
    }
  }
  return text.length;
}

function sequence(text: string): string[] | undefined {
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  if (numbers) {
    const [, first = '', last = '', by] = numbers;
    const padded = [first, last].some((item) => /^-?0\d/.test(item));
    const width = padded ? Math.max(first.length, last.length) : 0;
    return range(Number(first), Number(last), by).map((value) => {
      const digits = String(Math.abs(value));
      return value < 0 ? `-${digits.padStart(width - 1, '0')}` : digits.padStart(width, '0');
    });
  }
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (!letters) return undefined;
  const [, first = '', last = '', by] = letters;
  return range(first.charCodeAt(0), last.charCodeAt(0), by).map((code) => String.fromCharCode(code));
}

function range(first: number, last: number, by: string | undefined): number[] {
  const step = Math.abs(Number(by ?? '1')) || 1;
  const count = Math.floor(Math.abs(last - first) / step) + 1;
  refuseBeyond(count);
  return Array.from({ length: count }, (_, index) => first + (last < first ? -index : index) * step);
}
