/** git log, show. */
import * as git from 'isomorphic-git';
import { escapeRegExp } from '../../expansion/pattern.ts';
import { posixToRegExp } from '../../utilities/posix-regexp.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { findFileChanges } from '../changes.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { inAskedOrder, parentsAmong, readRange, walkCommits } from '../history.ts';
import { parseGitDate } from '../identity.ts';
import { followLines } from '../line-log.ts';
import { dateText } from '../log-format.ts';
import { searchOf } from '../pickaxe.ts';
import { leftCommits } from '../reachable.ts';
import type { CommitInfo, Repository } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { printCommits } from '../show-commits.ts';
import { DIFF_FLAGS, DIFF_VALUES, fitsDiffFilter, loadFrom, splitRevisions } from './diff.ts';
import { reflog } from './plumbing.ts';

const LOG_FLAGS = `${DIFF_FLAGS} g walk-reflogs oneline graph all decorate no-decorate c pickaxe-regex author-date-order boundary regexp-ignore-case extended-regexp perl-regexp all-match invert-grep tags remotes reverse merges no-merges first-parent follow abbrev-commit no-abbrev-commit topo-order date-order branches tags i E F P fixed-strings count objects no-pager left-right cherry-pick no-walk full-history simplify-merges parents notes no-notes`;
const LOG_VALUES = `${DIFF_VALUES} L min-parents max-parents n max-count skip author committer grep since after until before format pretty date S G abbrev decorate`;

export function readLogOptions(args: readonly string[]): GitOptions {
  // `--format=x` and its like only take a value behind `=`; alone, --pretty means medium.
  return readOptions(
    args.map((arg) => (arg === '--pretty' ? '--pretty=medium' : arg === '--decorate' ? '--decorate=short' : arg)),
    {
      flags: LOG_FLAGS,
      values: LOG_VALUES,
      aliases: { 'max-count': 'n', after: 'since', before: 'until' },
      unknown: (arg) => new GitError(`unrecognized argument: ${arg}`),
    },
  );
}

export const log: GitCommand = async (call) => {
  const options = readLogOptions(call.args);
  const repository = call.repository();
  if (options.flags.has('g') || options.flags.has('walk-reflogs')) return await reflog(call);
  if (options.flags.has('graph') && options.flags.has('reverse'))
    throw new GitError("options '--reverse' and '--graph' cannot be used together");
  const everywhere = options.flags.has('all') || options.flags.has('branches');
  const { revisions, paths } = await splitRevisions(call, options);
  const branch = repository.branch();
  if (revisions.length === 0 && (await repository.tryResolve('HEAD')) === undefined) {
    throw new GitError(`your current branch '${branch}' does not have any commits yet`);
  }
  const { starts, excluded } = await readRange(
    repository,
    revisions.length === 0 && !everywhere ? ['HEAD'] : revisions,
    everywhere,
  );
  const walked = await walkCommits(repository, starts, excluded, options.flags.has('first-parent'));
  const all = inAskedOrder(walked, options.flags);
  const wanted = pathFilter(repository, call.cwd, paths);
  const asked = options.values.get('L');
  const lineChanges =
    asked &&
    (await followLines(
      repository,
      all,
      asked.map((text) => fromTop(call, text)),
    ));
  const named = options.flags.has('no-walk') ? all.filter(({ oid }) => starts.includes(oid)) : all;
  const candidates = lineChanges ? named.filter(({ oid }) => lineChanges.has(oid)) : named;
  const commits = await selectCommits(repository, candidates, options, { wanted, byPath: paths.length > 0 });
  const drawn = paths.length > 0 ? parentsAmong(all, commits) : parentsAmong(all, all);
  const parentsOf = (commit: CommitInfo) =>
    options.flags.has('first-parent') ? drawn(commit).slice(0, 1) : drawn(commit);
  const left = await leftCommits(repository, revisions);
  await printCommits(call, commits, { options, fallback: undefined, wanted, parentsOf, lineChanges, left });
  return 0;
};

/** A file of `-L` is named as paths are. */
function fromTop(call: GitCall, text: string): string {
  const at = text.lastIndexOf(':') + 1;
  return at === 0 ? text : text.slice(0, at) + call.repository().relative(text.slice(at), call.cwd);
}

