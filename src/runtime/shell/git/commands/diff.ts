/** git diff, and what log and show need of it. */

import * as git from 'isomorphic-git';
import { resolvePath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type FileChange, findFileChanges, type Load, type Sides } from '../changes.ts';
import { checkAdded } from '../check-added.ts';
import { colourPatch, wantsColour } from '../colour.ts';
import { combinedPatchOfConflicts } from '../combined-patch.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { type DiffFormat, type DiffOutput, formatDiff } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { changesBetween, readPlain } from '../no-index.ts';
import { searchOf } from '../pickaxe.ts';
import type { FileMap, FileState, Repository } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { writeWhole } from '../system-files.ts';
import { type WordDiffStyle, wordDiffStyle } from '../word-diff.ts';

/** Options of the diff machinery, for each command that shows differences. */
export const DIFF_FLAGS =
  'R p u patch no-patch s stat numstat shortstat name-only name-status summary raw w b ignore-all-space ignore-space-change ignore-space-at-eol ignore-blank-lines z M C find-renames no-renames no-color color color-words minimal patience histogram full-index no-prefix no-ext-diff ext-diff textconv no-textconv text a binary cc m exit-code quiet check compact-summary patch-with-stat patch-with-raw relative no-relative W function-context ignore-cr-at-eol indent-heuristic no-indent-heuristic submodule ita-invisible-in-index ita-visible-in-index color-moved find-copies find-copies-harder irreversible-delete D B break-rewrites pickaxe-regex pickaxe-all abbrev no-color-moved word-diff';
export const DIFF_VALUES =
  'S G U unified diff-filter inter-hunk-context src-prefix dst-prefix line-prefix diff-algorithm anchored ws-error-highlight l O stat-width stat-name-width stat-graph-width stat-count output word-diff-regex';
const FORMATS: DiffFormat[] = ['raw', 'stat', 'numstat', 'shortstat', 'name-only', 'name-status', 'summary'];

export function diffFormats(options: GitOptions, fallback: DiffFormat | undefined): Set<DiffFormat> {
  const { flags } = options;
  const found = new Set<DiffFormat>(FORMATS.filter((format) => flags.has(format)));
  if (
    flags.has('compact-summary') ||
    flags.has('patch-with-stat') ||
    ['stat-width', 'stat-count'].some((name) => flags.has(name))
  )
    found.add('stat');
  if (flags.has('patch-with-stat') || flags.has('patch-with-raw')) found.add('patch');
  if (flags.has('patch-with-raw')) found.add('raw');
  if (flags.has('p') || flags.has('u') || flags.has('patch') || flags.has('U') || flags.has('unified'))
    found.add('patch');
  if (found.size === 0 && fallback && !flags.has('check')) found.add(fallback);
  if (flags.has('no-patch') || flags.has('s')) found.clear();
  return found;
}

export const loadFrom =
  (repository: Repository): Load =>
  async (_path, { oid }) =>
    await repository.readBlob(oid);

export const loadWorkTree =
  (repository: Repository): Load =>
  async (path, { mode }) =>
    repository.readFile(path, mode);

export interface Shown {
  sides: Sides;
  options: GitOptions;
  formats: Set<DiffFormat>;
  wanted: (path: string) => boolean;
  colour?: boolean;
  /** `-S` and `-G` choose files: of git diff; log chooses commits by them. */
  searches?: boolean;
  /** With `--relative`: the folder, with its slash, that names are relative to. */
  folder?: string;
}

/** `-S` and `-G`: the files of which it counts. */
async function searched(changes: readonly FileChange[], sides: Sides, options: GitOptions): Promise<FileChange[]> {
  const test = searchOf(options);
  if (!test) return [...changes];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const found: FileChange[] = [];
  for (const change of changes) {
    const { before, after, path, oldPath } = change;
    const left = before ? decoder.decode(await sides.loadBefore(oldPath, before)) : '';
    const right = after ? decoder.decode(await sides.loadAfter(path, after)) : '';
    if (test(left, right)) found.push(change);
  }
  return found;
}

