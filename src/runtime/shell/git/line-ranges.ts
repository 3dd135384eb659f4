/** `-L` of blame and log: which lines of a file are meant. */
import { posixToRegExp } from '../utilities/posix-regexp.ts';
import { isFunctionLine } from './diff-output.ts';
import { GitError } from './git-error.ts';

/** From 0; `end` is behind the last. */
export interface LineRange {
  start: number;
  end: number;
}

interface Place {
  /** Lines without their ends. */
  lines: readonly string[];
  path: string;
  /** What a pattern is searched from, from 0: behind the range before. */
  from: number;
}

/** Of what stands behind the one before; the others say where they are. */
export function readRanges(texts: readonly string[], lines: readonly string[], path: string): LineRange[] {
  let from = 0;
  const ranges = texts.map((text) => {
    const range =
      text.startsWith(':') || text.startsWith('^:')
        ? functionRange(text, { lines, path, from })
        : plainRange(text, { lines, path, from });
    from = range.end;
    return range;
  });
  return joinRanges(ranges);
}

/** In their order, with those as one that overlap or meet. */
export function joinRanges(ranges: readonly LineRange[]): LineRange[] {
  const found: LineRange[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else found.push({ start, end });
  }
  return found;
}

const PART = /^(?:(\^?)\/((?:[^/\\]|\\.)*)\/|([+-]?)(\d+))?/s;

function plainRange(text: string, place: Place): LineRange {
  const { lines, path } = place;
  const first = PART.exec(text) ?? [''];
  const rest = text.slice(first[0].length);
  const second = PART.exec(rest.slice(1)) ?? [''];
  if (first[3] || (rest !== '' && (!rest.startsWith(',') || second[0].length + 1 !== rest.length)))
    throw new GitError(`-L argument not 'start,end:file': ${text}`);
  const start =
    first[2] === undefined ? Number(first[4] ?? '1') - 1 : search(first[2], first[1] ? { ...place, from: 0 } : place);
  if (start < 0) throw new GitError(`-L invalid line number: ${start + 1}`);
  let end = lines.length;
  if (second[2] !== undefined) end = search(second[2], { ...place, from: start + 1 }) + 1;
  else if (second[4] !== undefined) {
    const number = Number(second[4]);
    if (second[3] && number === 0) throw new GitError('-L invalid empty range');
    end = second[3] === '+' ? start + number : second[3] === '-' ? start - number + 2 : number;
  }
  if (start >= lines.length && (start > 0 || lines.length > 0))
    throw new GitError(`file ${path} has only ${lines.length} line${lines.length === 1 ? '' : 's'}`);
  // Counted backwards, or given the wrong way round.
  const [low, high] = end > start ? [start, end] : [Math.max(end - 1, 0), start + 1];
  return { start: low, end: Math.min(high, lines.length) };
}

function search(pattern: string, { lines, from }: Place): number {
  const expression = compile(pattern);
  const found = lines.findIndex((line, index) => index >= from && expression.test(line));
  if (found === -1) throw new GitError(`-L parameter '${pattern}' starting at line ${from + 1}: No match`);
  return found;
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(posixToRegExp(pattern.replaceAll('\\/', '/'), false), 'u');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new GitError(`-L parameter '${pattern}': ${error.message}`);
  }
}

/** `:name`: from the first line that begins like a function and has the name up to the next. */
function functionRange(text: string, { lines, from }: Place): LineRange {
  const pattern = text.replace(/^\^?:/, '');
  const expression = compile(pattern);
  const begin = text.startsWith('^') ? 0 : from;
  const start = lines.findIndex((line, index) => index >= begin && isFunctionLine(line) && expression.test(line));
  if (start === -1) throw new GitError(`-L parameter '${pattern}' starting at line ${begin + 1}: no match`);
  const next = lines.findIndex((line, index) => index > start && isFunctionLine(line));
  return { start, end: next === -1 ? lines.length : next };
}
