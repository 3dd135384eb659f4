/** git checkout, switch, restore. */
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { quotePath } from '../diff-output.ts';
import { GitError, plainError } from '../git-error.ts';
import { subject } from '../log-format.ts';
import { previousHead } from '../reflog.ts';
import { remotesOf } from '../remotes/remote.ts';
import type { FileMap, Repository } from '../repository.ts';
import { pathTest } from '../selection.ts';
import { standingOf, standingText } from '../tracking.ts';
import { moveWorkTree, resetHard, writeState } from '../work-tree.ts';
import { holderOf } from '../worktrees.ts';
import { createBranch, followBranch, followedStart } from './branch.ts';
import { discardHunks, unstageHunks } from './choose.ts';
import { readStatus } from './status.ts';

export const checkout: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'f force q quiet detach d ours theirs p patch m merge no-track track t guess no-guess',
    values: 'b B orphan',
    aliases: { f: 'force', q: 'quiet', d: 'detach', patch: 'p' },
  });
  if (['b', 'B'].some((name) => lastOf(options, name) === ''))
    throw new GitError(`switch \`${options.flags.has('b') ? 'b' : 'B'}' requires a value`, 129, '', 'error');
  const repository = call.repository();
  if (options.flags.has('p')) return await discardChosen(call, options);
  const fresh = newBranch(options, 'b', 'B');
  if (fresh) return await switchToNew(call, options, fresh);
  const [first, ...rest] = options.words;
  const isRevision = first !== undefined && (await repository.tryResolve(first)) !== undefined;
  const restored = { staged: true, side: sideOf(options) } as const;
  if (options.paths) {
    if (first !== undefined && !isRevision) throw new GitError(`invalid reference: ${first}`);
    return await restorePaths(call, { ...restored, source: first, paths: [...rest, ...options.paths], told: false });
  }
  const told = !options.flags.has('quiet');
  if (isRevision && rest.length > 0) return await restorePaths(call, { ...restored, source: first, paths: rest, told });
  if (first === undefined && options.flags.has('force')) {
    await resetHard(repository, await repository.headFiles());
    return 0;
  }
  if (first === undefined) return options.flags.has('detach') ? await switchTo(call, 'HEAD', options) : 0;
  if (rest.length === 0) {
    if (first === '-' && previousHead(repository, 1) === undefined)
      throw plainError("pathspec '-' did not match any file(s) known to git");
    if (first === '-' || isRevision) {
      const track = options.flags.has('track') || options.flags.has('t');
      if (track && first !== '-') return await switchToTracking(call, options, first);
      return await switchTo(call, first, options);
    }
    const there = await remoteBranch(repository, first);
    if (there !== undefined && !repository.statFile(repository.relative(first, call.cwd)))
      return await switchToNew(call, options, { name: first, start: there, orphan: false, force: false });
  }
  return await restorePaths(call, { ...restored, source: undefined, paths: options.words, told });
};

/** `-p`: of what the index has; hunks of another commit are not offered. */
async function discardChosen(call: GitCall, options: GitOptions): Promise<number> {
  const [first] = options.words;
  if (first !== undefined && (await call.repository().tryResolve(first)) !== undefined)
    throw new GitError('choosing hunks of another commit is not supported in this sandbox');
  return await discardHunks(call, [...options.words, ...(options.paths ?? [])]);
}

const sideOf = ({ flags }: GitOptions) => (flags.has('ours') ? 2 : flags.has('theirs') ? 3 : undefined);

export const switchBranch: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'f force q quiet detach d discard-changes t track no-track guess no-guess',
    values: 'c C create orphan',
    aliases: { f: 'force', q: 'quiet', d: 'detach', create: 'c' },
  });
  const fresh = newBranch(options, 'c', 'C');
  if (fresh && options.words.length > 1) throw new GitError('only one reference expected');
  if (fresh) return await switchToNew(call, options, fresh);
  const [name] = options.words;
  const repository = call.repository();
  if (name === undefined && options.flags.has('detach')) return await switchTo(call, 'HEAD', options);
  if (name === undefined) throw new GitError('missing branch or commit argument');
  if (options.words.length > 1) throw new GitError('only one reference expected');
  const known = name === '-' || (await repository.tryRef(`refs/heads/${name}`)) !== undefined;
  if (options.flags.has('track') || options.flags.has('t')) return await switchToTracking(call, options, name);
  const there = known || options.flags.has('detach') ? undefined : await remoteBranch(repository, name);
  if (there !== undefined) return await switchToNew(call, options, { name, start: there, orphan: false, force: false });
  if (!known && !options.flags.has('detach')) {
    if ((await repository.tryResolve(name)) === undefined) throw new GitError(`invalid reference: ${name}`);
    throw new GitError(
      `a branch is expected, got commit '${name}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.`,
    );
  }
  return await switchTo(call, name, options);
};

