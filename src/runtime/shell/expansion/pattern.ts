/** Shell patterns: `*`, `?`, `[…]`, with a backslash before what is literal. */

import { POSIX_CLASSES } from '../posix-classes.ts';

export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]()|]/g, '\\$&');
}

export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1');
}

export function hasWildcard(pattern: string): boolean {
  const plain = pattern.replace(/\\[\s\S]/g, '');
  return /[*?[]/.test(plain) || /[@!+]\(/.test(plain);
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** As escapeRegExp, for what stands in a character class. */
function escapeInClass(text: string): string {
  return text.replace(/[\^\]\\[-]/g, '\\$&');
}

interface SourceOptions {
  path?: boolean;
  lazy?: boolean;
}

/** What a pattern is made of, as sources of regular expressions: all but stars and groups match one character. */
interface Piece {
  readonly kind: 'character' | 'star' | 'group';
  readonly source: string;
}

function piecesOf(pattern: string, options: SourceOptions): Piece[] {
  const any = options.path ? '[^/]' : '[\\s\\S]';
  const pieces: Piece[] = [];
  const one = (source: string) => pieces.push({ kind: 'character', source });
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] ?? '';
    const group = '?*+@!'.includes(char) && pattern[i + 1] === '(' ? groupEnd(pattern, i + 1) : -1;
    if (group !== -1) {
      pieces.push({ kind: 'group', source: groupSource(char, pattern.slice(i + 2, group), options) });
      i = group;
    } else if (char === '*') pieces.push({ kind: 'star', source: `${any}*${options.lazy ? '?' : ''}` });
    else if (char === '?') one(any);
    else if (char === '[') {
      const end = bracketEnd(pattern, i);
      one(end === -1 ? '\\[' : bracketSource(pattern.slice(i + 1, end)));
      if (end !== -1) i = end;
    } else if (char === '\\' && i + 1 < pattern.length) {
      i += 1;
      one(escapeRegExp(pattern[i] ?? ''));
    } else one(escapeRegExp(char));
  }
  return pieces;
}

const joined = (pieces: readonly Piece[]) => pieces.map(({ source }) => source).join('');

/** Source of a regular expression, unanchored; `path` keeps wildcards from matching a slash; `lazy` makes `*` match the shortest. */
export function patternSource(pattern: string, options: SourceOptions = {}): string {
  return joined(piecesOf(pattern, options));
}

export function patternToRegExp(pattern: string, options: { path?: boolean; ignoreCase?: boolean } = {}): RegExp {
  const { ignoreCase, ...others } = options;
  return new RegExp(`^(?:${wholeSource(pattern, others)})$`, ignoreCase ? 'iu' : 'u');
}

/**
 * For a whole text: what stands between two stars is taken where it first comes, as a star behind it matches all that one before it could.
 * A regular expression would try every other place, too, which takes for ever where there are many stars; it keeps to what it found in a
 * look ahead.
 */
function wholeSource(pattern: string, options: SourceOptions): string {
  const pieces = piecesOf(pattern, options);
  const stars = pieces.flatMap(({ kind }, index) => (kind === 'star' ? [index] : []));
  if (stars.length < 3 || pieces.some(({ kind }) => kind === 'group')) return joined(pieces);
  const between = stars.slice(1).map((end, index) => {
    const [star, ...rest] = pieces.slice(stars[index], end);
    return `(?=(?<s${index}>${star?.source}?${joined(rest)}))\\k<s${index}>`;
  });
  return joined(pieces.slice(0, stars[0])) + between.join('') + joined(pieces.slice(stars.at(-1)));
}

/** Where the parenthesis of an extended pattern closes; -1 when it does not. */
function groupEnd(pattern: string, open: number): number {
  let depth = 0;
  for (let i = open; i < pattern.length; i += 1) {
    if (pattern[i] === '\\') i += 1;
    else if (pattern[i] === '(') depth += 1;
    else if (pattern[i] === ')') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}

/** `?(a|b)` and its like, bash's `extglob`. */
function groupSource(operator: string, content: string, options: SourceOptions): string {
  const choices: string[] = [];
  let start = 0;
  for (let i = 0; i <= content.length; i += 1) {
    if (content[i] === '\\') i += 1;
    else if (content[i] === '(') i = Math.max(groupEnd(content, i), i);
    else if (content[i] === '|' || i === content.length) {
      choices.push(patternSource(content.slice(start, i), options));
      start = i + 1;
    }
  }
  const any = choices.join('|');
  if (operator === '!') return `(?:(?!(?:${any})$)${options.path ? '[^/]' : '[\\s\\S]'}*?)`;
  const count = operator === '@' ? '' : operator;
  return `(?:${any})${count}${count !== '' && options.lazy ? '?' : ''}`;
}

/** Index of the `]` that closes the bracket at `start`, or -1. `negations`: what may stand first to negate. */
export function bracketEnd(pattern: string, start: number, negations = '!^'): number {
  let i = start + 1;
  if (i < pattern.length && negations.includes(pattern[i] ?? '')) i += 1;
  if (pattern[i] === ']') i += 1;
  for (; i < pattern.length; i += 1) {
    if (pattern[i] === '\\') i += 1;
    else if (pattern[i] === '[' && pattern[i + 1] === ':') {
      const end = pattern.indexOf(':]', i + 2);
      if (end !== -1) i = end + 1;
    } else if (pattern[i] === ']') return i;
  }
  return -1;
}

/** The text between the brackets as a character class of a regular expression. */
export function bracketSource(content: string): string {
  const negated = content.startsWith('!') || content.startsWith('^');
  let body = '';
  const text = negated ? content.slice(1) : content;
  for (let i = 0; i < text.length; i += 1) {
    const named = /^\[:(\w+):\]/.exec(text.slice(i));
    if (named) {
      body += POSIX_CLASSES[named[1] ?? ''] ?? '';
      i += named[0].length - 1;
    } else if (text[i] === '\\' && i + 1 < text.length) {
      i += 1;
      body += escapeInClass(text[i] ?? '');
    } else body += text[i] === '-' && i > 0 && i < text.length - 1 ? '-' : escapeInClass(text[i] ?? '');
  }
  return `[${negated ? '^' : ''}${body}]`;
}
