/** What differs between two sets of files, with renames found by likeness. */
import type { FileMap, FileState } from './repository.ts';

export interface FileChange {
  status: 'A' | 'D' | 'M' | 'R' | 'T';
  /** The new path; of a deleted file its old one. */
  path: string;
  /** Of a rename. */
  oldPath: string;
  /** Where the names are told relative to a folder: the whole ones. */
  fullPath?: string;
  fullOldPath?: string;
  before: FileState | undefined;
  after: FileState | undefined;
  /** Per cent, for a rename. */
  similarity: number;
}

/** Reads a side's content. */
export type Load = (path: string, state: FileState) => Promise<Uint8Array>;

export interface Sides {
  before: FileMap;
  after: FileMap;
  loadBefore: Load;
  loadAfter: Load;
}

const LEAST_SIMILAR = 50;
const MOST_CANDIDATES = 400;

/** Sorted by path. */
export async function findFileChanges(
  sides: Sides,
  wanted: (path: string) => boolean,
  renames = true,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  for (const [path, state] of sides.before) {
    if (!wanted(path)) continue;
    const after = sides.after.get(path);
    if (!after) changes.push({ status: 'D', path, oldPath: path, before: state, after, similarity: 0 });
    else if (after.oid !== state.oid || after.mode !== state.mode) {
      const status = after.mode >> 12 === state.mode >> 12 ? 'M' : 'T';
      changes.push({ status, path, oldPath: path, before: state, after, similarity: 0 });
    }
  }
  for (const [path, after] of sides.after) {
    if (wanted(path) && !sides.before.has(path))
      changes.push({ status: 'A', path, oldPath: path, before: undefined, after, similarity: 0 });
  }
  const all = renames ? await joinRenames(changes, sides) : changes;
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function joinRenames(changes: FileChange[], sides: Sides): Promise<FileChange[]> {
  const deleted = changes.filter(({ status }) => status === 'D');
  const added = changes.filter(({ status }) => status === 'A');
  if (deleted.length === 0 || added.length === 0 || deleted.length * added.length > MOST_CANDIDATES ** 2)
    return changes;
  const pairs: { from: FileChange; to: FileChange; score: number }[] = [];
  const contents = new Map<FileChange, Uint8Array>();
  const content = async (change: FileChange, load: Load, state: FileState) => {
    const known = contents.get(change) ?? (await load(change.path, state));
    contents.set(change, known);
    return known;
  };
  for (const to of added) {
    for (const from of deleted) {
      if (!from.before || !to.after) continue;
      if (from.before.oid === to.after.oid) pairs.push({ from, to, score: 100.5 });
      else {
        const score = similarity(
          await content(from, sides.loadBefore, from.before),
          await content(to, sides.loadAfter, to.after),
        );
        if (score >= LEAST_SIMILAR) pairs.push({ from, to, score });
      }
    }
  }
  pairs.sort((a, b) => b.score - a.score || Number(sameName(b)) - Number(sameName(a)));
  const used = new Set<FileChange>();
  const renamed: FileChange[] = [];
  for (const { from, to, score } of pairs) {
    if (used.has(from) || used.has(to)) continue;
    used.add(from).add(to);
    renamed.push({
      status: 'R',
      path: to.path,
      oldPath: from.path,
      before: from.before,
      after: to.after,
      similarity: Math.floor(Math.min(score, 100)),
    });
  }
  return [...changes.filter((change) => !used.has(change)), ...renamed];
}

const sameName = ({ from, to }: { from: FileChange; to: FileChange }) =>
  from.path.split('/').at(-1) === to.path.split('/').at(-1);

/** How much of the larger one is found in the other, in per cent: by pieces that end at a newline or after 64 bytes. */
function similarity(a: Uint8Array, b: Uint8Array): number {
  const most = Math.max(a.length, b.length);
  if (most === 0) return 0;
  if (Math.min(a.length, b.length) * 100 < most * LEAST_SIMILAR) return 0;
  const left = pieces(a);
  let copied = 0;
  for (const [piece, bytes] of pieces(b)) copied += Math.min(left.get(piece) ?? 0, bytes);
  return (copied * 100) / most;
}

function pieces(bytes: Uint8Array): Map<string, number> {
  const found = new Map<string, number>();
  const decoder = new TextDecoder('latin1');
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.subarray(start, start + 64).indexOf(10);
    const end = newline === -1 ? Math.min(start + 64, bytes.length) : start + newline + 1;
    const piece = decoder.decode(bytes.subarray(start, end)).replace('\r\n', '\n');
    found.set(piece, (found.get(piece) ?? 0) + (end - start));
    start = end;
  }
  return found;
}
