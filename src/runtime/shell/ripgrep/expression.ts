/** Regular expressions as ripgrep reads them (those of Rust's crate `regex`), as JavaScript's with the flag `v`. */
import { POSIX_CLASSES } from '../posix-classes.ts';

/** What is wrong, and where in the pattern. */
export class PatternError extends Error {
  readonly at: number;
  readonly length: number;

  constructor(message: string, at: number, length = 1) {
    super(message);
    this.at = at;
    this.length = length;
  }
}

const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}';
const CLASSES: Record<string, string> = {
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: '\\s',
  S: '\\S',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  v: '\\v',
  a: '\\x07',
};
const PLACES: Record<string, string> = {
  b: '\\b',
  B: '\\B',
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
};
const NAMED: Readonly<Record<string, string>> = { ...POSIX_CLASSES, word: '\\w' };

const literal = (char: string): string => (/[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char);
const literalInClass = (char: string): string => (/[\^$\\.*+?()[\]{}|/&!#%,:;<=>@`~-]/.test(char) ? `\\${char}` : char);

interface State {
  source: string;
  at: number;
  dotAll: boolean;
}

/** Source of an expression. Throws a PatternError in ripgrep's words. */
export function rustToRegExp(pattern: string, { dotAll = false } = {}): string {
  const state: State = { source: '', at: 0, dotAll };
  /** Where each open group stands in the pattern, and what closes it. */
  const open: { at: number; close: string }[] = [];
  let close = '';
  /** Nothing yet that a repetition could repeat. */
  let fresh = true;
  while (state.at < pattern.length) {
    const { at } = state;
    const char = pattern[at] ?? '';
    state.at += 1;
    const starts = '|(^'.includes(char);
    if (char === '\\') state.source += escapeSource(pattern, state);
    else if (char === '[') state.source += `[${classSource(pattern, state)}]`;
    else if (char === '.') state.source += state.dotAll ? '[\\s\\S]' : '[^\\n]';
    else if (char === '(') {
      const flags = /^\?([imsuUx]*)(?:-[imsuUx]+)?\)/.exec(pattern.slice(state.at));
      if (flags) {
        // They hold to the end of the group around them.
        state.at += flags[0].length;
        state.dotAll ||= flags[1]?.includes('s') ?? false;
        const known = flags[1]?.replace(/[^im]/g, '') ?? '';
        if (known !== '') {
          state.source += `(?${known}:`;
          close += ')';
        }
      } else {
        open.push({ at, close });
        close = '';
        state.source += groupStart(pattern, state);
      }
    } else if (char === ')') {
      const group = open.pop();
      if (!group) throw new PatternError('unopened group', at);
      state.source += `${close})`;
      close = group.close;
    } else if ('*+?{'.includes(char)) {
      if (fresh) throw new PatternError('repetition operator missing expression', at);
      state.source += char === '{' ? interval(pattern, state) : char;
    } else state.source += '|^$'.includes(char) ? char : literal(char);
    fresh = starts;
  }
  const group = open.at(-1);
  if (group) throw new PatternError('unclosed group', group.at);
  return state.source + close;
}

function groupStart(pattern: string, state: State): string {
  const [kind = ''] = /^\?(?:<?[=!]|P?<\w+>|[imsuUx-]*:)/.exec(pattern.slice(state.at)) ?? [];
  if (/[=!]$/.test(kind)) {
    const problem = 'look-around, including look-ahead and look-behind, is not supported';
    throw new PatternError(problem, state.at - 1, kind.length + 1);
  }
  state.at += kind.length;
  if (kind.endsWith('>')) return `(${kind.replace('?P', '?')}`;
  if (kind === '') return '(';
  return `(?${kind.replace(/[^im-]/g, '').replace(/-$/, '')}:`;
}

function interval(pattern: string, state: State): string {
  const [text] = /^\d+(,\d*)?\}/.exec(pattern.slice(state.at)) ?? [];
  if (text === undefined) {
    const unclosed = !pattern.includes('}', state.at);
    if (unclosed) throw new PatternError('unclosed counted repetition', state.at - 1, pattern.length - state.at + 1);
    throw new PatternError('repetition quantifier expects a valid decimal', state.at);
  }
  state.at += text.length;
  return `{${text}`;
}

function escapeSource(pattern: string, state: State, inClass = false): string {
  const start = state.at - 1;
  const char = pattern[state.at];
  if (char === undefined)
    throw new PatternError('incomplete escape sequence, reached end of pattern prematurely', start);
  state.at += 1;
  const known = CLASSES[char] ?? (inClass ? undefined : PLACES[char]);
  if (known !== undefined) return known;
  const [code] = /^(?:\{[^}]*\}|[0-9a-fA-F]{2,8})/.exec(pattern.slice(state.at)) ?? [];
  if ('xuU'.includes(char) && code !== undefined) {
    const digits = code.startsWith('{') ? code : code.slice(0, char === 'x' ? 2 : char === 'u' ? 4 : 8);
    state.at += digits.length;
    return `\\u{${digits.replace(/[{}]/g, '')}}`;
  }
  if (char === 'p' || char === 'P') {
    const [name = ''] = /^(?:\{[^}]*\}|\w)/.exec(pattern.slice(state.at)) ?? [];
    state.at += name.length;
    return propertySource(char, name.replace(/[{}]/g, ''), start);
  }
  if (/[1-9]/.test(char)) throw new PatternError('backreferences are not supported', start, 2);
  if (/[a-zA-Z0-9]/.test(char)) throw new PatternError('unrecognized escape sequence', start, 2);
  return inClass ? literalInClass(char) : literal(char);
}

/** A script need not be called one. */
function propertySource(letter: string, name: string, at: number): string {
  for (const source of [`\\${letter}{${name}}`, `\\${letter}{Script=${name}}`]) if (isSource(source)) return source;
  throw new PatternError('Unicode property not found', at, name.length + 4);
}

function isSource(source: string): boolean {
  try {
    return new RegExp(source, 'v').global === false;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What stands between the brackets; the place is behind `[` and comes to stand behind `]`. */
function classSource(pattern: string, state: State): string {
  const start = state.at - 1;
  let source = '';
  if (pattern[state.at] === '^') {
    source = '^';
    state.at += 1;
  }
  for (let first = true; state.at < pattern.length; first = false) {
    const char = pattern[state.at] ?? '';
    const [named, not, name = ''] = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(state.at)) ?? [];
    state.at += 1;
    if (char === ']' && !first) return source;
    if (named !== undefined && NAMED[name] !== undefined) {
      source += `[${not}${NAMED[name]}]`;
      state.at += named.length - 1;
    } else if (char === '[') source += `[${classSource(pattern, state)}]`;
    else if (char === '\\') source += escapeSource(pattern, state, true);
    else if (/^(&&|--|~~)/.test(pattern.slice(state.at - 1)) && !first) {
      source += char.repeat(2);
      state.at += 1;
    } else if (char === '-' && !first && pattern[state.at] !== ']' && !/[\]-]$|\\[wWdDsS]$/.test(source)) source += '-';
    else source += literalInClass(char);
  }
  throw new PatternError('unclosed character class', start);
}

/** The error as ripgrep shows it, with the place marked. */
export function describePatternError(error: PatternError, pattern: string): string {
  const mark = `${' '.repeat(error.at)}${'^'.repeat(error.length)}`;
  const hint = /not supported$/.test(error.message)
    ? '\n\nConsider enabling PCRE2 with the --pcre2 flag, which can handle backreferences\nand look-around.'
    : '';
  return `regex parse error:\n    ${pattern}\n    ${mark}\nerror: ${error.message}${hint}`;
}
