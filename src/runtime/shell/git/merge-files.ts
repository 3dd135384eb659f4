/** Merging two versions of a tree that come from a third one. */
import { type Change, diffLines, splitLines } from '../line-diff/hunks.ts';
import { isBinary } from './diff-output.ts';
import type { FileMap, FileState, Repository } from './repository.ts';

export interface MergeConflict {
  path: string;
  base: FileState | undefined;
  ours: FileState | undefined;
  theirs: FileState | undefined;
  kind: 'content' | 'add/add' | 'modify/delete';
}

export interface MergeResult {
  files: FileMap;
  conflicts: MergeConflict[];
  /** Paths whose content was merged line by line. */
  merged: string[];
}

/** Names of the two sides, for the marks of a conflict. */
export interface Labels {
  ours: string;
  theirs: string;
}

/** Files in conflict are there too, with the marks in their content. */
export async function mergeTrees(
  repository: Repository,
  sides: { base: FileMap; ours: FileMap; theirs: FileMap },
  labels: Labels,
): Promise<MergeResult> {
  const { base, ours, theirs } = sides;
  const result: MergeResult = { files: new Map(), conflicts: [], merged: [] };
  const same = (a: FileState | undefined, b: FileState | undefined) => a?.oid === b?.oid && a?.mode === b?.mode;
  for (const path of [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort()) {
    const [old, mine, other] = [base.get(path), ours.get(path), theirs.get(path)];
    const kept = same(mine, other) || same(old, other) ? mine : same(old, mine) ? other : null;
    if (kept !== null) {
      if (kept) result.files.set(path, kept);
      continue;
    }
    if (!mine || !other) {
      const left = mine ?? other;
      if (left) result.files.set(path, left);
      result.conflicts.push({ path, base: old, ours: mine, theirs: other, kind: 'modify/delete' });
      continue;
    }
    const texts = await Promise.all(
      [old, mine, other].map(async (state) => (state ? await repository.readBlob(state.oid) : new Uint8Array(0))),
    );
    result.merged.push(path);
    const merged = mergeTexts(texts, labels);
    const oid = await repository.writeBlob(merged.bytes);
    result.files.set(path, { mode: old && old.mode !== mine.mode ? mine.mode : other.mode, oid });
    if (!merged.clean)
      result.conflicts.push({ path, base: old, ours: mine, theirs: other, kind: old ? 'content' : 'add/add' });
  }
  return result;
}

function mergeTexts(texts: readonly Uint8Array[], labels: Labels): { bytes: Uint8Array; clean: boolean } {
  const [base = new Uint8Array(0), ours = base, theirs = base] = texts;
  if (texts.some(isBinary)) return { bytes: ours, clean: false };
  const decode = (bytes: Uint8Array) => splitLines(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  const { lines, clean } = mergeLines({ base: decode(base), ours: decode(ours), theirs: decode(theirs) }, labels);
  return { bytes: new TextEncoder().encode(lines.join('')), clean };
}

interface Lines {
  base: readonly string[];
  ours: readonly string[];
  theirs: readonly string[];
}

function mergeLines({ base, ours, theirs }: Lines, labels: Labels): { lines: string[]; clean: boolean } {
  const mine = diffLines(base, ours, { indentHeuristic: true });
  const other = diffLines(base, theirs, { indentHeuristic: true });
  const lines: string[] = [];
  let clean = true;
  let at = 0;
  let [i, j] = [0, 0];
  while (i < mine.length || j < other.length) {
    const start = Math.min(mine[i]?.left ?? base.length, other[j]?.left ?? base.length);
    let end = start;
    const [fromMine, fromOther]: [Change[], Change[]] = [[], []];
    // Changes that touch each other belong together.
    for (let grown = true; grown; ) {
      grown = false;
      for (const [list, taken, index] of [[mine, fromMine, i] as const, [other, fromOther, j] as const]) {
        const next = list[index + taken.length];
        if (!next || next.left > end || (fromMine.length + fromOther.length > 0 && next.left > end)) continue;
        taken.push(next);
        end = Math.max(end, next.leftEnd);
        grown = true;
      }
    }
    i += fromMine.length;
    j += fromOther.length;
    lines.push(...base.slice(at, start));
    at = end;
    const side = (text: readonly string[], changes: readonly Change[]) => sideOf(text, base, { changes, start, end });
    const [left, right] = [side(ours, fromMine), side(theirs, fromOther)];
    if (fromOther.length === 0 || left.join('') === right.join('')) lines.push(...left);
    else if (fromMine.length === 0) lines.push(...right);
    else {
      clean = false;
      lines.push(...conflict(left, right, labels));
    }
  }
  lines.push(...base.slice(at));
  return { lines, clean };
}

/** What a side has for lines `start` to `end` of the base. */
function sideOf(
  text: readonly string[],
  base: readonly string[],
  { changes, start, end }: { changes: readonly Change[]; start: number; end: number },
): string[] {
  const lines: string[] = [];
  let at = start;
  for (const change of changes) {
    lines.push(...base.slice(at, change.left), ...text.slice(change.right, change.rightEnd));
    at = change.leftEnd;
  }
  return [...lines, ...base.slice(at, end)];
}

/** Lines that both begin or end with stand outside the marks. */
function conflict(left: string[], right: string[], { ours, theirs }: Labels): string[] {
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < left.length - head && tail < right.length - head && left.at(-1 - tail) === right.at(-1 - tail))
    tail += 1;
  const whole = (lines: string[]) => lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`));
  const inner = (lines: string[]) => whole(lines.slice(head, lines.length - tail));
  return [
    ...left.slice(0, head),
    `<<<<<<< ${ours}\n`,
    ...inner(left),
    '=======\n',
    ...inner(right),
    `>>>>>>> ${theirs}\n`,
    ...left.slice(left.length - tail),
  ];
}
