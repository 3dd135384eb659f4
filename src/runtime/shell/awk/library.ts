/** What the code of a compiled awk program calls. */
import { strftime } from '../utilities/strftime.ts';
import { type AwkArray, AwkExit, AwkNext, type AwkRuntime, splitAt } from './runtime.ts';
import { compare, formatText, fromInput, isTrue, regExpOf, toNumber, type Value } from './values.ts';

export { AwkExit, AwkNext, formatText, fromInput };

export const NEXT = new AwkNext();

/** Short names, as they stand everywhere in the code. */
export function bind(runtime: AwkRuntime) {
  return {
    N: toNumber,
    C: isTrue,
    T: (value: Value) => runtime.text(value),
    /** Reading an element makes it. */
    G: (array: AwkArray, key: string): Value => {
      const value = array.get(key);
      if (value === undefined && !array.has(key)) array.set(key, undefined);
      return value;
    },
    S: <Item extends Value>(array: AwkArray, key: string, value: Item): Item => {
      array.set(key, value);
      return value;
    },
    regExpOf,
  };
}

const ASSIGNABLE = ['FS', 'OFS', 'ORS', 'RS', 'SUBSEP', 'CONVFMT', 'OFMT', 'NR', 'FNR', 'NF'] as const;

/** A variable that the program does not use is not kept. */
export function assignSpecial(runtime: AwkRuntime, name: string, value: Value): void {
  const special = ASSIGNABLE.find((item) => item === name);
  if (special) runtime[special] = value;
}

/** What `-v` and `-F` said. */
export function applyAssignments(runtime: AwkRuntime): void {
  for (const [name, value] of runtime.assignments) runtime.assign(name, fromInput(value));
}

export async function getline(
  runtime: AwkRuntime,
  from: 'main' | 'file' | 'command',
  place: string,
  set: (line: string) => Promise<void>,
): Promise<number> {
  const line = from === 'main' ? await runtime.nextRecord() : await runtime.getlineFrom(from, place);
  if (line === null) return -1;
  if (line === undefined) return 0;
  if (from === 'command') runtime.NR = toNumber(runtime.NR) + 1;
  await set(line);
  return 1;
}

export function substr(text: string, from: number, length = Number.POSITIVE_INFINITY): string {
  const start = Math.round(from);
  const end = length === Number.POSITIVE_INFINITY ? text.length + 1 : start + Math.round(length);
  return text.slice(Math.max(start, 1) - 1, Math.max(Math.min(end, text.length + 1), 1) - 1);
}

export function split(runtime: AwkRuntime, text: string, array: AwkArray, separator: Value | RegExp): number {
  array.clear();
  const parts =
    separator instanceof RegExp
      ? text === ''
        ? []
        : splitAt(text, separator)
      : runtime.splitText(text, runtime.text(separator));
  for (const [index, part] of parts.entries()) array.set(String(index + 1), fromInput(part));
  return parts.length;
}

export function match(runtime: AwkRuntime, text: string, pattern: RegExp, groups?: AwkArray): number {
  const found = pattern.exec(text);
  runtime.RSTART = found ? found.index + 1 : 0;
  runtime.RLENGTH = found ? found[0].length : -1;
  groups?.clear();
  if (found) for (const [index, group] of found.entries()) groups?.set(String(index), fromInput(group ?? ''));
  return found ? found.index + 1 : 0;
}

/** `&` is the match, `\\&` an ampersand. */
export function substitute(
  pattern: RegExp,
  replacement: string,
  text: string,
  global: boolean,
): { count: number; text: string } {
  let count = 0;
  let end = -1;
  const replaced = text.replace(new RegExp(pattern.source, global ? 'gsu' : 'su'), (found, ...rest: unknown[]) => {
    const at = Number(rest.find((item) => typeof item === 'number'));
    // Nothing is not found a second time where a match has just ended.
    if (found === '' && at === end) return '';
    end = at + found.length;
    count += 1;
    if (!/[\\&]/.test(replacement)) return replacement;
    return replacement.replace(/\\\\&|\\&|\\\\|&/g, (mark) =>
      mark === '&' ? found : mark === '\\\\&' ? `\\${found}` : mark === '\\&' ? '&' : '\\',
    );
  });
  return { count, text: replaced };
}

/** gawk's: `\\1` stands for a group; `how` is "g" or which match. */
export function gensub(pattern: RegExp, replacement: string, how: string, text: string): string {
  const all = /^[gG]/.test(how);
  let count = 0;
  return text.replace(new RegExp(pattern.source, 'gsu'), (...found) => {
    count += 1;
    if (!all && count !== (Number(how) || 1)) return String(found[0]);
    return replacement.replace(/\\(\d)|\\&|&|\\\\/g, (mark, digit?: string) => {
      if (digit !== undefined) return String(found[Number(digit)] ?? '');
      return mark === '&' ? String(found[0]) : mark.slice(1);
    });
  });
}

function fill(array: AwkArray, values: readonly Value[]): number {
  array.clear();
  for (const [index, value] of values.entries()) array.set(String(index + 1), value);
  return values.length;
}

export function asort(runtime: AwkRuntime, array: AwkArray, target = array): number {
  const format = runtime.text(runtime.CONVFMT);
  return fill(
    target,
    [...array.values()].sort((a, b) => compare(a, b, format)),
  );
}

export function asorti(_runtime: AwkRuntime, array: AwkArray, target = array): number {
  return fill(
    target,
    [...array.keys()].sort((a, b) => (a < b ? -1 : 1)),
  );
}

export const int = Math.trunc;
export const { atan2, cos, exp, log, sin, sqrt } = Math;
export const systime = () => Math.floor(Date.now() / 1000);
export const and = (a: number, b: number) => Number(BigInt(a) & BigInt(b));
export const or = (a: number, b: number) => Number(BigInt(a) | BigInt(b));
export const xor = (a: number, b: number) => Number(BigInt(a) ^ BigInt(b));
export const lshift = (a: number, b: number) => a * 2 ** b;
export const rshift = (a: number, b: number) => Math.floor(a / 2 ** b);
export const compl = (a: number) => Number(BigInt.asUintN(53, ~BigInt(a)));
export const formatTime = (format: string, seconds: number) => strftime(format, seconds * 1000);
export const strtonum = (text: string) =>
  /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text) || toNumber(text);

export function mktime(text: string): number {
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = text.split(/\s+/).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

let seed = 0;
let state = 0;

export function srand(value = Math.floor(Date.now() / 1000)): number {
  const old = seed;
  seed = value;
  state = value | 0;
  return old;
}

/** The same sequence in every run that does not call srand, as POSIX wants (mulberry32). */
export function rand(): number {
  state = (state + 0x6d2b79f5) | 0;
  let bits = Math.imul(state ^ (state >>> 15), 1 | state);
  bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
}