export async function showChanges({
  sides: given,
  options,
  formats,
  wanted,
  folder = '',
  colour = false,
  searches = false,
}: Shown): Promise<{ text: string; count: number; faults: number }> {
  const { flags } = options;
  const sides = flags.has('R')
    ? { before: given.after, after: given.before, loadBefore: given.loadAfter, loadAfter: given.loadBefore }
    : given;
  const filter = lastOf(options, 'diff-filter');
  const found = await findFileChanges(sides, wanted, !flags.has('no-renames'));
  const fitting = found.filter(({ status }) => fitsDiffFilter(status, filter));
  const changes = searches ? await searched(fitting, sides, options) : fitting;
  const loads = { formats, loadBefore: sides.loadBefore, loadAfter: sides.loadAfter };
  const shown = changes.map((change) => relativeChange(change, folder));
  const output = { ...outputOf(options, loads, shown), colour };
  const faults = flags.has('check') ? await checkAdded(output) : [];
  const text = faults.join('') + (await formatDiff(output));
  const prefix = lastOf(options, 'line-prefix');
  return {
    text: prefix === undefined ? text : text.replace(/^(?=[\s\S])/gm, prefix),
    count: changes.length,
    faults: faults.length,
  };
}

/** `--diff-filter`: letters of what is meant, small ones of what is not. */
export function fitsDiffFilter(status: string, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  return /[a-z]/.test(filter) ? !filter.toUpperCase().includes(status) : filter.includes(status);
}

/** How the options ask for changes to be shown. */
function outputOf(
  options: GitOptions,
  loads: Pick<DiffOutput, 'formats' | 'loadBefore' | 'loadAfter'>,
  changes: readonly FileChange[],
): DiffOutput {
  const { flags } = options;
  const [a, b] = flags.has('no-prefix') ? ['', ''] : flags.has('R') ? ['b/', 'a/'] : ['a/', 'b/'];
  const stat = lastOf(options, 'stat')?.split(',') ?? [];
  const width = lastOf(options, 'stat-width') ?? stat[0];
  const count = lastOf(options, 'stat-count') ?? stat[2];
  return {
    ...loads,
    changes,
    context: Number(lastOf(options, 'U') ?? lastOf(options, 'unified') ?? 3),
    normalize: normalizer(flags),
    between: Number(lastOf(options, 'inter-hunk-context') ?? 0),
    wholeFunctions: flags.has('W') || flags.has('function-context'),
    compactSummary: flags.has('compact-summary'),
    ...(width ? { statWidth: Number(width) } : {}),
    ...(count ? { statCount: Number(count) } : {}),
    words: wordsAsked(options),
    zero: flags.has('z'),
    fullIndex: flags.has('full-index'),
    rawIds: flags.has('raw-ids'),
    prefixes: [lastOf(options, 'src-prefix') ?? a, lastOf(options, 'dst-prefix') ?? b],
  };
}

function wordsAsked(options: GitOptions): WordDiffStyle | undefined {
  const expression = lastOf(options, 'word-diff-regex');
  if (options.flags.has('color-words')) return wordDiffStyle('color', lastOf(options, 'color-words') ?? expression);
  if (!options.flags.has('word-diff') && expression === undefined) return undefined;
  return wordDiffStyle(lastOf(options, 'word-diff'), expression);
}

function relativeChange(change: FileChange, folder: string): FileChange {
  if (folder === '') return change;
  const inside = (path: string) => (path.startsWith(folder) ? path.slice(folder.length) : path);
  return {
    ...change,
    path: inside(change.path),
    oldPath: inside(change.oldPath),
    fullPath: change.path,
    fullOldPath: change.oldPath,
  };
}

function normalizer(flags: ReadonlySet<string>): ((line: string) => string) | undefined {
  if (flags.has('w') || flags.has('ignore-all-space')) return (line) => line.replace(/\s+/g, '');
  if (flags.has('b') || flags.has('ignore-space-change'))
    return (line) => line.replace(/[ \t\r]+/g, ' ').replace(/\s+$/, '');
  if (flags.has('ignore-cr-at-eol')) return (line) => line.replace(/\r(?=\n?$)/, '');
  if (flags.has('ignore-space-at-eol')) return (line) => line.replace(/\s+$/, '');
  return undefined;
}

/** The work tree's files that are tracked. */
export function workTreeMap(repository: Repository): FileMap {
  const map: FileMap = new Map();
  for (const entry of repository.entries) {
    if (entry.stage !== 0 && entry.stage !== 2) continue;
    const state = repository.trackedState(entry);
    if (state) map.set(entry.path, { mode: state.mode, oid: state.oid });
  }
  return map;
}

