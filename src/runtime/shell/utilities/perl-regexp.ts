/** Regular expressions of Perl (PCRE, `grep -P`), as JavaScript's with the flag `u`. */

const CLASSES: Record<string, string> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}\\p{N}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: '0-9a-fA-F',
  word: '\\w',
};

/** What JavaScript has not, or writes in another way. */
const ESCAPES: Record<string, string> = {
  h: '[ \\t]',
  H: '[^ \\t]',
  R: '(?:\\r\\n|\\n|\\r)',
  A: '^',
  Z: '$',
  z: '$',
  a: '\\x07',
  e: '\\x1b',
  N: '[^\\n]',
};

/** Escapes that mean the same in both; what else is escaped stands for itself. */
const SHARED = /[\dwWsSbBtnrfvdDpPkxuc^$\\.*+?()[\]{}|/]/;

/** Source for the flag `u`. What JavaScript cannot express it leaves for the browser's own SyntaxError. */
export function perlToRegExp(pattern: string): string {
  let source = '';
  /** Where what `\K` keeps out of the match starts. */
  let kept: string | undefined;
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] ?? '';
    if (char === '\\') {
      i += 1;
      const next = pattern[i] ?? '';
      if (next === 'K') {
        kept = `${kept ?? ''}${source}`;
        source = '';
      } else if (next === 'Q') {
        const end = pattern.indexOf('\\E', i);
        source += pattern.slice(i + 1, end === -1 ? undefined : end).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
        i = end === -1 ? pattern.length : end + 1;
      } else source += escapeOf(pattern, i);
      if (next === 'x' && pattern[i + 1] === '{') i = pattern.indexOf('}', i);
    } else if (char === '[') {
      const end = classEnd(pattern, i);
      if (end === -1) throw new SyntaxError('missing terminating ] for character class');
      source += classSource(pattern.slice(i + 1, end));
      i = end;
    } else if (char === '(' && pattern.startsWith('(?P<', i)) {
      source += '(?<';
      i += 3;
    } else if (char === '(' && /^\(\?[imsx]+\)/.test(pattern.slice(i))) {
      const flags = /^\(\?([imsx]+)\)/.exec(pattern.slice(i));
      source += `(?${flags?.[1]?.replace('x', '') ?? ''}:`;
      return `${kept === undefined ? '' : `(?<=${kept})`}${source}${perlToRegExp(pattern.slice(i + (flags?.[0].length ?? 0)))})`;
    } else if (char === '{' && !/^\{\d+(,\d*)?\}/.test(pattern.slice(i))) source += '\\{';
    else if (char === '}' && !/\{\d+(,\d*)?$/.test(source)) source += '\\}';
    else if (char === ']') source += '\\]';
    // A possessive repetition finds what the greedy one finds where that succeeds at once.
    else if (char === '+' && /(^|[^\\])[*+?}]$/.test(source)) continue;
    else source += char;
  }
  return kept === undefined ? source : `(?<=${kept})${source}`;
}

const WORDS: readonly [RegExp, string][] = [
  [/Unterminated group/, 'missing closing parenthesis'],
  [/Unmatched '\)'/, 'unmatched closing parenthesis'],
  [/Nothing to repeat/, 'quantifier does not follow a repeatable item'],
  [/Invalid capture group name/, 'subpattern name expected'],
  [/numbers out of order/, 'numbers out of order in {} quantifier'],
  [/Range out of order/, 'range out of order in character class'],
  [/Invalid named reference|Invalid escape|decimal escape/, 'reference to non-existent subpattern'],
  [/Invalid group/, 'unrecognized character after (? or (?-'],
];

/** A message of the browser about an expression, as PCRE words it. */
export function perlMessage(message: string): string {
  return WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? message.replace(/^.*: /, '');
}

function escapeOf(pattern: string, at: number): string {
  const next = pattern[at] ?? '';
  if (next === 'x') {
    const braced = /^x\{([0-9a-fA-F]+)\}/.exec(pattern.slice(at));
    if (braced) return `\\u{${braced[1]}}`;
  }
  return ESCAPES[next] ?? (SHARED.test(next) ? `\\${next}` : next);
}

function classEnd(pattern: string, start: number): number {
  let i = start + 1;
  if (pattern[i] === '^') i += 1;
  if (pattern[i] === ']') i += 1;
  for (; i < pattern.length; i += 1) {
    if (pattern[i] === '\\') i += 1;
    else if (pattern.startsWith('[:', i)) i = Math.max(pattern.indexOf(':]', i) + 1, i);
    else if (pattern[i] === ']') return i;
  }
  return -1;
}

function classSource(content: string): string {
  const negated = content.startsWith('^');
  let body = '';
  for (let i = negated ? 1 : 0; i < content.length; i += 1) {
    const char = content[i] ?? '';
    const named = /^\[:(\^?)(\w+):\]/.exec(content.slice(i));
    if (named) {
      body += CLASSES[named[2] ?? ''] ?? '';
      i += named[0].length - 1;
    } else if (char === '\\') {
      i += 1;
      const next = content[i] ?? '';
      body +=
        next === 'h' ? ' \\t' : next === '-' || SHARED.test(next) ? escapeOf(content, i).replace(/^-$/, '\\-') : next;
    } else body += '[]'.includes(char) ? `\\${char}` : char === '-' && isLiteralDash(content, i, body) ? '\\-' : char;
  }
  return `[${negated ? '^' : ''}${body}]`;
}

/** A dash first, last or beside a class like `\w` stands for itself. */
function isLiteralDash(content: string, at: number, before: string): boolean {
  return (
    before === '' || at === content.length - 1 || /\\[wWsSdD]$/.test(before) || /^-\\[wWsSdD]/.test(content.slice(at))
  );
}