interface Selection {
  wanted: (path: string) => boolean;
  byPath: boolean;
}

export async function selectCommits(
  repository: Repository,
  all: readonly CommitInfo[],
  options: GitOptions,
  { wanted, byPath }: Selection,
): Promise<CommitInfo[]> {
  const { flags } = options;
  const follower = flags.has('follow') && byPath ? followRenames(repository, wanted) : undefined;
  const time = (name: string) => {
    const text = lastOf(options, name);
    return text === undefined ? undefined : (parseGitDate(text) ?? 0) / 1000;
  };
  const [since, until] = [time('since'), time('until')];
  const expression = (name: string) => {
    const texts = options.values.get(name);
    return texts && lineTest(texts, flags);
  };
  const [author, grep] = [expression('author'), expression('grep')];
  const most = Number(lastOf(options, 'n') ?? Number.POSITIVE_INFINITY);
  const least = Number(lastOf(options, 'min-parents') ?? 0);
  const mostParents = Number(lastOf(options, 'max-parents') ?? -1);
  const atMost = mostParents < 0 ? Number.POSITIVE_INFINITY : mostParents;
  let skip = Number(lastOf(options, 'skip') ?? 0);
  const searched = searchOf(options);
  const filter = lastOf(options, 'diff-filter');
  const byChanges = byPath || searched !== undefined || filter !== undefined;
  // What was only renamed has its text already.
  const renames = (searched !== undefined || filter !== undefined) && !flags.has('no-renames');
  const tests: ChangeTests = { searched, renames, fitsFilter: (status) => fitsDiffFilter(status, filter) };
  const found: CommitInfo[] = [];
  for (const commit of all) {
    if (found.length >= most) break;
    if (since !== undefined && commit.committer.timestamp < since) continue;
    if (until !== undefined && commit.committer.timestamp > until) continue;
    if (author && !author(`${commit.author.name} <${commit.author.email}>`)) continue;
    if (grep && grep(commit.message) === flags.has('invert-grep')) continue;
    if (flags.has('merges') && commit.parents.length < 2) continue;
    if (flags.has('no-merges') && commit.parents.length > 1) continue;
    if (commit.parents.length < least || commit.parents.length > atMost) continue;
    if (follower) {
      if (!(await follower(commit))) continue;
    } else if (byChanges && !(await touches(repository, commit, wanted, tests))) continue;
    if (skip > 0) skip -= 1;
    else found.push(commit);
  }
  return flags.has('reverse') ? found.reverse() : found;
}

/** Whether a line of a text matches one of the patterns; with `--all-match` each of them has a line. */
function lineTest(patterns: readonly string[], flags: ReadonlySet<string>): (text: string) => boolean {
  const any = (...names: string[]) => names.some((name) => flags.has(name));
  const source = (text: string) => {
    if (any('F', 'fixed-strings')) return escapeRegExp(text);
    return any('P', 'perl-regexp') ? text : posixToRegExp(text, any('E', 'extended-regexp'));
  };
  const tests = patterns.map((text) => new RegExp(source(text), any('i', 'regexp-ignore-case') ? 'imu' : 'mu'));
  return (text) =>
    flags.has('all-match') ? tests.every((test) => test.test(text)) : tests.some((test) => test.test(text));
}

/** Tells of each commit, from the newest on, whether it changed the file, under the name that it had then. */
function followRenames(
  repository: Repository,
  first: (path: string) => boolean,
): (commit: CommitInfo) => Promise<boolean> {
  let wanted = first;
  const load = loadFrom(repository);
  return async (commit) => {
    const [parent] = commit.parents;
    const before = parent === undefined ? new Map() : await repository.readTree(parent);
    const sides = { before, after: await repository.readTree(commit.tree), loadBefore: load, loadAfter: load };
    const change = (await findFileChanges(sides, () => true)).find(({ path }) => wanted(path));
    if (!change || commit.parents.length > 1) return false;
    if (change.status === 'R') wanted = (path) => path === change.oldPath;
    return true;
  };
}

/** Whether a commit changed a wanted file, or how often a text occurs in one. */
interface ChangeTests {
  searched: ((before: string, after: string) => boolean) | undefined;
  fitsFilter: (status: string) => boolean;
  renames: boolean;
}

