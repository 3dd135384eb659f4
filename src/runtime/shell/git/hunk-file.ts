/** A changed file as hunks that someone chooses from: what they show, how they are split, and what the chosen ones make of it. */
import { type Change, groupChanges, splitLines, unifiedHunks } from '../line-diff/hunks.ts';
import { type Compared, functionBefore } from './diff-output.ts';

const CONTEXT = 3;

export interface ChosenHunk {
  changes: Change[];
  /** Lines on the left that it shows. */
  start: number;
  end: number;
  heading: string;
  use: boolean | undefined;
  /** What an editor made of its lines. */
  edited?: string[];
}

/** `whole`: the file is made or removed, and can be so only as one. */
export function hunksOf({ left, right, lines }: Compared, whole: boolean): ChosenHunk[] {
  const groups = whole ? [[...lines]] : groupChanges(lines, CONTEXT);
  return groups.flatMap((changes) => {
    const [first, last] = [changes[0], changes.at(-1)];
    if (!first || !last) return [];
    const before = Math.min(CONTEXT, first.left, first.right);
    const after = Math.min(CONTEXT, left.length - last.leftEnd, right.length - last.rightEnd);
    const start = first.left - before;
    return [{ changes, start, end: last.leftEnd + after, heading: functionBefore(left, start), use: undefined }];
  });
}

/** Its changes, each for itself, with the lines between them in both neighbours. */
export function splitHunk({ changes, start, end, heading }: ChosenHunk): ChosenHunk[] {
  return changes.map((change, index) => ({
    changes: [change],
    start: changes[index - 1]?.leftEnd ?? start,
    end: changes[index + 1]?.left ?? end,
    heading: index === 0 ? heading : '',
    use: undefined,
  }));
}

export function hunkText({ left, right }: Compared, { changes, start, end, heading }: ChosenHunk): string {
  const [first, last] = [changes[0], changes.at(-1)];
  if (!first || !last) return '';
  // A text that holds no more than the hunk, shifted to its place: context is cut where the hunk ends.
  const shift = first.right - (first.left - start);
  const shown = unifiedHunks({
    left: left.slice(start, end),
    right: right.slice(shift, last.rightEnd + end - last.leftEnd),
    changes: changes.map((change) => ({
      left: change.left - start,
      leftEnd: change.leftEnd - start,
      right: change.right - shift,
      rightEnd: change.rightEnd - shift,
    })),
    context: Number.MAX_SAFE_INTEGER,
    heading: () => heading,
  });
  return shown.replace(
    /^@@ -(\d+)((?:,\d+)?) \+(\d+)/,
    (_, from, count, to) => `@@ -${Number(from) + start}${count} +${Number(to) + shift}`,
  );
}

/** The left side with the changes of these hunks in it. */
export function applyChosen({ left, right }: Compared, hunks: readonly ChosenHunk[]): string {
  let text = '';
  let at = 0;
  for (const { changes, start, end, edited } of hunks) {
    if (edited) {
      text += left.slice(at, start).join('') + edited.join('');
      at = end;
      continue;
    }
    for (const change of changes) {
      text += left.slice(at, change.left).join('') + right.slice(change.right, change.rightEnd).join('');
      at = change.leftEnd;
    }
  }
  return text + left.slice(at).join('');
}

/** The lines that an edited hunk leaves; undefined where its old lines are not those of the file. */
export function readEdited({ left }: Compared, { start, end }: ChosenHunk, text: string): string[] | undefined {
  const lines = splitLines(text).filter((line) => !/^[#@\\]/.test(line));
  const sideOf = (marks: string) =>
    lines
      .filter((line) => marks.includes(line[0] ?? ' ') || line === '\n')
      .map((line) => (line === '\n' ? line : line.slice(1)));
  return sideOf(' -').join('') === left.slice(start, end).join('') ? sideOf(' +') : undefined;
}