/** Splits words into revisions and paths, as git does without `--`: what is no revision must be a path. */
export async function splitRevisions(
  call: GitCall,
  options: GitOptions,
): Promise<{ revisions: string[]; paths: string[] }> {
  const repository = call.repository();
  if (options.paths) return { revisions: options.words, paths: options.paths };
  const revisions: string[] = [];
  for (const [index, word] of options.words.entries()) {
    const parts = word.split(/\.{2,3}/).filter((part) => part !== '');
    const resolved = await Promise.all(parts.map((part) => repository.tryResolve(part.replace(/^\^/, ''))));
    if (parts.length > 0 && resolved.every((oid) => oid !== undefined)) revisions.push(word);
    else {
      const rest = options.words.slice(index);
      for (const path of rest) {
        if (!repository.statFile(repository.relative(path, call.cwd)) && !/[*?[]|^:/.test(path))
          await repository.resolve(path);
      }
      return { revisions, paths: rest };
    }
  }
  return { revisions, paths: [] };
}

export const diff: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: `${DIFF_FLAGS} cached staged no-index merge-base ours theirs base`,
    values: DIFF_VALUES,
    aliases: { 1: 'base', 2: 'ours', 3: 'theirs' },
  });
  if (options.flags.has('no-index') || isOutside(call, options)) return await diffPlainFiles(call, options);
  const repository = call.repository();
  const { revisions, paths } = await splitRevisions(call, options);
  const blobs = await blobPair(repository, revisions);
  if (blobs) return await showPair(call, options, blobs);
  const sides = await diffSides(repository, revisions, options);
  const given = pathFilter(repository, call.cwd, paths);
  const formats = diffFormats(options, 'patch');
  const side = options.flags.has('base') ? 1 : options.flags.has('ours') ? 2 : options.flags.has('theirs') ? 3 : 0;
  const combined =
    revisions.length === 0 &&
    side === 0 &&
    formats.has('patch') &&
    !options.flags.has('cached') &&
    !options.flags.has('staged');
  const conflicts = combined ? repository.conflicts() : new Set<string>();
  const context = Number(lastOf(options, 'U') ?? lastOf(options, 'unified') ?? 3);
  const inner = options.flags.has('relative')
    ? (lastOf(options, 'relative') ?? repository.relative('.', call.cwd))
    : '';
  const folder = inner === '' ? '' : `${inner.replace(/\/$/, '')}/`;
  const wanted = (path: string) => given(path) && !conflicts.has(path) && path.startsWith(folder);
  const colour = await wantsColour(call, 'diff', options);
  const plainMerged = combined ? await combinedPatchOfConflicts(repository, given, { context, dense: true }) : '';
  const merged = colour ? colourPatch(plainMerged) : plainMerged;
  const { text, count, faults } = await showChanges({
    sides,
    options,
    formats,
    wanted,
    folder,
    colour,
    searches: true,
  });
  const quiet = options.flags.has('quiet');
  const unmerged =
    revisions.length === 0 && options.flags.has('name-only')
      ? [...repository.conflicts()]
          .filter(wanted)
          .map((path) => `${path}\n`)
          .join('')
      : '';
  const of =
    side === 0
      ? ''
      : [...repository.conflicts()]
          .filter(given)
          .map((path) => `* Unmerged path ${path}\n`)
          .join('');
  const all = unmerged + of + merged + text;
  const file = lastOf(options, 'output');
  if (file !== undefined) writeWhole(call.context.sys, resolvePath(call.cwd, file), new TextEncoder().encode(all));
  else if (!quiet) await call.print(all);
  if (faults > 0) return 2;
  return (quiet || options.flags.has('exit-code')) && count + conflicts.size > 0 ? 1 : 0;
};

/** Without a repository two paths are compared as they are. */
function isOutside(call: GitCall, options: GitOptions): boolean {
  if (options.words.length + (options.paths?.length ?? 0) !== 2) return false;
  try {
    call.repository();
    return false;
  } catch (error) {
    if (error instanceof GitError) return true;
    throw error;
  }
}

