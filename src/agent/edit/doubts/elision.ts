/** A rewritten file that leaves lines of the old one out, with a remark or dots in their place, or that shows line numbers. */

import { Refusal } from '../refusal.ts';
import { isOmission } from './omission.ts';

const WORDS =
  /\b(unchanged|omitted|remain(s|ing)?|existing|rest|previous|same|as before|snip(ped)?|truncated|brevity|skipped|elided|etc)\b/i;
const REMARK = /^\s*(?:\/\/|#|--|;+|%|\/\*+|<!--|\{\/\*|\*|\[|\()/;
/** Lines at the end of the file that a text without the last of them has lost. */
const LEAST_LOST = 2;
const NUMBERED = /^\s*(\d+)\s*(?:[|:\t→]|$)/;
/** A number that tells of itself that it is a line's. */
const PLAINLY_NUMBERED = /^\s*(\d+)(?:\s*[|→]|\t)/;

/** Throws Refusal. `path` tells languages in which "..." is a statement. */
export function refuseElision(before: string, after: string, path: string): void {
  const old = before.split('\n').map((line) => line.trim());
  const now = after.split('\n').map((line) => line.trim());
  refuseNumbers(old, now);
  refuseCut(before, after);
  const places = new Map<string, number[]>();
  for (const [at, line] of old.entries()) places.set(line, [...(places.get(line) ?? []), at]);
  const found = now.findIndex((line, at) => {
    if (line === '' || line.length > 200 || places.has(line)) return false;
    const isMark = isOmission(line);
    if (!isMark && !(REMARK.test(line) && WORDS.test(line))) return false;
    const lost = linesLost({ old, now, places }, at);
    if (!isMark) return lost > 1;
    const isStub = /\.pyi?$/.test(path) && /^\.{3}$/.test(line) && /[:"']$/.test(above(now, at));
    return !isStub && (lost > 0 || !/^[.…]+$/.test(line));
  });
  if (found !== -1)
    throw new Refusal(
      `line ${found + 1} of the new text, "${now[found]?.slice(0, 80)}", stands for lines that it leaves out: write them all, or change only the lines that differ.`,
    );
}

/** The text ends in the middle of the old one, without the line break that the old one has at its end. */
function refuseCut(before: string, after: string): void {
  if (!before.endsWith('\n') || after.endsWith('\n')) return;
  const old = before.split('\n').filter((line) => line.trim() !== '');
  const last = after.split('\n').at(-1) ?? '';
  const at = old.lastIndexOf(last);
  const isInside = at !== -1 && old.length - at > LEAST_LOST && old.at(-1)?.trim() !== last.trim();
  const isTorn = at === -1 && last.trim() !== '' && old.slice(0, -1).some((line) => line.startsWith(last));
  if (isInside || isTorn)
    throw new Refusal(
      `the new text seems to be cut off: it ends with "${last.trim().slice(0, 80)}", where the file goes on. Give the whole file.`,
    );
}

interface Texts {
  readonly old: readonly string[];
  readonly now: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
}

const above = (lines: readonly string[], at: number) => lines.slice(0, at).findLast((line) => line !== '') ?? '';

/** Lines that the old text has between those that are now beside the mark. */
function linesLost({ old, now, places }: Texts, at: number): number {
  const next = now.slice(at + 1).find((line) => line !== '');
  const starts = places.get(above(now, at)) ?? (at === 0 ? [-1] : []);
  const ends = next === undefined ? [old.length] : (places.get(next) ?? []);
  const lost = starts.flatMap((start) => {
    const end = ends.find((one) => one > start);
    return end === undefined ? [] : old.slice(start + 1, end).filter((line) => line !== '').length;
  });
  return lost.length === 0 ? 0 : Math.min(...lost);
}

/** Every line begins with its number, as tools show files. */
function refuseNumbers(old: readonly string[], now: readonly string[]): void {
  const numbers = now.flatMap((line) => NUMBERED.exec(line)?.[1] ?? []).map(Number);
  const full = now.filter((line) => line !== '').length;
  const isCounted = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
  if (
    numbers.length > 1 &&
    now.some((line) => PLAINLY_NUMBERED.test(line) || /^\d+:/.test(line)) &&
    numbers.length >= full &&
    isCounted &&
    !old.every((line) => line === '' || NUMBERED.test(line))
  )
    throw new Refusal('its lines begin with their numbers, which are not part of the file: leave them out.');
}

/** New lines that begin with the numbers of the lines that they replace. Throws Refusal. */
export function refuseNumbered(before: string, after: string): void {
  if (!/^[ \t]*\d+(?:[ \t]*[|→]|\t)/m.test(after) || before.split('\n').some((line) => PLAINLY_NUMBERED.test(line)))
    return;
  const known = new Set(before.split('\n'));
  const fresh = after.split('\n').flatMap((line, at) => (line.trim() === '' || known.has(line) ? [] : [{ line, at }]));
  const isNumbered = fresh.every(({ line, at }) => {
    const number = Number(PLAINLY_NUMBERED.exec(line)?.[1] ?? Number.NaN);
    return Math.abs(number - at - 1) <= fresh.length + 1;
  });
  if (fresh.length > 0 && isNumbered)
    throw new Refusal(
      `the new line "${fresh[0]?.line.trim().slice(0, 80)}" begins with the number of its line, which is not part of the file: leave it out.`,
    );
}
