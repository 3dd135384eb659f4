import { compareNames } from '../expansion/glob.ts';
import type { Utility } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, type OptionSpec, type Options, parseOptions } from './options.ts';
import { writeFile } from './write-file.ts';
import { wrongUse } from './wrong-use.ts';

interface Key {
  /** Fields and characters from 1; an end field of 0 is the end of the line, an end character of 0 the end of the field. */
  startField: number;
  startCharacter: number;
  endField: number;
  endCharacter: number;
  /** Blanks at the start of a field do not count as its characters, for the key's start and for its end. */
  startSkips: boolean;
  endSkips: boolean;
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
    startSkips: match[3]?.includes('b') === true,
    endSkips: match[6]?.includes('b') === true,
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
  const start = first[0] + (key.startSkips ? blanksAt(line, first[0]) : 0) + key.startCharacter - 1;
  const last = bounds[key.endField - 1];
  if (key.endField === 0 || !last) return line.slice(start);
  const lastStart = last[0] + (key.endSkips ? blanksAt(line, last[0]) : 0);
  return line.slice(start, key.endCharacter === 0 ? last[1] : lastStart + key.endCharacter);
}

const blanksAt = (line: string, start: number): number => /^[ \t]*/.exec(line.slice(start))?.[0].length ?? 0;

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
    const folded = modifiers.includes('d') ? text.replace(/[^A-Za-z0-9 \t]/g, '') : text;
    return modifiers.includes('f') ? folded.toUpperCase() : folded;
  };
  return compareNames(fold(a), fold(b));
}

function comparison(
  options: Options,
  keys: readonly Key[],
): { primary: (a: string, b: string) => number; full: (a: string, b: string) => number } {
  const global = [...options.flags].filter((flag) => 'bdfghinMRVr'.includes(flag)).join('');
  const reverse = options.flags.has('r');
  const skips = options.flags.has('b');
  const separator = lastValue(options, 't');
  // A key without letters of its own has those of the command; without keys the whole line is one.
  const whole = { startField: 1, startCharacter: 1, endField: 0, endCharacter: 0 };
  const used = (keys.length > 0 ? keys : [{ ...whole, modifiers: '' }]).map((key) =>
    key.modifiers === '' ? { ...key, startSkips: skips, endSkips: skips, modifiers: global } : key,
  ) as Key[];
  const textOf = (line: string, key: Key) => (keys.length === 0 && !skips ? line : keyText(line, key, separator));
  const primary = (a: string, b: string): number => {
    for (const key of used) {
      const order = compareBy(key.modifiers, textOf(a, key), textOf(b, key));
      if (order !== 0) return key.modifiers.includes('r') ? -order : order;
    }
    return 0;
  };
  const full = (a: string, b: string) =>
    primary(a, b) || (options.flags.has('s') || options.flags.has('u') ? 0 : compareNames(a, b) * (reverse ? -1 : 1));
  return { primary, full };
}

const SPEC: OptionSpec = {
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
    'check=': 'check',
    'sort=': 'sort',
    'parallel=': 'parallel',
    'buffer-size=': 'S',
    'temporary-directory=': 'T',
  },
};

/** Words for options that have a letter, too. */
const WORDS: Readonly<Record<string, readonly (readonly [word: string, flag: string])[]>> = {
  sort: [
    ['general-numeric', 'g'],
    ['human-numeric', 'h'],
    ['month', 'M'],
    ['numeric', 'n'],
    ['random', 'R'],
    ['version', 'V'],
  ],
  check: [
    ['quiet', 'C'],
    ['silent', 'C'],
    ['diagnose-first', 'c'],
  ],
};

/** The options with the letters that words stand for; what is wrong where one is none. */
function withWords(given: Options): Options | string {
  const flags = new Set(given.flags);
  for (const [name, words] of Object.entries(WORDS)) {
    for (const word of given.values.get(name) ?? []) {
      const flag = words.find(([known]) => known.startsWith(word))?.[1];
      if (flag === undefined) return wrongWord(name, word);
      flags.add(flag);
    }
  }
  return { ...given, flags };
}

/** Words of one meaning stand in one line. */
function wrongWord(option: string, word: string): string {
  const words = WORDS[option] ?? [];
  const lines = new Map<string, string>();
  for (const [known, flag] of words) {
    const before = lines.get(flag);
    lines.set(flag, before === undefined ? `\n  - ‘${known}’` : `${before}, ‘${known}’`);
  }
  return `invalid argument ‘${word}’ for ‘--${option}’\nValid arguments are:${[...lines.values()].join('')}`;
}

export const sort: Utility = async (context) => {
  const given = parseOptions(context.args, SPEC);
  if (given.problem) return await wrongUse(context, given.problem, 2);
  const options = withWords(given);
  if (typeof options === 'string') return await wrongUse(context, options);
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
