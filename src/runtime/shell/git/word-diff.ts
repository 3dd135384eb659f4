/** `git diff --word-diff`: what changed in the lines of a patch, word by word. */

import { diffLines } from '../line-diff/hunks.ts';
import { colourPatch, GREEN, RED, RESET } from './colour.ts';

export interface WordDiffStyle {
  /** One line a piece, for programs. */
  porcelain: boolean;
  /** Marked by colours alone; undefined: by signs. */
  plainWords?: boolean;
  /** What is a word. */
  word: RegExp;
}

/** `--word-diff=MODE`, `--word-diff-regex=RE`; undefined for `none`. */
export function wordDiffStyle(mode: string | undefined, expression: string | undefined): WordDiffStyle | undefined {
  if (mode === 'none') return undefined;
  return {
    porcelain: mode === 'porcelain',
    plainWords: mode === 'color',
    word: expression === undefined ? /\S+/g : new RegExp(expression, 'gu'),
  };
}

/** A patch told by words; its headers stay. */
export function byWords(patch: string, style: WordDiffStyle): string {
  let result = '';
  let inHunk = false;
  let [before, after] = ['', ''];
  const flush = () => {
    result += changedWords(before, after, style);
    [before, after] = ['', ''];
  };
  for (const line of patch.match(/[^\n]*\n/g) ?? []) {
    const mark = line[0] ?? '';
    if (inHunk && mark === '-') before += line.slice(1);
    else if (inHunk && mark === '+') after += line.slice(1);
    else if (!inHunk || mark !== '\\') {
      flush();
      inHunk = mark === '@' || (inHunk && mark === ' ');
      const other = style.plainWords ? colourPatch(line) : line;
      result += inHunk && mark === ' ' ? contextLine(line, style) : other;
    }
  }
  flush();
  return result;
}

const contextLine = (line: string, { porcelain, plainWords }: WordDiffStyle): string => {
  if (porcelain) return `${line}~\n`;
  return plainWords ? line.slice(1).replace(/(?=\n$)/, RESET) : line.slice(1);
};

type Mark = ' ' | '-' | '+';

const SIGNS = { ' ': ['', ''], '-': ['[-', '-]'], '+': ['{+', '+}'] } as const;
const COLOURS = { ' ': ['', ''], '-': [RED, RESET], '+': [GREEN, RESET] } as const;

/** A piece of text, each of its lines marked by itself. */
function written(mark: Mark, text: string, { porcelain, plainWords }: WordDiffStyle): string {
  const signs = plainWords ? COLOURS : SIGNS;
  const [open, close] = porcelain ? [mark, '\n'] : signs[mark];
  const newline = porcelain ? '~\n' : '\n';
  const pieces = text.match(/[^\n]+|\n/g) ?? [];
  return pieces.map((piece) => (piece === '\n' ? newline : `${open}${piece}${close}`)).join('');
}

interface Words {
  texts: string[];
  /** Where each begins and ends. */
  starts: number[];
  ends: number[];
}

function wordsOf(text: string, { word }: WordDiffStyle): Words {
  const found = [...text.matchAll(word)].filter(([match]) => match !== '');
  return {
    texts: found.map(([match]) => match),
    starts: found.map(({ index }) => index),
    ends: found.map(({ 0: match, index }) => index + match.length),
  };
}

/** What stands between words is told as it stands afterwards. */
function changedWords(before: string, after: string, style: WordDiffStyle): string {
  if (before === '' && after === '') return '';
  if (after === '') return written('-', before, style);
  const [old, now] = [wordsOf(before, style), wordsOf(after, style)];
  let result = '';
  let told = 0;
  for (const { left, leftEnd, right, rightEnd } of diffLines(old.texts, now.texts)) {
    const removed = left === leftEnd ? '' : before.slice(old.starts[left], old.ends[leftEnd - 1]);
    const start = right === rightEnd ? (now.ends[right - 1] ?? 0) : (now.starts[right] ?? 0);
    const end = right === rightEnd ? start : (now.ends[rightEnd - 1] ?? start);
    result += written(' ', after.slice(told, start), style);
    result += written('-', removed, style) + written('+', after.slice(start, end), style);
    told = end;
  }
  return result + written(' ', after.slice(told), style);
}
