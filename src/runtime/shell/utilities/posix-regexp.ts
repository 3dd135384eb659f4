/** POSIX regular expressions, basic and extended (with GNU's extensions), as JavaScript's. */
import { bracketSource, escapeRegExp } from '../expansion/pattern.ts';

const GNU: Record<string, string> = {
  w: '\\w',
  W: '\\W',
  s: '\\s',
  S: '\\S',
  b: '\\b',
  B: '\\B',
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  n: '\\n',
  t: '\\t',
  '`': '^',
  "'": '$',
};

/** Source of a regular expression for the flag `u`. Throws SyntaxError as GNU grep words it. */
export function posixToRegExp(pattern: string, extended: boolean): string {
  let source = '';
  let depth = 0;
  /** Nothing yet that a repetition could repeat. */
  let fresh = true;
  for (let i = 0; i < pattern.length; i += 1) {
    let char = pattern[i] ?? '';
    let special = extended;
    if (char === '\\') {
      i += 1;
      if (i >= pattern.length) throw new SyntaxError('Trailing backslash');
      char = pattern[i] ?? '';
      if (!'(){}|+?'.includes(char)) {
        source += /[1-9]/.test(char) ? `(?:\\${char})` : (GNU[char] ?? escapeRegExp(char));
        fresh = false;
        continue;
      }
      special = !extended;
    } else if (char === '[') {
      const end = bracketEnd(pattern, i);
      if (end === -1) throw new SyntaxError('Unmatched [, [^, [:, [., or [=');
      const content = pattern.slice(i + 1, end).replaceAll('\\', '\\\\');
      checkBracket(content);
      source += content.startsWith('^')
        ? bracketSource(content)
        : bracketSource(content.startsWith('!') ? `\\${content}` : content);
      i = end;
      fresh = false;
      continue;
    } else if (char === '.' || (char === '*' && !fresh)) {
      source = char === '.' ? `${source}.` : repeats(source) ? again(source, '*') : `${source}*`;
      fresh = false;
      continue;
    } else if (char === '^' && (extended || fresh)) {
      source += '^';
      continue;
    } else if (char === '$' && (extended || i === pattern.length - 1 || /^\\[|)]/.test(pattern.slice(i + 1)))) {
      source += '$';
      continue;
    } else if (!'(){}|+?'.includes(char)) {
      if (char === '*' && extended) source = nothingRepeated(source);
      else source += escapeRegExp(char);
      fresh = false;
      continue;
    }
    if (!special) {
      source += escapeRegExp(char);
      fresh = false;
    } else if (char === '(') {
      depth += 1;
      source += '(';
      fresh = true;
    } else if (char === ')') {
      if (depth === 0) {
        if (!extended) throw new SyntaxError('Unmatched ) or \\)');
        source += '\\)';
      } else {
        depth -= 1;
        source += ')';
      }
      fresh = false;
    } else if (char === '|') {
      source += '|';
      fresh = true;
    } else if (char === '{') {
      const interval = /^(\d*)(,?)(\d*)(\\?)\}/.exec(pattern.slice(i + 1));
      if (interval && (interval[4] === '') === extended) {
        if (interval[3] !== '' && Number(interval[1]) > Number(interval[3]))
          throw new SyntaxError('Invalid content of \\{\\}');
        source += repeats(source) ? '' : `{${interval[1] || '0'}${interval[2]}${interval[3]}}`;
        i += interval[0].length;
      } else if (extended) source += '\\{';
      else throw new SyntaxError('Unmatched \\{');
      fresh = false;
    } else if (char === '}') source += '\\}';
    else if (fresh && extended) source = nothingRepeated(source);
    else if (fresh) source += escapeRegExp(char);
    else if (repeats(source)) source = again(source, char);
    else source += char;
  }
  if (depth > 0) throw new SyntaxError(extended ? 'Unmatched ( or \\(' : 'Unmatched ( or \\(');
  return source;
}

/** Whether the source ends in a repetition. */
const repeats = (source: string): boolean => /(^|[^\\])(\\\\)*([*+?]|\{\d+,?\d*\})$/.test(source);

/** A repetition of one with `*`, `+` or `?`: any number where the two differ. */
function again(source: string, char: string): string {
  const last = source.at(-1) ?? '';
  return last === '}' || last === char ? source : `${source.slice(0, -1)}*`;
}

/** GNU passes over a repetition with nothing in front; behind `^` it makes the place optional. */
const nothingRepeated = (source: string): string => (source.endsWith('^') ? `${source.slice(0, -1)}(?:^)?` : source);

function checkBracket(content: string): void {
  if (/^:.*:$/.test(content)) throw new SyntaxError('character class syntax is [[:space:]], not [:space:]');
  for (const [, name = ''] of content.matchAll(/\[:(\w*):\]/g))
    if (!NAMES.has(name)) throw new SyntaxError('Invalid character class name');
  const plain = content.replace(/^\^/, '').replace(/\[[:.=].*?[:.=]\]/g, '');
  for (const [, from = '', to = ''] of plain.matchAll(/([^\\])-([^\\])/gs))
    if (from > to) throw new SyntaxError('Invalid range end');
}

const NAMES = new Set('alpha digit alnum upper lower space blank punct print graph cntrl xdigit'.split(' '));

function bracketEnd(pattern: string, start: number): number {
  let i = start + 1;
  if (pattern[i] === '^') i += 1;
  if (pattern[i] === ']') i += 1;
  for (; i < pattern.length; i += 1) {
    if (pattern[i] === '[' && /[:.=]/.test(pattern[i + 1] ?? '')) {
      const end = pattern.indexOf(`${pattern[i + 1]}]`, i + 2);
      if (end !== -1) i = end + 1;
    } else if (pattern[i] === ']') return i;
  }
  return -1;
}
