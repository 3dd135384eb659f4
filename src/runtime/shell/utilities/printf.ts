/** echo and printf. */

import { textOfBytes } from '../../kernel/byte-text.ts';
import { Fifo } from '../../process/fifo.ts';
import { quoteForShell } from '../expansion/parameter-changes.ts';
import type { Utility } from '../utility.ts';
import { formatFloat } from './float-format.ts';
import { strftime } from './strftime.ts';

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** `\u` and `\U` too. */
function unicode(text: string): string {
  return text.replace(
    /((?:^|[^\\])(?:\\\\)*)\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/g,
    (_, before: string, short?: string, long?: string) => {
      return before + String.fromCodePoint(Number.parseInt(short ?? long ?? '0', 16));
    },
  );
}

/** Escapes of bytes, as the text that they are in UTF-8. */
function decodeBytes(escapes: string): string {
  const bytes = Array.from(escapes.matchAll(/\\(?:x([0-9a-fA-F]+)|([0-7]+))/g), ([, hex, octal]) =>
    hex === undefined ? Number.parseInt(octal ?? '0', 8) & 255 : Number.parseInt(hex, 16),
  );
  return textOfBytes(Uint8Array.from(bytes));
}

/** Backslash escapes; `ended` after `\c`. `octal`: what an octal escape starts with. */
function decodeEscapes(text: string, zero: boolean): { text: string; ended: boolean } {
  const cut = /^((?:[^\\]|\\[^c])*)\\c/.exec(text);
  const body = cut ? (cut[1] ?? '') : text;
  const octal = zero ? '0[0-7]{1,3}|[0-7]{1,3}' : '[0-7]{1,3}';
  // Bytes that follow each other can be one character.
  const pattern = new RegExp(`((?:\\\\(?:${octal}|x[0-9a-fA-F]{1,2}))+)|\\\\([\\s\\S])`, 'g');
  const replaced = body.replace(pattern, (all: string, bytes?: string, char?: string) =>
    bytes === undefined ? (ESCAPES[char ?? ''] ?? all) : decodeBytes(bytes),
  );
  return { text: replaced, ended: cut !== null };
}

/** What echo prints; `escapes`: backslashes always count, as in dash. `ended`: without a newline. */
export function echoText(args: readonly string[], escapes: boolean): { text: string; ended: boolean } {
  let words = [...args];
  let newline = true;
  let interpret = escapes;
  const option = escapes ? /^-n$/ : /^-[neE]+$/;
  while (words[0] !== undefined && option.test(words[0])) {
    for (const letter of words[0].slice(1)) {
      if (letter === 'n') newline = false;
      else interpret = letter === 'e';
    }
    words = words.slice(1);
    if (escapes) break;
  }
  const joined = words.join(' ');
  if (!interpret) return { text: joined, ended: !newline };
  const { text, ended } = decodeEscapes(escapes ? joined : unicode(joined), true);
  return { text, ended: ended || !newline };
}

const NUMERIC = 'diouxXeEfFgG';
const CONVERSIONS = `${NUMERIC}sc`;

export interface PrintfDialect {
  /** bash's `%q` and `%(…)T`, and widths counted in characters' bytes. */
  bash: boolean;
}

/** Formats as printf(1): the format is used again while arguments remain. */
export function formatPrintf(
  format: string,
  args: readonly string[],
  { bash }: PrintfDialect = { bash: false },
): { text: string; problems: string[] } {
  const problems: string[] = [];
  const rest = new Fifo([...args]);
  let text = '';
  do {
    const before = rest.length;
    const { text: part, stop } = formatOnce(bash ? unicode(format) : format, rest, { problems, bash });
    text += part;
    if (stop || rest.length === before) break;
  } while (rest.length > 0);
  return { text, problems };
}

function formatOnce(
  format: string,
  rest: Fifo<string>,
  { problems, bash }: PrintfDialect & { problems: string[] },
): { text: string; stop: boolean } {
  const conversion =
    /%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|ll|[hljtzL])?(\([^)]*\)T|[a-zA-Z%])|%|\\c|(?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}))+|\\[\s\S]|[^%\\]+|\\/g;
  let text = '';
  for (const match of format.matchAll(conversion)) {
    const [all, flags = '', width, precision, letter] = match;
    if (letter === undefined) {
      if (all === '\\c') return { text, stop: true };
      text += all.startsWith('\\') ? decodeEscapes(all, false).text : all;
      continue;
    }
    if (letter === '%') {
      text += '%';
      continue;
    }
    const size = width === '*' ? (rest.shift() ?? '') : width;
    const digits =
      precision === '*' ? (rest.shift() ?? '') : (precision ?? (/\.[a-zA-Z]$/.test(all) ? '0' : undefined));
    const argument = rest.shift();
    if (bash && (letter === 'q' || letter === 'Q' || letter.endsWith('T'))) {
      const given =
        letter === 'Q' && digits !== undefined ? (argument ?? '').slice(0, Number(digits)) : (argument ?? '');
      const body = letter.endsWith('T') ? formatTime(letter.slice(1, -2), argument) : quoteForShell(given);
      text += pad(body, flags, size);
      continue;
    }
    if (letter === 'b') {
      const { text: body, ended } = decodeEscapes(argument ?? '', true);
      text += pad(body, flags, size);
      if (ended) return { text, stop: true };
    } else {
      const before = problems.length;
      const body = convert({ letter, flags, digits }, argument, problems);
      if (problems.length > before && !CONVERSIONS.includes(letter)) return { text, stop: true };
      text += pad(body, flags, size, NUMERIC.includes(letter));
    }
  }
  return { text, stop: false };
}