async function touches(
  repository: Repository,
  commit: CommitInfo,
  wanted: (path: string) => boolean,
  { searched, fitsFilter, renames }: ChangeTests,
): Promise<boolean> {
  const load = loadFrom(repository);
  const after = await repository.readTree(commit.tree);
  const parents = commit.parents.length === 0 ? [undefined] : commit.parents;
  for (const parent of parents) {
    const before = parent === undefined ? new Map() : await repository.readTree(parent);
    const changes = await findFileChanges({ before, after, loadBefore: load, loadAfter: load }, wanted, renames);
    if (!changes.some(({ status }) => fitsFilter(status))) return false;
    if (searched === undefined) continue;
    // A merge says nothing new of what its parents say.
    if (parents.length > 1) return false;
    const read = async (oid: string | undefined) =>
      oid === undefined ? '' : new TextDecoder().decode(await repository.readBlob(oid));
    let differs = false;
    for (const change of changes) differs ||= searched(await read(change.before?.oid), await read(change.after?.oid));
    if (!differs) return false;
  }
  return true;
}

export const show: GitCommand = async (call) => {
  const options = readLogOptions(call.args);
  const repository = call.repository();
  const { revisions, paths } = await splitShow(call, options);
  if (revisions.length === 0 && (await repository.tryResolve('HEAD')) === undefined) {
    throw new GitError(`your current branch '${repository.branch()}' does not have any commits yet`);
  }
  const wanted = pathFilter(repository, call.cwd, paths);
  for (const [index, revision] of (revisions.length === 0 ? ['HEAD'] : revisions).entries()) {
    const file = /^([^:]*):(.*)$/.exec(revision);
    if (file) {
      await showFile(call, file[1] ?? '', file[2] ?? '');
      continue;
    }
    const oid = await repository.resolve(revision);
    const { type, object } = await git.readObject({ ...repository.base, oid, format: 'parsed' });
    if (type === 'blob') {
      await call.context.stdout.write(new Uint8Array(object as Uint8Array));
      continue;
    }
    if (type === 'tree') {
      const entries = (object as git.TreeObject).map((entry) => `${entry.path}${entry.type === 'tree' ? '/' : ''}\n`);
      await call.print(`tree ${revision}\n\n${entries.join('')}`);
      continue;
    }
    if (type === 'tag') {
      const { tag, tagger, message } = object as git.TagObject;
      await call.print(
        `tag ${tag}\nTagger: ${tagger.name} <${tagger.email}>\nDate:   ${dateText(tagger)}\n\n${message.replace(/\n*$/, '\n')}\n`,
      );
    }
    if (index > 0) await call.print('\n');
    await printCommits(call, [await repository.readCommit(oid)], { options, fallback: 'patch', wanted });
  }
  return 0;
};

async function splitShow(call: GitCall, options: GitOptions): Promise<{ revisions: string[]; paths: string[] }> {
  const named = options.words.filter((word) => word.includes(':'));
  if (named.length > 0) return { revisions: options.words, paths: options.paths ?? [] };
  return await splitRevisions(call, options);
}

async function showFile(call: GitCall, revision: string, path: string): Promise<void> {
  const repository = call.repository();
  const relative = path.startsWith('./') ? repository.relative(path, call.cwd) : path.replace(/\/$/, '');
  const files = revision === '' ? repository.indexMap() : await repository.readTree(await repository.resolve(revision));
  const state = files.get(relative);
  if (state) {
    await call.context.stdout.write(await repository.readBlob(state.oid));
    return;
  }
  const inside = [...files.keys()]
    .filter((name) => relative === '' || name.startsWith(`${relative}/`))
    .map((name) => name.slice(relative === '' ? 0 : relative.length + 1));
  if (inside.length === 0) {
    const onDisk = repository.statFile(relative) !== null;
    throw new GitError(
      onDisk
        ? `path '${relative}' exists on disk, but not in '${revision}'`
        : `path '${relative}' does not exist in '${revision}'`,
    );
  }
  const names = [...new Set(inside.map((name) => name.replace(/\/.*/, '/')))];
  await call.print(`tree ${revision}:${path}\n\n${names.map((name) => `${name}\n`).join('')}`);
}