/** The branch of a remote that a name means which no branch here has. */
async function remoteBranch(repository: Repository, name: string): Promise<string | undefined> {
  const found = remotesOf(repository).map((remote) => `${remote.name}/${name}`);
  const known: string[] = [];
  for (const ref of found) if ((await repository.tryRef(`refs/remotes/${ref}`)) !== undefined) known.push(ref);
  const preferred = await repository.config('checkout.defaultremote');
  const chosen = known.length > 1 ? known.filter((ref) => ref === `${preferred}/${name}`) : known;
  if (known.length > 1 && chosen.length === 0)
    throw new GitError(`'${name}' matched multiple (${known.length}) remote tracking branches`, 128, AMBIGUOUS);
  return chosen[0];
}

const AMBIGUOUS = `hint: If you meant to check out a remote tracking branch on, e.g. 'origin',
hint: you can do so by fully qualifying the name with the --track option:
hint: 
hint:     git checkout --track origin/<name>
hint: 
hint: If you'd like to always have checkouts of an ambiguous <name> prefer
hint: one remote, e.g. the 'origin' remote, consider setting
hint: checkout.defaultRemote=origin in your config.
`;

/** `--track origin/feature`: a branch of the same name. */
async function switchToTracking(call: GitCall, options: GitOptions, start: string): Promise<number> {
  const name = start
    .replace(/^refs\/remotes\//, '')
    .split('/')
    .slice(1)
    .join('/');
  if (name === '') throw new GitError('missing branch name; try -b');
  return await switchToNew(call, options, { name, start, orphan: false, force: false });
}

interface NewBranch {
  name: string;
  start: string | undefined;
  orphan: boolean;
  force: boolean;
}

/** The branch to make, by the option that makes one, or makes it anew; undefined when none is wanted. */
function newBranch(options: GitOptions, make: string, remake: string): NewBranch | undefined {
  const { flags, words } = options;
  const name = lastOf(options, make) ?? lastOf(options, remake) ?? lastOf(options, 'orphan');
  if (name === undefined) return undefined;
  return { name, start: words[0], orphan: flags.has('orphan'), force: flags.has(remake) };
}

async function switchToNew(
  call: GitCall,
  options: GitOptions,
  { name, start, orphan, force }: NewBranch,
): Promise<number> {
  const repository = call.repository();
  const head = await repository.tryResolve('HEAD');
  const stays = repository.branch() === name;
  const existed = (await repository.tryRef(`refs/heads/${name}`)) !== undefined;
  if (start !== undefined && (await repository.tryResolve(start)) === undefined)
    throw new GitError(`'${start}' is not a commit and a branch '${name}' cannot be created from it`);
  const followed = orphan || start === undefined ? undefined : await followedStart(repository, start, options);
  if (!orphan && (head !== undefined || start !== undefined)) {
    await createBranch(repository, name, start ?? 'HEAD', force);
    if (start !== undefined) await moveTo(repository, await repository.resolve(name), options.flags.has('force'));
  }
  await repository.setHead({ branch: name }, `checkout: moving from ${leaving(repository)} to ${name}`);
  if (!options.flags.has('quiet'))
    await call.warn(
      stays ? `Reset branch '${name}'\n` : `Switched to ${existed ? 'and reset' : 'a new'} branch '${name}'\n`,
    );
  if (followed) await followBranch(call, name, followed);
  return 0;
}

/** The branch that HEAD stands on, or the commit. */
function leaving(repository: Repository): string {
  return repository.branch() ?? repository.readState('HEAD')?.trim() ?? '';
}

/** The work tree, not HEAD. */
export async function moveTo(repository: Repository, oid: string, force = false): Promise<void> {
  const to = await repository.readTree(oid);
  if (force) await resetHard(repository, to);
  else
    await moveWorkTree(repository, {
      from: await repository.headFiles(),
      to,
      operation: 'checkout',
      advice: 'switch branches',
    });
}

async function switchTo(call: GitCall, target: string, options: GitOptions): Promise<number> {
  const repository = call.repository();
  const quiet = options.flags.has('quiet');
  const name = target === '-' ? previousHead(repository, 1) : target;
  if (name === undefined) throw new GitError('invalid reference: @{-1}');
  const isBranch = !options.flags.has('detach') && (await repository.tryRef(`refs/heads/${name}`)) !== undefined;
  const before = repository.branch();
  const head = await repository.tryResolve('HEAD');
  const oid = (await repository.readCommit(await repository.resolve(isBranch ? `refs/heads/${name}` : name))).oid;
  const commit = await repository.readCommit(oid);
  const holder = isBranch ? holderOf(repository, name) : undefined;
  if (holder) throw new GitError(`'${name}' is already checked out at '${holder.path}'`);
  await moveTo(repository, oid, options.flags.has('force'));
  await repository.setHead(
    isBranch ? { branch: name } : { oid },
    `checkout: moving from ${leaving(repository)} to ${name}`,
  );
  if (quiet) return 0;
  const { staged, unstaged } = await readStatus(repository);
  const local = new Map([...staged, ...unstaged].map((change) => [change.path, change.status]));
  for (const [path, letter] of [...local].sort(([a], [b]) => (a < b ? -1 : 1)))
    await call.print(`${letter}\t${quotePath(path)}\n`);
  if (before === undefined && head !== undefined && head !== oid) {
    const old = await repository.readCommit(head);
    await call.warn(`Previous HEAD position was ${head.slice(0, 7)} ${subject(old)}\n`);
  }
  if (isBranch) {
    await call.warn(before === name ? `Already on '${name}'\n` : `Switched to branch '${name}'\n`);
    await call.print(standingText(await standingOf(repository, name)));
  } else if (before === undefined) await call.warn(`HEAD is now at ${oid.slice(0, 7)} ${subject(commit)}\n`);
  else if (options.flags.has('detach')) await call.warn(`HEAD is now at ${oid.slice(0, 7)} ${subject(commit)}\n`);
  else
    await call.warn(`Note: switching to '${name}'.\n${DETACHED}HEAD is now at ${oid.slice(0, 7)} ${subject(commit)}\n`);
  return 0;
}

const DETACHED = `
You are in 'detached HEAD' state. You can look around, make experimental
changes and commit them, and you can discard any commits you make in this
state without impacting any branches by switching back to a branch.

If you want to create a new branch to retain commits you create, you may
do so (now or later) by using -c with the switch command. Example:

  git switch -c <new-branch-name>

Or undo this operation with:

  git switch -

Turn off this advice by setting config variable advice.detachedHead to false

`;

interface Restore {
  /** A commit; the index when absent. */
  source: string | undefined;
  paths: readonly string[];
  /** A source goes into the index too, as checkout does. */
  staged: boolean;
  /** Of a conflict. */
  side: 2 | 3 | undefined;
  /** Says how many files it wrote. */
  told: boolean;
}

async function restorePaths(call: GitCall, { source, paths, staged, side, told }: Restore): Promise<number> {
  const repository = call.repository();
  const from =
    source === undefined ? repository.indexMap() : await repository.readTree(await repository.resolve(source));
  if (side !== undefined) for (const entry of repository.entries) if (entry.stage === side) from.set(entry.path, entry);
  const chosen = choosePaths(call, repository, from, paths);
  const differs = (path: string) => repository.fileState(path)?.oid !== from.get(path)?.oid;
  const changed = side === undefined ? chosen.filter(differs).length : chosen.length;
  for (const path of chosen) await writeState(repository, path, from.get(path));
  const next = repository.indexMap();
  if (source !== undefined && staged) {
    for (const path of chosen) {
      const state = from.get(path);
      if (state) next.set(path, state);
    }
    repository.setIndex(next);
  } else if (side === undefined) refreshIndex(repository, chosen);
  if (!told) return 0;
  if (source === undefined) await call.warn(`Updated ${changed} path${changed === 1 ? '' : 's'} from the index\n`);
  else
    await call.warn(
      `Updated ${changed} path${changed === 1 ? '' : 's'} from ${(await repository.resolve(source ?? 'HEAD')).slice(0, 7)}\n`,
    );
  return 0;
}

/** New stat data for files that were written as they are staged. */
function refreshIndex(repository: Repository, paths: readonly string[]): void {
  const written = new Set(paths);
  repository.saveIndex(
    repository.entries.map((entry) =>
      entry.stage === 0 && written.has(entry.path) ? repository.checkedEntry(entry.path, entry) : entry,
    ),
  );
}

export function choosePaths(call: GitCall, repository: Repository, from: FileMap, paths: readonly string[]): string[] {
  const chosen = new Set<string>();
  for (const path of paths) {
    const test = pathTest(repository, call.cwd, path);
    const matches = [...from.keys()].filter(test);
    if (matches.length === 0) throw plainError(`pathspec '${path}' did not match any file(s) known to git`);
    for (const match of matches) chosen.add(match);
  }
  return [...chosen];
}

export const restore: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'S staged W worktree q quiet ours theirs p patch',
    values: 's source',
    aliases: { p: 'patch', S: 'staged', W: 'worktree', s: 'source' },
  });
  const repository = call.repository();
  const paths = [...options.words, ...(options.paths ?? [])];
  const staged = options.flags.has('staged');
  if (options.flags.has('patch')) {
    if (lastOf(options, 'source') !== undefined)
      throw new GitError('choosing hunks of another commit is not supported in this sandbox');
    return staged ? await unstageHunks(call, paths) : await discardHunks(call, paths);
  }
  if (paths.length === 0) throw new GitError('you must specify path(s) to restore');
  const work = options.flags.has('worktree') || !staged;
  const given = lastOf(options, 'source');
  if (staged) {
    const source =
      given === undefined ? await repository.headFiles() : await repository.readTree(await repository.resolve(given));
    const next = repository.indexMap();
    const all: FileMap = new Map([...next, ...source]);
    for (const path of choosePaths(call, repository, all, paths)) {
      const state = source.get(path);
      if (state) next.set(path, state);
      else next.delete(path);
    }
    repository.setIndex(next);
  }
  if (!work) return 0;
  return await restorePaths(call, { source: given, paths, staged: false, side: sideOf(options), told: false });
};
