/** `git log -L`: the commits that changed some lines of a file, each with what it did to them. */
import { type Change, diffLines } from '../line-diff/hunks.ts';
import { findFileChanges } from './changes.ts';
import { loadFrom } from './commands/diff.ts';
import { quotePath } from './diff-output.ts';
import { linesOf } from './file-lines.ts';
import { GitError } from './git-error.ts';
import { joinRanges, type LineRange, readRanges } from './line-ranges.ts';
import type { CommitInfo, FileMap, Repository } from './repository.ts';

/** Lines of a file in some commit. */
interface Followed {
  path: string;
  ranges: LineRange[];
}

/** What a commit did to the lines, by its id; commits that did nothing have none. */
export type LineChanges = ReadonlyMap<string, string>;

/** `commits` from the newest on; `texts` as `1,5:file`. */
export async function followLines(
  repository: Repository,
  commits: readonly CommitInfo[],
  texts: readonly string[],
): Promise<LineChanges> {
  const changes = new Map<string, string>();
  const [newest] = commits;
  if (!newest) return changes;
  const followed = new Map<string, Followed[]>([[newest.oid, await startAt(repository, newest, texts)]]);
  for (const commit of commits) {
    let shown = '';
    for (const file of followed.get(commit.oid) ?? []) shown += await step(repository, commit, { file, followed });
    followed.delete(commit.oid);
    if (shown !== '') changes.set(commit.oid, shown);
  }
  return changes;
}

async function startAt(repository: Repository, commit: CommitInfo, texts: readonly string[]): Promise<Followed[]> {
  const wanted = new Map<string, string[]>();
  for (const text of texts) {
    const [, range = '', path] = /^(.*):([^:]+)$/s.exec(text) ?? [];
    if (path === undefined) throw new GitError(`-L argument not 'start,end:file' or ':funcname:file': ${text}`);
    wanted.set(path, [...(wanted.get(path) ?? []), range]);
  }
  const files = await repository.readTree(commit.oid);
  const followed: Followed[] = [];
  for (const [path, ranges] of wanted) {
    const lines = await linesOf(repository, files, path);
    if (!lines) throw new GitError(`There is no path ${path} in the commit`);
    followed.push({ path, ranges: readRanges(ranges, lines.map(withoutEnd), path) });
  }
  return followed;
}

const withoutEnd = (line: string): string => line.replace(/\n$/, '');

interface Step {
  file: Followed;
  followed: Map<string, Followed[]>;
}

/** What the commit did to the lines; its parents get the lines that these were. */
async function step(repository: Repository, commit: CommitInfo, { file, followed }: Step): Promise<string> {
  const after = await repository.readTree(commit.oid);
  const lines = (await linesOf(repository, after, file.path)) ?? [];
  const passOn = (parent: string, next: Followed) => {
    if (next.ranges.length > 0) followed.set(parent, [...(followed.get(parent) ?? []), next]);
  };
  const results: { parent: string; next: Followed; text: string }[] = [];
  for (const parent of commit.parents.length > 0 ? commit.parents : [undefined]) {
    const before: FileMap = parent === undefined ? new Map() : await repository.readTree(parent);
    const oldPath = before.has(file.path) ? file.path : await nameBefore(repository, { before, after }, file.path);
    const old = oldPath === undefined ? undefined : await linesOf(repository, before, oldPath);
    const all = diffLines(old ?? [], lines);
    const touched = all.filter((change) => file.ranges.some((range) => overlaps(change, range)));
    const next = { path: oldPath ?? file.path, ranges: rangesBefore(file.ranges, all, touched) };
    const text =
      touched.length === 0
        ? ''
        : patchOf({ names: [old && next.path, file.path], old: old ?? [], lines }, file.ranges, touched);
    // Of a merge, whoever has the lines as they are is asked alone.
    if (parent !== undefined && text === '') {
      passOn(parent, next);
      return '';
    }
    results.push({ parent: parent ?? '', next, text });
  }
  for (const { parent, next } of results) if (parent !== '') passOn(parent, next);
  return commit.parents.length > 1 ? '' : (results[0]?.text ?? '');
}

async function nameBefore(
  repository: Repository,
  { before, after }: { before: FileMap; after: FileMap },
  path: string,
): Promise<string | undefined> {
  const load = loadFrom(repository);
  const changes = await findFileChanges({ before, after, loadBefore: load, loadAfter: load }, () => true);
  return changes.find((change) => change.status === 'R' && change.path === path)?.oldPath;
}

/** A change that only removes lines counts between lines, not at their edge. */
const overlaps = ({ right, rightEnd }: Change, { start, end }: LineRange): boolean =>
  !(rightEnd <= start || end <= right);

function rangesBefore(ranges: readonly LineRange[], all: readonly Change[], touched: readonly Change[]): LineRange[] {
  const kept: LineRange[] = [];
  for (const { start, end } of ranges) {
    let at = start;
    for (const { right, rightEnd } of touched) {
      if (rightEnd <= at || right >= end) continue;
      if (right > at) kept.push({ start: at, end: right });
      at = Math.max(at, rightEnd);
    }
    if (at < end) kept.push({ start: at, end });
  }
  const moved = kept.map(({ start, end }) => {
    let offset = 0;
    for (const { left, leftEnd, right, rightEnd } of all)
      if (right <= start) offset += leftEnd - left - (rightEnd - right);
    return { start: start + offset, end: end + offset };
  });
  const before = [...moved, ...touched.map(({ left, leftEnd }) => ({ start: left, end: leftEnd }))];
  return joinRanges(before.filter(({ start, end }) => end > start));
}

interface Versions {
  /** Before and after; nothing where the file was made. */
  names: [before: string | undefined, after: string];
  old: readonly string[];
  lines: readonly string[];
}

function patchOf(
  { names: [before, after], old, lines }: Versions,
  ranges: readonly LineRange[],
  touched: readonly Change[],
): string {
  const [a, b] = [quotePath(`a/${before ?? after}`), quotePath(`b/${after}`)];
  let text = `diff --git ${a} ${b}\n--- ${before === undefined ? '/dev/null' : a}\n+++ ${b}\n`;
  for (const range of ranges) {
    const within = touched.filter((change) => overlaps(change, range));
    const [first, last] = [within[0], within.at(-1)];
    if (!first || !last) continue;
    const from = first.left - Math.max(0, first.right - range.start);
    const to = last.leftEnd + Math.max(0, range.end - last.rightEnd);
    const place = from === 0 && to === 0 ? 0 : from + 1;
    text += `@@ -${place},${to - from} +${range.start + 1},${range.end - range.start} @@\n`;
    let at = range.start;
    for (const { left, leftEnd, right, rightEnd } of within) {
      for (; at < right; at += 1) text += marked(' ', lines[at]);
      for (let i = left; i < leftEnd; i += 1) text += marked('-', old[i]);
      for (; at < rightEnd && at < range.end; at += 1) text += marked('+', lines[at]);
    }
    for (; at < range.end; at += 1) text += marked(' ', lines[at]);
  }
  return text;
}

const marked = (mark: string, line = ''): string =>
  line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
