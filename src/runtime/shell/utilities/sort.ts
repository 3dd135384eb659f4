import { compareNames } from '../expansion/glob.ts';
import type { Utility } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { writeFile } from './write-file.ts';
import { wrongUse } from './wrong-use.ts';

interface Key {
  /** Fields and characters from 1; an end field of 0 is the end of the line, an end character of 0 the end of the field. */
  startField: number;
  startCharacter: number;
  endField: number;
  endCharacter: number;
  modifiers: string;
}

function parseKey(text: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([bdfghinMRrV]*)(?:,(\d+)(?:\.(\d+))?([bdfghinMRrV]*))?$/.exec(text);
  if (!match) return undefined;
  return {
    startField: Number(match[1]),
    startCharacter: Number(match[2] ?? '1'),
    endField: Number(match[4] ?? '0'),
    endCharacter: Number(match[5] ?? '0'),
    modifiers: (match[3] ?? '') + (match[6] ?? ''),
  };
}

/** Start offsets of the fields; without a separator a field begins with the blanks before it. */
function fieldBounds(line: string, separator: string | undefined): [number, number][] {
  const bounds: [number, number][] = [];
  if (separator === undefined) {
    for (const match of line.matchAll(/[ \t]*[^ \t]*/g))
      if (match[0] !== '') bounds.push([match.index, match.index + match[0].length]);
    return bounds;
  }
  let start = 0;
  for (const part of line.split(separator)) {
    bounds.push([start, start + part.length]);
    start += part.length + separator.length;
  }
  return bounds;
}

function keyText(line: string, key: Key, separator: string | undefined): string {
  const bounds = fieldBounds(line, separator);
  const first = bounds[key.startField - 1];
  if (!first) return '';
  const skip = key.modifiers.includes('b') ? (/^[ \t]*/.exec(line.slice(first[0]))?.[0].length ?? 0) : 0;
  const start = first[0] + skip + key.startCharacter - 1;
  const last = bounds[key.endField - 1];
  const end = key.endField === 0 || !last ? line.length : key.endCharacter === 0 ? last[1] : last[0] + key.endCharacter;
  return line.slice(start, end);
}

const SUFFIXES = 'KMGTPE';

/** As strtold reads it: with an exponent, or hexadecimal. */
function generalNumber(text: string): number {
  const hexadecimal = /^\s*([-+]?)(0x[\da-f]+)/i.exec(text);
  if (hexadecimal) return Number(hexadecimal[2]) * (hexadecimal[1] === '-' ? -1 : 1);
  const infinite = /^\s*([-+]?)inf/i.exec(text);
  return infinite ? Number(`${infinite[1]}Infinity`) : Number.parseFloat(text);
}

function numberOf(text: string, modifiers: string): number {
  const match = /^\s*(-?\d*\.?\d*)([KMGTPE]?)/i.exec(text);
  const value = modifiers.includes('g') ? generalNumber(text) : Number(match?.[1]);
  if (Number.isNaN(value)) return modifiers.includes('g') ? Number.NEGATIVE_INFINITY : 0;
  if (!modifiers.includes('h')) return value;
  return value * 1024 ** (SUFFIXES.indexOf((match?.[2] ?? '').toUpperCase() || '-') + 1);
}

/** 0 for what is no month. */
function monthNumber(text: string): number {
  const name = text.trimStart().slice(0, 3).toUpperCase();
  return ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'].indexOf(name) + 1;
}

