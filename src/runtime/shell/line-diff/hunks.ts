/** Differences of two texts, line by line, and how they are written. */
import { append } from '../../kernel/large-lists.ts';
import { findChanges } from './changed-lines.ts';
import { slideChanges } from './slide-changes.ts';

/** Lines `left` to `leftEnd` of the one were replaced by lines `right` to `rightEnd` of the other, counted from 0. */
export interface Change {
  left: number;
  leftEnd: number;
  right: number;
  rightEnd: number;
}

export interface DiffOptions {
  /** Lines that are equal under it count as equal. */
  normalize?: (line: string) => string;
  /** Groups are placed by indentation, as git does. */
  indentHeuristic?: boolean;
}

/** Lines with their newline, which only the last may lack. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const whole = lines.map((line) => `${line}\n`);
  return last === '' ? whole : [...whole, last];
}

export function diffLines(left: readonly string[], right: readonly string[], options: DiffOptions = {}): Change[] {
  const numbers = new Map<string, number>();
  const normalize = options.normalize ?? ((line: string) => line);
  const numberOf = (line: string) => {
    const text = normalize(line);
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const [a, b] = [left.map(numberOf), right.map(numberOf)];
  const changes = findChanges(a, b);
  slideChanges(changes, { left: a, right: b, ...(options.indentHeuristic ? { texts: { left, right } } : {}) });
  const found: Change[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (!changes.left[i] && !changes.right[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const change: Change = { left: i, leftEnd: i, right: j, rightEnd: j };
    while (changes.left[change.leftEnd]) change.leftEnd += 1;
    while (changes.right[change.rightEnd]) change.rightEnd += 1;
    i = change.leftEnd;
    j = change.rightEnd;
    found.push(change);
  }
  return found;
}

/** Changes that are so near each other that their context meets. */
export function groupChanges(changes: readonly Change[], context: number, between = 0): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && change.left - last.leftEnd <= 2 * context + between) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

export interface UnifiedInput {
  left: readonly string[];
  right: readonly string[];
  changes: readonly Change[];
  /** Lines of context. */
  context: number;
  /** So many lines more between two hunks make them one. */
  between?: number;
  /** Where functions begin: hunks reach over whole ones. */
  functionAt?: (line: string) => boolean;
  /** What stands after the second `@@`, given where the hunk starts on the left. */
  heading?: (start: number) => string;
}

/** Hunks of a unified diff. */
export function unifiedHunks(input: UnifiedInput): string {
  const { left, right, changes, context, between = 0, functionAt, heading } = input;
  let text = '';
  const groups = groupChanges(changes, context, between);
  for (const group of functionAt ? joinWithin(groups, input) : groups) {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) continue;
    const around = functionAt ? functionAround(input, first.left, last.leftEnd) : undefined;
    const before = Math.min(Math.max(context, first.left - (around?.start ?? first.left)), first.left, first.right);
    const after = Math.min(
      Math.max(context, (around?.end ?? last.leftEnd) - last.leftEnd),
      left.length - last.leftEnd,
      right.length - last.rightEnd,
    );
    const [start, end] = [first.left - before, last.leftEnd + after];
    const [newStart, newEnd] = [first.right - before, last.rightEnd + after];
    const title = heading?.(start) ?? '';
    text += `@@ -${range(start, end)} +${range(newStart, newEnd)} @@${title === '' ? '' : ` ${title}`}\n`;
    let at = start;
    for (const change of group) {
      text += marked(' ', left.slice(at, change.left));
      text += marked('-', left.slice(change.left, change.leftEnd));
      text += marked('+', right.slice(change.right, change.rightEnd));
      at = change.leftEnd;
    }
    text += marked(' ', left.slice(at, end));
  }
  return text;
}

/** From where the function begins to where the next one does, without empty lines before that. */
function functionAround({ left, functionAt }: UnifiedInput, from: number, to: number): { start: number; end: number } {
  let start = from;
  while (start > 0 && !functionAt?.(left[start] ?? '')) start -= 1;
  let end = to;
  while (end < left.length && !functionAt?.(left[end] ?? '')) end += 1;
  while (end > to && (left[end - 1] ?? '').trim() === '') end -= 1;
  return { start, end };
}

/** Groups within one function are one. */
function joinWithin(groups: readonly Change[][], input: UnifiedInput): Change[][] {
  const joined: Change[][] = [];
  for (const group of groups) {
    const before = joined.at(-1);
    const [first, last] = [group[0], before?.at(-1)];
    if (
      before &&
      first &&
      last &&
      functionAround(input, last.left, last.leftEnd).end >= functionAround(input, first.left, first.leftEnd).start
    )
      append(before, group);
    else joined.push([...group]);
  }
  return joined;
}

function range(start: number, end: number): string {
  const count = end - start;
  if (count === 1) return String(start + 1);
  return `${count === 0 ? start : start + 1},${count}`;
}

/** Lines with a mark in front; one without a newline is told. */
export function marked(mark: string, lines: readonly string[]): string {
  return lines.map((line) => mark + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
}
