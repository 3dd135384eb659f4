/** Differences of two texts, line by line, and how they are written. */
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
export function groupChanges(changes: readonly Change[], context: number): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && change.left - last.leftEnd <= 2 * context) group.push(change);
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
  /** What stands after the second `@@`, given where the hunk starts on the left. */
  heading?: (start: number) => string;
}

/** Hunks of a unified diff. */
export function unifiedHunks({ left, right, changes, context, heading }: UnifiedInput): string {
  let text = '';
  for (const group of groupChanges(changes, context)) {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) continue;
    const before = Math.min(context, first.left, first.right);
    const after = Math.min(context, left.length - last.leftEnd, right.length - last.rightEnd);
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

function range(start: number, end: number): string {
  const count = end - start;
  if (count === 1) return String(start + 1);
  return `${count === 0 ? start : start + 1},${count}`;
}

/** Lines with a mark in front; one without a newline is told. */
export function marked(mark: string, lines: readonly string[]): string {
  return lines.map((line) => mark + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
}