/** Lines that are the same stay together. */
function shuffle(lines: string[]): void {
  const places = new Map(lines.map((line) => [line, Math.random()]));
  lines.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

function splitRecords(text: string, end: string): string[] {
  if (text === '') return [];
  return (text.endsWith(end) ? text.slice(0, -1) : text).split(end);
}

function versionParts(text: string): (string | number)[] {
  return text.split(/(\d+)/).map((part, index) => (index % 2 === 1 ? Number(part) : part));
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [versionParts(a), versionParts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const [x = '', y = ''] = [left[i], right[i]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function compareBy(modifiers: string, a: string, b: string): number {
  if (/[ngh]/.test(modifiers)) {
    const [x, y] = [numberOf(a, modifiers), numberOf(b, modifiers)];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (modifiers.includes('V')) return compareVersions(a, b);
  if (modifiers.includes('M')) return monthNumber(a) - monthNumber(b);
  const fold = (text: string) => {
    let folded = modifiers.includes('b') ? text.trimStart() : text;
    if (modifiers.includes('d')) folded = folded.replace(/[^A-Za-z0-9 \t]/g, '');
    return modifiers.includes('f') ? folded.toUpperCase() : folded;
  };
  return compareNames(fold(a), fold(b));
}

function comparison(
  options: Options,
  keys: readonly Key[],
): { primary: (a: string, b: string) => number; full: (a: string, b: string) => number } {
  const global = [...options.flags].filter((flag) => 'bdfghinMRV'.includes(flag)).join('');
  const reverse = options.flags.has('r');
  const separator = lastValue(options, 't');
  const primary = (a: string, b: string): number => {
    if (keys.length === 0) return compareBy(global, a, b) * (reverse ? -1 : 1);
    for (const key of keys) {
      const own = key.modifiers.replace('b', '') !== '';
      const modifiers = own ? key.modifiers : global;
      const order = compareBy(modifiers, keyText(a, key, separator), keyText(b, key, separator));
      if (order !== 0) return (own ? modifiers.includes('r') : reverse) ? -order : order;
    }
    return 0;
  };
  const full = (a: string, b: string) =>
    primary(a, b) || (options.flags.has('s') || options.flags.has('u') ? 0 : compareNames(a, b) * (reverse ? -1 : 1));
  return { primary, full };
}

export const sort: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'nrubfdghiMRVsczmk:t:o:S:T:C',
    long: {
      'numeric-sort': 'n',
      reverse: 'r',
      unique: 'u',
      'ignore-case': 'f',
      'key=': 'k',
      'field-separator=': 't',
      'output=': 'o',
      stable: 's',
      check: 'c',
      'version-sort': 'V',
      'human-numeric-sort': 'h',
      'general-numeric-sort': 'g',
      'month-sort': 'M',
      'random-sort': 'R',
      'dictionary-order': 'd',
      'ignore-leading-blanks': 'b',
      'ignore-nonprinting': 'i',
      'zero-terminated': 'z',
      merge: 'm',
      'check=': 'C',
      'parallel=': 'parallel',
      'buffer-size=': 'S',
      'temporary-directory=': 'T',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  const keys: Key[] = [];
  for (const text of options.values.get('k') ?? []) {
    const key = parseKey(text);
    if (!key) return await refuse(context, `invalid number at field start: invalid count at start of ‘${text}’`);
    if (key.startField === 0 || (key.endField === 0 && /,0/.test(text)))
      return await refuse(context, `field number is zero: invalid field specification ‘${text}’`);
    if (key.startCharacter === 0)
      return await refuse(context, `character offset is zero: invalid field specification ‘${text}’`);
    keys.push(key);
  }
  const separator = lastValue(options, 't');
  if (separator !== undefined && [...separator].length > 1 && separator !== '\\0')
    return await refuse(context, `multi-character tab ‘${separator}’`);
  const kinds = ['d', 'g', 'h', 'i', 'M', 'n', 'R', 'V'].filter((kind) => options.flags.has(kind));
  if (kinds.length > 1 && kinds.join('') !== 'di')
    return await refuse(context, `options '-${kinds.join('')}' are incompatible`);
  const lines: string[] = [];
  const end = options.flags.has('z') ? '\0' : '\n';
  const describe = (name: string, reason: string) =>
    reason === 'Is a directory' ? `read failed: ${name}: ${reason}` : `cannot read: ${name}: ${reason}`;
  const complete = await eachInput(context, { names: options.operands, describe }, async (reader) => {
    const text = await reader.text();
    // One by one: a call takes no more than some ten thousand arguments.
    for (const line of splitRecords(text, end)) lines.push(line);
  });
  if (!complete) return 2;
  const { primary, full } = comparison(options, keys);
  if (options.flags.has('c') || options.flags.has('C')) {
    const wrong = lines.findIndex((line, index) => index > 0 && full(lines[index - 1] ?? '', line) > 0);
    if (wrong !== -1 && options.flags.has('c'))
      await context.complain(`${options.operands[0] ?? '-'}:${wrong + 1}: disorder: ${lines[wrong]}`);
    return wrong === -1 ? 0 : 1;
  }
  if (options.flags.has('R')) shuffle(lines);
  else lines.sort(full);
  const kept = options.flags.has('u')
    ? lines.filter((line, index) => index === 0 || primary(lines[index - 1] ?? '', line) !== 0)
    : lines;
  const text = kept.map((line) => line + end).join('');
  const output = lastValue(options, 'o');
  if (output === undefined) await context.stdout.write(text);
  else await writeFile(context, output, text);
  return 0;
};

async function refuse(context: Parameters<Utility>[0], problem: string): Promise<number> {
  await context.complain(problem);
  return 2;
}