function formatTime(format: string, argument: string | undefined): string {
  const seconds =
    argument === undefined || argument === '-1' || argument === '-2' ? Date.now() / 1000 : Number(argument);
  return strftime(format || '%X', seconds * 1000);
}

/** Widths count bytes, as in C. */
function pad(text: string, flags: string, size: string | undefined, numeric = false): string {
  const extra = new TextEncoder().encode(text).length - text.length;
  const width = Math.max(0, Math.abs(Number(size ?? '0')) - extra);
  if (flags.includes('-') || size?.startsWith('-')) return text.padEnd(width);
  if (!flags.includes('0') || !numeric) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

interface Conversion {
  letter: string;
  flags: string;
  digits: string | undefined;
}

function convert({ letter, flags, digits }: Conversion, argument: string | undefined, problems: string[]): string {
  if (letter === 's') return digits === undefined ? (argument ?? '') : (argument ?? '').slice(0, Number(digits));
  if (letter === 'c') return (argument ?? '').slice(0, 1);
  if (/[efgEFG]/.test(letter))
    return formatFloat(
      `%${flags.replace(/[-0]/g, '')}${digits === undefined ? '' : `.${digits}`}${letter}`,
      numeric(argument, problems),
    );
  if (!/[diouxX]/.test(letter)) {
    problems.push(`%${letter}: invalid directive`);
    return '';
  }
  const value = integer(argument, problems);
  const signed = letter === 'd' || letter === 'i';
  const sign = !signed ? '' : value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const positive = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  const radix = letter === 'o' ? 8 : letter.toLowerCase() === 'x' ? 16 : 10;
  const text = positive.toString(radix).padStart(Number(digits ?? '0'), '0');
  const prefix =
    flags.includes('#') && radix === 16 && value !== 0n ? '0x' : flags.includes('#') && radix === 8 ? '0' : '';
  return letter === 'X' ? (prefix + text).toUpperCase() : sign + prefix + text;
}

/** As strtoimax reads it; what is no integer counts as far as it goes. */
function integer(argument: string | undefined, problems: string[]): bigint {
  const text = argument?.trim() ?? '';
  const match = /^([-+]?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(text);
  if (!match) {
    const value = numeric(argument, problems);
    // A fraction is taken up to its point.
    if (/^[-+]?\d+[.eE]/.test(text) && problems.length === 0) problems.push(`${text}: not completely converted`);
    return BigInt(Number.parseInt(text, 10) || Math.trunc(value) || 0);
  }
  const digits = match[2] ?? '0';
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return match[1] === '-' ? -value : value;
}

function numeric(argument: string | undefined, problems: string[]): number {
  if (argument === undefined || argument === '') return 0;
  if (argument.startsWith("'") || argument.startsWith('"')) return argument.codePointAt(1) ?? 0;
  if (/^[-+]?0[0-7]+$/.test(argument)) return Number.parseInt(argument, 8);
  const value = Number(argument.trim());
  if (!Number.isNaN(value)) return value;
  const prefix = Number.parseFloat(argument);
  problems.push(Number.isNaN(prefix) ? `${argument}: expected numeric value` : `${argument}: not completely converted`);
  return Number.isNaN(prefix) ? 0 : prefix;
}

export const echo: Utility = async ({ args, stdout }) => {
  const { text, ended } = echoText(args, false);
  await stdout.write(ended ? text : `${text}\n`);
  return 0;
};

export const printf: Utility = async (context) => {
  const [format, ...rest] = context.args[0] === '--' ? context.args.slice(1) : context.args;
  if (format === undefined) {
    await context.complain("missing operand\nTry 'printf --help' for more information.");
    return 1;
  }
  const { text, problems } = formatPrintf(format, rest);
  await context.stdout.write(text);
  for (const problem of problems) await context.complain(problem);
  return problems.length > 0 ? 1 : 0;
};
