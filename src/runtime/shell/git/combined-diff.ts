/** The difference of a file to two or more others at once: `diff --cc` of a merge, and of a file in conflict. */
import { append } from '../../kernel/large-lists.ts';
import { diffLines, splitLines } from '../line-diff/hunks.ts';

/** A line of the result, with what the others had in front of it. */
interface Line {
  text: string;
  /** A bit for each of the others that lacks the line. */
  added: number;
  lost: { text: string; from: number }[];
  /** Lines of each of the others before this one. */
  before: number[];
}

export interface CombinedInput {
  result: string;
  parents: readonly string[];
  context: number;
  /** What stands behind the hunk's marks, given the lines before it. */
  heading: (lines: readonly string[], start: number) => string;
  /** Hunks that are as one of the parents has them are left out. */
  dense: boolean;
}

/** Hunks; an empty text where nothing is of interest. */
export function combinedHunks({ result, parents, context, heading, dense }: CombinedInput): string {
  const texts = splitLines(result);
  const others = parents.map(splitLines);
  const lines = compare(texts, others);
  const all = 2 ** parents.length - 1;
  const isChanged = ({ added, lost }: Line) => added !== 0 || lost.length > 0;
  let marked = new Set<number>();
  for (const [index, line] of lines.entries()) if (isChanged(line)) marked.add(index);
  if (dense) marked = keepInteresting(lines, withContext(marked, lines.length, context), all, marked);
  const shown = withContext(marked, lines.length, context);
  const marks = '@'.repeat(parents.length + 1);
  let text = '';
  for (const [start, end] of rangesOf(shown)) {
    const ranges = parents.map((_, parent) => {
      const from = lines[start]?.before[parent] ?? 0;
      const count = (lines[end]?.before[parent] ?? others[parent]?.length ?? 0) - from;
      return ` -${from + 1},${count}`;
    });
    const own = Math.min(end, texts.length) - start;
    const title = heading(texts, start);
    text += `${marks}${ranges.join('')} +${start + 1},${own} ${marks}${title === '' ? '' : ` ${title}`}\n`;
    for (let at = start; at < end; at += 1) {
      const line = lines[at];
      if (!line) continue;
      for (const lost of line.lost) text += print(parents.length, lost.from, '-', lost.text);
      if (at < texts.length) text += print(parents.length, line.added, '+', line.text);
    }
  }
  return text;
}

function print(count: number, bits: number, mark: string, text: string): string {
  const marks = Array.from({ length: count }, (_, index) => (bits & (1 << index) ? mark : ' ')).join('');
  return `${marks}${text.endsWith('\n') ? text : `${text}\n\\ No newline at end of file\n`}`;
}

/** One more line than the result has: for what was lost at its end. */
function compare(texts: readonly string[], parents: readonly (readonly string[])[]): Line[] {
  const lines: Line[] = [...texts, ''].map((text) => ({ text, added: 0, lost: [], before: [] }));
  for (const [parent, other] of parents.entries()) {
    const bit = 1 << parent;
    const changes = diffLines(other, texts, { indentHeuristic: true });
    for (const { left, leftEnd, right, rightEnd } of changes) {
      for (let at = right; at < rightEnd; at += 1) {
        const line = lines[at];
        if (line) line.added |= bit;
      }
      const place = lines[right];
      if (place) place.lost = joinLost(place.lost, other.slice(left, leftEnd), bit);
    }
    let done = 0;
    let change = 0;
    for (const [at, line] of lines.entries()) {
      line.before[parent] = done;
      while ((changes[change]?.right ?? Number.POSITIVE_INFINITY) <= at) {
        const { left = 0, leftEnd = 0 } = changes[change] ?? {};
        done += leftEnd - left;
        change += 1;
      }
      if ((line.added & bit) === 0) done += 1;
    }
  }
  return lines;
}

/** Lines that several parents lost at one place are told once. */
function joinLost(known: Line['lost'], more: readonly string[], bit: number): Line['lost'] {
  if (known.length === 0) return more.map((text) => ({ text, from: bit }));
  const joined: Line['lost'] = [];
  let [i, j] = [0, 0];
  for (const { left, leftEnd, right, rightEnd } of [
    ...diffLines(
      known.map(({ text }) => text),
      more,
    ),
    { left: known.length, leftEnd: known.length, right: more.length, rightEnd: more.length },
  ]) {
    for (; i < left; i += 1, j += 1) joined.push({ text: more[j] ?? '', from: (known[i]?.from ?? 0) | bit });
    append(joined, known.slice(left, leftEnd));
    for (const text of more.slice(right, rightEnd)) joined.push({ text, from: bit });
    [i, j] = [leftEnd, rightEnd];
  }
  return joined;
}

/** `before` and `after` count whole lines of context; what was lost stands in front of a line. */
function withContext(marked: ReadonlySet<number>, count: number, context: number): Set<number> {
  const shown = new Set<number>();
  for (const at of marked)
    for (let i = Math.max(0, at - context); i <= Math.min(count - 1, at + context); i += 1) shown.add(i);
  return shown;
}

function rangesOf(shown: ReadonlySet<number>): [number, number][] {
  const ranges: [number, number][] = [];
  for (const at of [...shown].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === at) last[1] = at + 1;
    else ranges.push([at, at + 1]);
  }
  return ranges;
}

function keepInteresting(lines: readonly Line[], shown: Set<number>, all: number, marked: Set<number>): Set<number> {
  const kept = new Set(marked);
  for (const [start, end] of rangesOf(shown)) {
    const differences = new Set<number>();
    for (const line of lines.slice(start, end)) {
      if (line.added !== 0) differences.add(line.added);
      for (const { from } of line.lost) differences.add(from);
    }
    const [only] = differences;
    if (differences.size === 1 && only !== all) for (let at = start; at < end; at += 1) kept.delete(at);
  }
  return kept;
}
