/** What the operators of `${name…}` make of a value. */
import { patternSource } from './pattern.ts';

export function removeMatch(value: string, operator: '#' | '##' | '%' | '%%', pattern: string): string {
  const source = patternSource(pattern, { lazy: operator === '#' });
  if (operator === '#' || operator === '##') return value.replace(new RegExp(`^(?:${source})`, 'u'), '');
  const test = new RegExp(`^(?:${patternSource(pattern)})$`, 'u');
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  if (operator === '%') starts.reverse();
  const start = starts.find((index) => test.test(value.slice(index)));
  return start === undefined ? value : value.slice(0, start);
}

export function replaceMatch(
  value: string,
  operator: '/' | '//' | '/#' | '/%',
  pattern: string,
  pieces: readonly string[],
): string {
  const replacement = pieces.join('');
  if (pattern === '') return operator === '/#' ? replacement + value : operator === '/%' ? value + replacement : value;
  const source = patternSource(pattern);
  const anchored = operator === '/#' ? `^(?:${source})` : operator === '/%' ? `(?:${source})$` : source;
  let matched = false;
  return value.replace(new RegExp(anchored, operator === '//' ? 'gu' : 'u'), (match) => {
    // A pattern such as `*` matches once more, the empty end: bash does not count that.
    if (match === '' && matched) return '';
    matched = true;
    return pieces.join(match);
  });
}

export function changeCase(value: string, operator: '^' | '^^' | ',' | ',,', pattern: string): string {
  const test = new RegExp(`^(?:${patternSource(pattern)})$`, 'u');
  const upper = operator.startsWith('^');
  const changed = (char: string) => (test.test(char) ? (upper ? char.toUpperCase() : char.toLowerCase()) : char);
  const [first = '', ...rest] = value;
  return changed(first) + (operator.length === 2 ? rest.map(changed) : rest).join('');
}

/** `${name@Q}` and its like. */
export function transformed(value: string, operator: string): string {
  switch (operator) {
    case 'Q':
      return `'${value.replaceAll("'", "'\\''")}'`;
    case 'U':
      return value.toUpperCase();
    case 'u':
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case 'L':
      return value.toLowerCase();
    case 'E':
      return value.replace(/\\([nt\\'"])/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char));
    default:
      return value;
  }
}

/** Text as `printf %q` and `set -x` of bash write it: so that the shell reads it again. */
export function quoteForShell(text: string): string {
  if (text === '') return "''";
  if (/\p{Cc}/u.test(text)) {
    const escaped = text.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, (char) => {
      const known: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\x1b': '\\E' };
      return known[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
    });
    return `$'${escaped}'`;
  }
  // A tilde counts at the beginning alone, and so does what begins a comment.
  return text.replace(/[^\w@%+=:./~#\-\u0080-\uffff]/g, '\\$&').replace(/^[~#]/, '\\$&');
}