async function diffPlainFiles(call: GitCall, options: GitOptions): Promise<number> {
  const [left, right, more] = [...options.words, ...(options.paths ?? [])];
  if (left === undefined || right === undefined || more !== undefined)
    throw new GitError('usage: git diff --no-index [<options>] <path> <path>', 129, '', 'none');
  const load: Load = async (path) => readPlain(call, path);
  const found = changesBetween(call, left, right);
  const formats = diffFormats(options, 'patch');
  const colour = await wantsColour(call, 'diff', options);
  const output = { ...outputOf(options, { formats, loadBefore: load, loadAfter: load }, found), colour };
  if (!options.flags.has('quiet')) await call.print(await formatDiff(output));
  return found.length > 0 ? 1 : 0;
}

/** Two files of commits: `git diff HEAD~1:a HEAD:b`. */
async function blobPair(repository: Repository, revisions: readonly string[]): Promise<FileChange | undefined> {
  const [first = '', second = ''] = revisions;
  if (revisions.length !== 2 || !first.includes(':') || !second.includes(':')) return undefined;
  const [before, after] = [await blobAt(repository, first), await blobAt(repository, second)];
  if (!before || !after) return undefined;
  const nameOf = (revision: string) => revision.slice(revision.indexOf(':') + 1);
  return { status: 'M', oldPath: nameOf(first), path: nameOf(second), before, after, similarity: 0 };
}

async function blobAt(repository: Repository, revision: string): Promise<FileState | undefined> {
  const oid = await repository.resolve(revision);
  const { type } = await git.readObject({ ...repository.base, oid, format: 'content' });
  return type === 'blob' ? { oid, mode: 0o100644 } : undefined;
}

async function showPair(call: GitCall, options: GitOptions, change: FileChange): Promise<number> {
  const load = loadFrom(call.repository());
  const differ = change.before?.oid !== change.after?.oid;
  const formats = diffFormats(options, 'patch');
  const colour = await wantsColour(call, 'diff', options);
  const output = {
    ...outputOf(options, { formats, loadBefore: load, loadAfter: load }, differ ? [change] : []),
    colour,
  };
  if (!options.flags.has('quiet')) await call.print(await formatDiff(output));
  return differ && (options.flags.has('quiet') || options.flags.has('exit-code')) ? 1 : 0;
}

async function diffSides(repository: Repository, revisions: readonly string[], options: GitOptions): Promise<Sides> {
  const loads = { loadBefore: loadFrom(repository), loadAfter: loadFrom(repository) };
  const [first, second] = revisions;
  const dots = /^(.*?)(\.{2,3})(.*)$/.exec(first ?? '');
  if (dots) {
    const [left, right] = [await repository.resolve(dots[1] || 'HEAD'), await repository.resolve(dots[3] || 'HEAD')];
    const from = dots[2] === '...' ? ((await mergeBase(repository, left, right)) ?? left) : left;
    return { before: await repository.readTree(from), after: await repository.readTree(right), ...loads };
  }
  if (first !== undefined && second !== undefined) {
    const [left, right] = [await repository.resolve(first), await repository.resolve(second)];
    return { before: await repository.readTree(left), after: await repository.readTree(right), ...loads };
  }
  const base = first === undefined ? undefined : await repository.readTree(await repository.resolve(first));
  if (options.flags.has('cached') || options.flags.has('staged')) {
    return { before: base ?? (await repository.headFiles()), after: repository.indexMap(), ...loads };
  }
  const stage = options.flags.has('base') ? 1 : options.flags.has('theirs') ? 3 : 2;
  return {
    before: base ?? repository.indexMap(stage),
    after: workTreeMap(repository),
    ...loads,
    loadAfter: loadWorkTree(repository),
  };
}

/** The best common ancestor. */
export async function mergeBase(repository: Repository, left: string, right: string): Promise<string | undefined> {
  const mine = new Set<string>();
  const queue = [left];
  for (let oid = queue.shift(); oid !== undefined; oid = queue.shift()) {
    if (mine.has(oid)) continue;
    mine.add(oid);
    queue.push(...(await repository.readCommit(oid)).parents);
  }
  const seen = new Set<string>();
  const next = [right];
  for (let oid = next.shift(); oid !== undefined; oid = next.shift()) {
    if (mine.has(oid)) return oid;
    if (seen.has(oid)) continue;
    seen.add(oid);
    next.push(...(await repository.readCommit(oid)).parents);
  }
  return undefined;
}
