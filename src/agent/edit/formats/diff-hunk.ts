/** One hunk of a unified diff: by its counts where they are right, else up to where the next thing begins. */

import { type Hunk, type HunkLine, type HunkNumbers, hunkLine } from '../hunk.ts';
import { Refusal } from '../refusal.ts';

export interface Cursor {
  readonly lines: readonly string[];
  /** The marks that begin the fenced block in which the diff stands: their like ends it. Empty where it stands in none. */
  readonly fence: string;
  at: number;
}

const FENCE = /^\s{0,3}(`{3,}|~{3,})[\w-]*\s*$/;

/** The marks of a line that begins or ends a fenced block. */
const fenceOf = (line: string): string | null => FENCE.exec(line)?.[1] ?? null;

/** Reads the hunk whose header (if it has one) is at the cursor, and moves the cursor behind it. */
export function readHunk(cursor: Cursor, hasHeader: boolean): Hunk {
  const header = hasHeader ? readHeader(cursor.lines[cursor.at] ?? '') : { numbers: null, heading: '' };
  if (hasHeader) cursor.at += 1;
  const body = readCounted(cursor, header.numbers) ?? readUpToBoundary(cursor);
  return { label: 'the hunk', lines: body, ...header, anchors: [], atEnd: false, isComplete: false };
}

function readHeader(line: string): { numbers: HunkNumbers | null; heading: string } {
  const match = /^@@+\s+-(\d+)(?:,(\d+))?\s+\+(\d+)(?:,(\d+))?\s*@@(.*)$/.exec(line);
  if (!match) return { numbers: null, heading: '' };
  const number = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : Number(text));
  return {
    numbers: {
      oldStart: number(match[1], 0),
      oldCount: number(match[2], 1),
      newStart: number(match[3], 0),
      newCount: number(match[4], 1),
    },
    heading: (match[5] ?? '').trim(),
  };
}

/** The body by the header's counts; null when they cannot be right. */
function readCounted(cursor: Cursor, numbers: HunkNumbers | null): HunkLine[] | null {
  if (!numbers || numbers.oldCount + numbers.newCount === 0) return null;
  const body: HunkLine[] = [];
  let { oldCount, newCount } = numbers;
  let at = cursor.at;
  for (; oldCount > 0 || newCount > 0 || cursor.lines[at]?.startsWith('\\'); at += 1) {
    const line = cursor.lines[at];
    if (line === undefined || (startsFile(cursor, at) && cursor.lines[at + 2]?.startsWith('@@'))) return null;
    if (line.startsWith('\\')) {
      markOpen(body);
      continue;
    }
    const read = readLine(line);
    if (read.isBare && read.text !== '') return null;
    body.push(read);
    if (read.op !== '+') oldCount -= 1;
    if (read.op !== '-') newCount -= 1;
    if (oldCount < 0 || newCount < 0) return null;
  }
  const next = cursor.lines[at];
  const goesOn = next !== undefined && /^[ +-]/.test(next) && !isBoundary(cursor, at) && next.trim() !== '--';
  if (goesOn) return null;
  cursor.at = at;
  return body;
}

function readUpToBoundary(cursor: Cursor): HunkLine[] {
  const body: HunkLine[] = [];
  for (; cursor.at < cursor.lines.length && !isBoundary(cursor, cursor.at); cursor.at += 1) {
    const line = cursor.lines[cursor.at] ?? '';
    if (line.startsWith('\\')) markOpen(body);
    else body.push(readLine(line));
  }
  // Blank lines between hunks are no context.
  while (body.at(-1)?.isBare && body.at(-1)?.text === '') body.pop();
  return body;
}

function readLine(line: string): HunkLine {
  const [op] = line;
  if (op === ' ' || op === '-' || op === '+') return hunkLine(op, line.slice(1));
  return { ...hunkLine(' ', line), isBare: true };
}

function markOpen(body: HunkLine[]): void {
  const last = body.pop();
  if (last) body.push({ ...last, isOpen: true });
}

function isBoundary(cursor: Cursor, at: number): boolean {
  const line = cursor.lines[at] ?? '';
  if (/^(@@|diff --git |Index: |GIT binary patch|\*\*\* End Patch)/.test(line) || startsFile(cursor, at)) return true;
  if (/^-- ?\r?$/.test(line) && /^\d+\.\d+/.test(cursor.lines[at + 1] ?? '')) return true;
  return endsFence(cursor, at);
}

/** A fence that is the context line of a diff of Markdown has a space in front, and another one ends the block behind it. Throws Refusal. */
function endsFence({ lines, fence }: Cursor, at: number): boolean {
  const line = lines[at] ?? '';
  if (fence === '' || !fenceOf(line)?.startsWith(fence)) return false;
  const next = lines.findIndex(
    (other, index) => index > at && !other.startsWith(' ') && fenceOf(other)?.startsWith(fence),
  );
  if (next === -1) return true;
  if (line.startsWith(' ')) return false;
  if (lines.slice(at + 1, next).some((other) => /^(?:[+-](?![-+ ])|@@ |\\ No newline)/.test(other)))
    throw new Refusal(
      'The diff has a line of "```" that may be its end, and goes on behind it: put four backquotes around the whole.',
    );
  return true;
}

export function startsFile({ lines }: Cursor, at: number): boolean {
  return /^--- \S/.test(lines[at] ?? '') && /^\+\+\+ \S/.test(lines[at + 1] ?? '');
}
