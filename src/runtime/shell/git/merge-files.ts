/** Merging two versions of a tree that come from a third one. */
import { append } from '../../kernel/large-lists.ts';
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
  /** The side that is right where they disagree. */
  favour?: 'ours' | 'theirs' | undefined;
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

/** Lines that both sides leave to the result, or what each has where they disagree. */
type Region = { kind: 'merged'; lines: string[] } | { kind: 'conflict'; ours: string[]; theirs: string[] };

function mergeLines({ base, ours, theirs }: Lines, labels: Labels): { lines: string[]; clean: boolean } {
  const regions = joinNear(findRegions({ base, ours, theirs }).flatMap(refine));
  const favoured = regions.map((region): Region => {
    if (region.kind === 'merged' || !labels.favour) return region;
    return { kind: 'merged', lines: region[labels.favour] };
  });
  return {
    lines: favoured.flatMap((region) => (region.kind === 'merged' ? region.lines : marked(region, labels))),
    clean: favoured.every(({ kind }) => kind === 'merged'),
  };
}

function findRegions({ base, ours, theirs }: Lines): Region[] {
  const mine = diffLines(base, ours, { indentHeuristic: true });
  const other = diffLines(base, theirs, { indentHeuristic: true });
  const regions: Region[] = [];
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
        if (!next || next.left > end) continue;
        taken.push(next);
        end = Math.max(end, next.leftEnd);
        grown = true;
      }
    }
    i += fromMine.length;
    j += fromOther.length;
    regions.push({ kind: 'merged', lines: base.slice(at, start) });
    at = end;
    const side = (text: readonly string[], changes: readonly Change[]) => sideOf(text, base, { changes, start, end });
    const [left, right] = [side(ours, fromMine), side(theirs, fromOther)];
    if (fromOther.length === 0 || left.join('') === right.join('')) regions.push({ kind: 'merged', lines: left });
    else if (fromMine.length === 0) regions.push({ kind: 'merged', lines: right });
    else regions.push({ kind: 'conflict', ours: left, theirs: right });
  }
  return [...regions, { kind: 'merged', lines: base.slice(at) }];
}

/** Only what differs between the sides of a conflict is in conflict. */
function refine(region: Region): Region[] {
  if (region.kind === 'merged') return [region];
  const { ours, theirs } = region;
  const parts: Region[] = [];
  let at = 0;
  for (const { left, leftEnd, right, rightEnd } of diffLines(ours, theirs)) {
    parts.push({ kind: 'merged', lines: ours.slice(at, left) });
    parts.push({ kind: 'conflict', ours: ours.slice(left, leftEnd), theirs: theirs.slice(right, rightEnd) });
    at = leftEnd;
  }
  return [...parts, { kind: 'merged', lines: ours.slice(at) }];
}

/** With no more lines than these between them two conflicts are read as one. */
const NEAR = 3;

function joinNear(regions: readonly Region[]): Region[] {
  const joined: Region[] = [];
  for (const region of regions) {
    const [before, between] = joined.slice(-2);
    if (region.kind === 'merged' && region.lines.length === 0) continue;
    if (region.kind === 'merged' && between?.kind === 'merged') {
      joined[joined.length - 1] = { kind: 'merged', lines: [...between.lines, ...region.lines] };
    } else if (
      region.kind === 'conflict' &&
      before?.kind === 'conflict' &&
      between?.kind === 'merged' &&
      between.lines.length <= NEAR
    ) {
      joined.splice(-2, 2, {
        kind: 'conflict',
        ours: [...before.ours, ...between.lines, ...region.ours],
        theirs: [...before.theirs, ...between.lines, ...region.theirs],
      });
    } else joined.push(region);
  }
  return joined;
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
    append(lines, base.slice(at, change.left));
    append(lines, text.slice(change.right, change.rightEnd));
    at = change.leftEnd;
  }
  return [...lines, ...base.slice(at, end)];
}

function marked({ ours, theirs }: { ours: string[]; theirs: string[] }, labels: Labels): string[] {
  const whole = (lines: string[]) => lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`));
  return [`<<<<<<< ${labels.ours}\n`, ...whole(ours), '=======\n', ...whole(theirs), `>>>>>>> ${labels.theirs}\n`];
}
