/** Words of an awk program. */
import { AwkSyntaxError } from './syntax.ts';

export type TokenKind =
  | 'number'
  | 'string'
  | 'regexp'
  | 'name'
  | 'function'
  | 'keyword'
  | 'operator'
  | 'newline'
  | 'end';

export interface Token {
  kind: TokenKind;
  text: string;
  line: number;
  /** White space was in front: `f (x)` is no call of a user's function. */
  spaced: boolean;
}

const KEYWORDS = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
);
const OPERATORS = /\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|\|&|[{}()[\];,+\-*/%^!<>|?:~$=]/y;
const NUMBER = /0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const NAME = /[A-Za-z_]\w*/y;

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  '/': '/',
};

/** Backslash escapes of a string literal, and of what `-v` assigns. */
export function unescapeString(text: string): string {
  return text.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{1,2})|\n|([\s\S]))/g,
    (_, octal?: string, hex?: string, char?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return char === undefined ? '' : (ESCAPES[char] ?? `\\${char}`);
    },
  );
}

/** Throws {@link AwkSyntaxError}. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let spaced = false;
  const add = (kind: TokenKind, text: string) => {
    tokens.push({ kind, text, line, spaced });
    spaced = false;
  };
  const matchAt = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  for (let i = 0; i < source.length; ) {
    const char = source[i] ?? '';
    if (char === '\n') {
      add('newline', '\n');
      line += 1;
      i += 1;
    } else if (/\s/.test(char) || (char === '\\' && /^\\\r?\n/.test(source.slice(i, i + 3)))) {
      spaced = true;
      if (char === '\\') {
        line += 1;
        i = source.indexOf('\n', i);
      }
      i += 1;
    } else if (char === '#') {
      while (i < source.length && source[i] !== '\n') i += 1;
    } else if (char === '"') {
      const end = endOf(source, i, '"', line);
      add('string', unescapeString(source.slice(i + 1, end)));
      i = end + 1;
    } else if (char === '/' && startsRegExp(tokens.at(-1))) {
      const end = endOf(source, i, '/', line);
      add('regexp', source.slice(i + 1, end).replaceAll('\\/', '/'));
      i = end + 1;
    } else {
      const number = /[\d.]/.test(char) ? matchAt(NUMBER, i) : undefined;
      const name = matchAt(NAME, i);
      const operator = matchAt(OPERATORS, i);
      const text = number ?? name ?? operator;
      if (text === undefined)
        throw new AwkSyntaxError(`syntax error at source line ${line}: unexpected character '${char}'`);
      i += text.length;
      if (number !== undefined) add('number', text);
      else if (name === undefined) add('operator', text === '**' ? '^' : text === '**=' ? '^=' : text);
      else if (KEYWORDS.has(name)) add('keyword', name === 'func' ? 'function' : name);
      else add(source[i] === '(' ? 'function' : 'name', name);
    }
  }
  add('newline', '\n');
  add('end', 'end of file');
  return tokens;
}

/** A slash divides after an operand, and starts a regular expression elsewhere. */
function startsRegExp(before: Token | undefined): boolean {
  if (!before) return true;
  if (before.kind === 'number' || before.kind === 'string' || before.kind === 'name') return false;
  return !(before.kind === 'operator' && [')', ']', '$', '++', '--'].includes(before.text));
}

function endOf(source: string, start: number, close: string, line: number): number {
  let bracket = false;
  for (let i = start + 1; i < source.length; i += 1) {
    const char = source[i];
    if (char === '\\') i += 1;
    else if (char === '\n') break;
    else if (close === '/' && char === '[' && !bracket) {
      bracket = true;
      if (source[i + 1] === '^') i += 1;
      if (source[i + 1] === ']') i += 1;
    } else if (char === ']') bracket = false;
    else if (char === close && !bracket) return i;
  }
  throw new AwkSyntaxError(`unterminated ${close === '"' ? 'string' : 'regexp'} at source line ${line}`);
}
