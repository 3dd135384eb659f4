/** Values of awk: numbers, strings, and input that looks like a number and is both. */
import { bracketEnd, bracketSource, escapeRegExp } from '../expansion/pattern.ts';
import { floatDigits } from '../utilities/float-format.ts';

/** A field, or another piece of input, that looks like a number. */
export class NumericText {
  readonly text: string;
  readonly number: number;
  constructor(text: string, number: number) {
    this.text = text;
    this.number = number;
  }
}

/** Undefined: a variable that was never set. */
export type Value = number | string | NumericText | undefined;

const NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;
const WHOLE_NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

/** What comes from outside: a number too when it looks like one. */
export function fromInput(text: string): string | NumericText {
  const code = text.charCodeAt(0);
  // Most fields are words: told by their first character.
  if (code > 57 || Number.isNaN(code)) return text;
  return WHOLE_NUMBER.test(text) ? new NumericText(text, Number(text)) : text;
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (typeof value === 'string') return Number(NUMBER.exec(value)?.[0] ?? 0);
  return value.number;
}

export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value, format);
  return value === undefined ? '' : value.text;
}

export function numberText(value: number, format: string): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e16 ? String(value === 0 ? 0 : value) : value.toFixed(0);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return formatText(format, [value], format);
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  return value !== undefined && value.number !== 0;
}

/** Below, equal or above zero: by number unless one side is a string proper. */
export function compare(left: Value, right: Value, format: string): number {
  if (typeof left !== 'string' && typeof right !== 'string') {
    const [a, b] = [toNumber(left), toNumber(right)];
    return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
  }
  const [a, b] = [toText(left, format), toText(right, format)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** printf's conversions; `convert` is CONVFMT, for numbers under `%s`. */
export function formatText(format: string, args: readonly Value[], convert: string): string {
  let next = 0;
  const take = () => args[next++];
  return format.replace(
    /%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|h|ll|l|L|q|j|z|t)?([a-zA-Z%])/g,
    (all, flags: string, size: string | undefined, digits: string | undefined, letter: string) => {
      if (letter === '%') return '%';
      let width = size === '*' ? toNumber(take()) : Number(size ?? 0);
      const left = flags.includes('-') || width < 0;
      width = Math.abs(width);
      const precision = digits === undefined ? undefined : digits === '*' ? toNumber(take()) : Number(digits || 0);
      if (!'diouxXcsfFeEgGaA'.includes(letter)) return all;
      const text = convertOne(letter, take(), { flags, precision, convert });
      const zero = flags.includes('0') && !left && letter !== 's' && letter !== 'c' && /\d/.test(text);
      if (left) return text.padEnd(width);
      if (!zero || ('di'.includes(letter) && precision !== undefined)) return text.padStart(width);
      const sign = /^(?:[-+ ]|0x|0X)?/.exec(text)?.[0] ?? '';
      return sign + text.slice(sign.length).padStart(width - sign.length, '0');
    },
  );
}

interface Conversion {
  flags: string;
  precision: number | undefined;
  convert: string;
}

function convertOne(letter: string, value: Value, { flags, precision, convert }: Conversion): string {
  if (letter === 's') return toText(value, convert).slice(0, precision);
  if (letter === 'c')
    return typeof value === 'number' ? String.fromCodePoint(value & 0x1fffff) : toText(value, convert).slice(0, 1);
  const number = toNumber(value);
  const sign = number < 0 || Object.is(number, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const size = Math.abs(number);
  if (!Number.isFinite(number)) return `${number < 0 ? '-' : ''}${Number.isNaN(number) ? 'nan' : 'inf'}`;
  const whole = (radix: number) =>
    BigInt(Math.trunc(size))
      .toString(radix)
      .padStart(precision ?? 1, '0');
  switch (letter) {
    case 'd':
    case 'i':
      return (Math.trunc(number) === 0 && sign === '-' ? '' : sign) + whole(10);
    case 'o':
      return (flags.includes('#') ? '0' : '') + whole(8);
    case 'u':
      return number < 0 ? BigInt.asUintN(64, BigInt(Math.trunc(number))).toString() : whole(10);
    case 'x':
      return (flags.includes('#') ? '0x' : '') + whole(16);
    case 'X':
      return (flags.includes('#') ? '0X' : '') + whole(16).toUpperCase();
    default:
      return sign + floatDigits(letter, size, precision, flags.includes('#'));
  }
}

/** Source of a JavaScript regular expression for an extended one with awk's backslashes. */
function regExpSource(pattern: string): string {
  let source = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] ?? '';
    if (char === '[') {
      const end = bracketEnd(pattern, i, '^');
      if (end === -1) source += '\\[';
      else {
        source += bracketSource(
          pattern
            .slice(i + 1, end)
            .replace(/^!/, '\\!')
            .replace(/\\([ntrfv])/g, (_, letter: string) => CONTROL[letter] ?? letter),
        );
        i = end;
      }
    } else if (char === '\\') {
      i += 1;
      const next = pattern[i] ?? '\\';
      source += 'ntrfvwWsSB'.includes(next) ? `\\${next}` : (WORD_EDGES[next] ?? escapeRegExp(next));
    } else if (char === '{') {
      const interval = /^\{\d*(?:,\d*)?\}/.exec(pattern.slice(i));
      const useful = interval && /\d/.test(interval[0]) && source !== '';
      source += useful ? interval[0].replace('{,', '{0,') : '\\{';
      if (useful) i += interval[0].length - 1;
    } else if (char === '}' || char === ']') source += `\\${char}`;
    else if ('*+?'.includes(char) && (source === '' || /(^|[^\\])[(|]$/.test(source))) source += `\\${char}`;
    else if ('*+?'.includes(char) && /(^|[^\\])[*+?]$/.test(source)) continue;
    else source += char === '/' ? '\\/' : char;
  }
  return source;
}

const CONTROL: Record<string, string> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };
const WORD_EDGES: Record<string, string> = {
  y: '\\b',
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  '`': '^',
  "'": '$',
  a: '\\x07',
  b: '\\x08',
};

const cache = new Map<string, RegExp>();
const CACHE_SIZE = 200;

/** Compiled once for each pattern. Throws SyntaxError. */
export function regExpOf(pattern: string): RegExp {
  let found = cache.get(pattern);
  if (!found) {
    if (cache.size >= CACHE_SIZE) cache.clear();
    found = new RegExp(regExpSource(pattern), 'su');
    cache.set(pattern, found);
  }
  return found;
}
