/** Reads SEARCH/REPLACE blocks, each below the path of its file. */
import { diffArrays } from 'diff';
import { type Hunk, type HunkLine, hunkLine } from '../hunk.ts';
import { Refusal } from '../refusal.ts';
import { readFencePath, readPathLine } from './path-line.ts';

export interface SearchBlock {
  /** As written; null where neither this block nor one before it has a path. */
  readonly path: string | null;
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

const HEAD = /^\s{0,3}(?:<{5,9}|-{5,9}) ?SEARCH\b.*$/;
const MIDDLE = /^={5,9}\s*$/;
const TAIL = /^\s{0,3}(?:>{5,9}|\+{5,9}) ?REPLACE\b.*$/;

/** Lines that differ; beyond it the whole block counts as changed, because to tell takes too long. */
const MOST_CHANGED = 1000;

export const hasBlocks = (text: string): boolean => text.split('\n').some((line) => HEAD.test(line));

/** `known` are the paths that may have blanks. Throws Refusal for a block that is not whole. */
export function readBlocks(text: string, known: ReadonlySet<string> = new Set()): SearchBlock[] {
  const lines = text.split('\n');
  const blocks: SearchBlock[] = [];
  let path: string | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    if (!HEAD.test(lines[at] ?? '')) continue;
    path = pathAbove(lines, at, known) ?? path;
    const end = lines.findIndex((line, index) => index > at && TAIL.test(line));
    const next = lines.findIndex((line, index) => index > at && HEAD.test(line));
    const label = `Block ${blocks.length + 1}`;
    if (end === -1 || (next !== -1 && next < end))
      throw new Refusal(`${label} is cut off: it has no ">>>>>>> REPLACE".`);
    blocks.push({ path, ...splitBlock(lines.slice(at + 1, end), label) });
    at = end;
  }
  if (blocks.length === 0)
    throw new Refusal('There is no SEARCH/REPLACE block: it begins with a line "<<<<<<< SEARCH".');
  return blocks;
}

function splitBlock(lines: readonly string[], label: string): Pick<SearchBlock, 'search' | 'replace'> {
  const dividers = lines.flatMap((line, at) => (MIDDLE.test(line) ? [at] : []));
  const [divider] = dividers;
  if (divider === undefined) throw new Refusal(`${label} has no "=======" between its two halves.`);
  if (dividers.length > 1)
    throw new Refusal(
      `${label} has several lines "=======", so where its halves meet is not certain: use another format for this file.`,
    );
  return { search: lines.slice(0, divider), replace: lines.slice(divider + 1) };
}

/** The nearest line above that is no fence. */
function pathAbove(lines: readonly string[], head: number, known: ReadonlySet<string>): string | null {
  for (let at = head - 1; at >= Math.max(0, head - 3); at -= 1) {
    const line = lines[at] ?? '';
    if (/^\s*(`{3,}|~{3,})[\w-]*\s*$/.test(line) || line.trim() === '') continue;
    return readFencePath(line) ?? readPathLine(line, known);
  }
  return null;
}

/** A block as a hunk: what both halves have stays as the file has it. */
export function blockHunk({ search, replace }: SearchBlock, label: string): Hunk {
  const [before, after] = [search, replace].map((lines) => lines.map((line) => hunkLine(' ', line)));
  const texts = (lines: readonly HunkLine[] = []) => lines.map(({ text, isWindows }) => text + (isWindows ? '\r' : ''));
  const [old, now] = [texts(before), texts(after)];
  const parts = diffArrays(old, now, { maxEditLength: MOST_CHANGED }) ?? [
    { value: old, removed: true, added: false },
    { value: now, removed: false, added: true },
  ];
  const lines = parts.flatMap(({ value, added, removed }) =>
    value.map((line) => hunkLine(added ? '+' : removed ? '-' : ' ', line)),
  );
  return { label, lines, numbers: null, heading: '', anchors: [], atEnd: false, isComplete: true };
}
