/** git branch, checkout, switch, restore, reset, tag. */
import * as git from 'isomorphic-git';
import { patternToRegExp } from '../../expansion/pattern.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError, plainError } from '../git-error.ts';
import { identity } from '../identity.ts';
import { subject } from '../log-format.ts';
import { reachableFrom } from '../reachable.ts';
import { noteMove, previousHead } from '../reflog.ts';
import type { FileMap, Repository } from '../repository.ts';
import { pathTest } from '../selection.ts';
import { moveWorkTree, resetHard, writeState } from '../work-tree.ts';
import { readStatus } from './status.ts';

const validName = (name: string) => !/(^[-.]|\.\.|[\s~^:?*[\\]|\/$|\.lock$|@\{|\/\/)/.test(name) && name !== '';

export const branch: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'a all r remotes d D m M c v vv verbose delete move force f show-current list l no-color no-merged merged q quiet u unset-upstream',
    values: 'format sort contains points-at set-upstream-to u',
    aliases: { a: 'all', d: 'delete', m: 'move', l: 'list', v: 'verbose', f: 'force', q: 'quiet' },
  });
  const repository = call.repository();
  const { flags, words } = options;
  if (flags.has('show-current')) {
    const name = repository.branch();
    if (name !== undefined) await call.print(`${name}\n`);
    return 0;
  }
  if (flags.has('delete') || flags.has('D'))
    return await deleteBranches(call, words, flags.has('D') || flags.has('force'));
  if (flags.has('move') || flags.has('M')) return await renameBranch(call, words, flags.has('M') || flags.has('force'));
  const [name, start = 'HEAD'] = words;
  if (name === undefined || flags.has('list')) return await listBranches(call, options);
  await createBranch(repository, name, start, flags.has('force'));
  return 0;
};

async function createBranch(repository: Repository, name: string, start: string, force = false): Promise<void> {
  if (!validName(name)) throw new GitError(`'${name}' is not a valid branch name`);
  if (!force && (await repository.tryRef(`refs/heads/${name}`)) !== undefined)
    throw new GitError(`a branch named '${name}' already exists`);
  const oid = await repository.tryResolve(start);
  if (oid === undefined)
    throw new GitError(`not a valid object name: '${start === 'HEAD' ? repository.branch() : start}'`);
  const commit = await repository.readCommit(oid);
  const before = await repository.tryRef(`refs/heads/${name}`);
  await git.writeRef({ ...repository.base, ref: `refs/heads/${name}`, value: commit.oid, force: true });
  const reason = `branch: ${before === undefined ? 'Created from' : 'Reset to'} ${start}`;
  await noteMove(repository, [`refs/heads/${name}`], { before, after: commit.oid, reason });
}

async function deleteBranches(call: GitCall, names: readonly string[], force: boolean): Promise<number> {
  const repository = call.repository();
  if (names.length === 0) throw new GitError('branch name required');
  let status = 0;
  for (const name of names) {
    const oid = await repository.tryRef(`refs/heads/${name}`);
    const head = await repository.tryResolve('HEAD');
    let problem: string | undefined;
    if (oid === undefined) problem = `branch '${name}' not found.`;
    else if (repository.branch() === name)
      problem = `Cannot delete branch '${name}' checked out at '${repository.root}'`;
    else if (!force && head !== undefined && !(await reachableFrom(repository, head)).has(oid)) {
      problem = `The branch '${name}' is not fully merged.\nIf you are sure you want to delete it, run 'git branch -D ${name}'.`;
    }
    if (problem !== undefined) {
      await call.warn(`error: ${problem}\n`);
      status = 1;
    } else {
      await git.deleteRef({ ...repository.base, ref: `refs/heads/${name}` });
      repository.writeState(`logs/refs/heads/${name}`, undefined);
      await call.print(`Deleted branch ${name} (was ${oid?.slice(0, 7)}).\n`);
    }
  }
  return status;
}

async function renameBranch(call: GitCall, words: readonly string[], force: boolean): Promise<number> {
  const repository = call.repository();
  const current = repository.branch();
  const [from, to] = words.length > 1 ? [words[0] ?? '', words[1] ?? ''] : [current ?? '', words[0] ?? ''];
  if (!validName(to)) throw new GitError(`'${to}' is not a valid branch name`);
  const oid = await repository.tryRef(`refs/heads/${from}`);
  if (oid === undefined && from !== current) throw new GitError(`no branch named '${from}'`);
  if (!force && from !== to && (await repository.tryRef(`refs/heads/${to}`)) !== undefined)
    throw new GitError(`a branch named '${to}' already exists`);
  if (oid !== undefined) {
    await git.writeRef({ ...repository.base, ref: `refs/heads/${to}`, value: oid, force: true });
    if (from !== to) await git.deleteRef({ ...repository.base, ref: `refs/heads/${from}` });
  }
  if (current === from) await repository.setHead({ branch: to });
  return 0;
}

async function listBranches(call: GitCall, options: GitOptions): Promise<number> {
  const repository = call.repository();
  const { flags } = options;
  const patterns = options.words.map((word) => patternToRegExp(word));
  const current = repository.branch();
  const local = flags.has('r') || flags.has('remotes') ? [] : (await git.listBranches(repository.base)).sort();
  const names = local.filter((name) => patterns.length === 0 || patterns.some((pattern) => pattern.test(name)));
  const format = lastOf(options, 'format');
  const head = await repository.tryResolve('HEAD');
  const rows: { mark: string; name: string; oid: string }[] = [];
  if (current === undefined && head !== undefined && local.length > 0)
    rows.push({ mark: '* ', name: `(HEAD detached at ${head.slice(0, 7)})`, oid: head });
  for (const name of names)
    rows.push({ mark: name === current ? '* ' : '  ', name, oid: await repository.resolve(`refs/heads/${name}`) });
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  for (const { mark, name, oid } of rows) {
    if (format !== undefined) {
      const values: Record<string, string> = {
        'refname:short': name,
        refname: `refs/heads/${name}`,
        objectname: oid,
        'objectname:short': oid.slice(0, 7),
        HEAD: mark.trim() || ' ',
      };
      await call.print(`${format.replace(/%\(([^)]*)\)/g, (all, key: string) => values[key] ?? all)}\n`);
    } else if (flags.has('verbose') || flags.has('vv')) {
      await call.print(
        `${mark}${name.padEnd(width)} ${oid.slice(0, 7)} ${subject(await repository.readCommit(oid))}\n`,
      );
    } else await call.print(`${mark}${name}\n`);
  }
  return 0;
}

export const checkout: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'f force q quiet detach d ours theirs p m merge no-track track t',
    values: 'b B orphan',
    aliases: { f: 'force', q: 'quiet', d: 'detach' },
  });
  const repository = call.repository();
  const fresh = lastOf(options, 'b') ?? lastOf(options, 'B') ?? lastOf(options, 'orphan');
  if (fresh !== undefined)
    return await switchToNew(call, options, {
      name: fresh,
      start: options.words[0],
      orphan: options.flags.has('orphan'),
      force: options.flags.has('B'),
    });
  const [first, ...rest] = options.words;
  const paths = [...rest, ...(options.paths ?? [])];
  if (options.paths || paths.length > 0) {
    const source = options.paths
      ? first
      : first !== undefined && (await repository.tryResolve(first)) !== undefined
        ? first
        : undefined;
    return await restorePaths(call, {
      source,
      paths: source === undefined && !options.paths && first !== undefined ? [first, ...rest] : paths,
      staged: true,
      side: sideOf(options),
      told: !options.paths && !options.flags.has('quiet'),
    });
  }
  if (first === undefined) return options.flags.has('detach') ? await switchTo(call, 'HEAD', options) : 0;
  if (first === '-' || (await repository.tryResolve(first)) !== undefined) return await switchTo(call, first, options);
  return await restorePaths(call, {
    source: undefined,
    paths: [first],
    staged: true,
    side: sideOf(options),
    told: !options.flags.has('quiet'),
  });
};

const sideOf = ({ flags }: GitOptions) => (flags.has('ours') ? 2 : flags.has('theirs') ? 3 : undefined);

export const switchBranch: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'f force q quiet detach d discard-changes',
    values: 'c C create orphan',
    aliases: { f: 'force', q: 'quiet', d: 'detach', create: 'c' },
  });
  const fresh = lastOf(options, 'c') ?? lastOf(options, 'C') ?? lastOf(options, 'orphan');
  if (fresh !== undefined && options.words.length > 1) throw new GitError('only one reference expected');
  if (fresh !== undefined)
    return await switchToNew(call, options, {
      name: fresh,
      start: options.words[0],
      orphan: options.flags.has('orphan'),
      force: options.flags.has('C'),
    });
  const [name] = options.words;
  const repository = call.repository();
  if (name === undefined && options.flags.has('detach')) return await switchTo(call, 'HEAD', options);
  if (name === undefined) throw new GitError('missing branch or commit argument');
  if (options.words.length > 1) throw new GitError('only one reference expected');
  const known = name === '-' || (await repository.tryRef(`refs/heads/${name}`)) !== undefined;
  if (!known && !options.flags.has('detach')) {
    if ((await repository.tryResolve(name)) === undefined) throw new GitError(`invalid reference: ${name}`);
    throw new GitError(
      `a branch is expected, got commit '${name}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.`,
    );
  }
  return await switchTo(call, name, options);
};

interface NewBranch {
  name: string;
  start: string | undefined;
  orphan: boolean;
  force: boolean;
}

async function switchToNew(
  call: GitCall,
  options: GitOptions,
  { name, start, orphan, force }: NewBranch,
): Promise<number> {
  const repository = call.repository();
  const head = await repository.tryResolve('HEAD');
  if (!orphan && head !== undefined) {
    await createBranch(repository, name, start ?? 'HEAD', force);
    if (start !== undefined) await moveTo(repository, await repository.resolve(name), options.flags.has('force'));
  }
  await repository.setHead({ branch: name }, `checkout: moving from ${leaving(repository)} to ${name}`);
  if (!options.flags.has('quiet')) await call.warn(`Switched to a new branch '${name}'\n`);
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
  await moveTo(repository, oid, options.flags.has('force'));
  await repository.setHead(
    isBranch ? { branch: name } : { oid },
    `checkout: moving from ${leaving(repository)} to ${name}`,
  );
  if (quiet) return 0;
  const { staged, unstaged } = await readStatus(repository);
  const local = new Map([...staged, ...unstaged].map((change) => [change.path, change.status]));
  for (const [path, letter] of [...local].sort()) await call.print(`${letter}\t${path}\n`);
  if (before === undefined && head !== undefined && head !== oid) {
    const old = await repository.readCommit(head);
    await call.warn(`Previous HEAD position was ${head.slice(0, 7)} ${subject(old)}\n`);
  }
  if (isBranch) await call.warn(before === name ? `Already on '${name}'\n` : `Switched to branch '${name}'\n`);
  else if (before === undefined) await call.warn(`HEAD is now at ${oid.slice(0, 7)} ${subject(commit)}\n`);
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

function choosePaths(call: GitCall, repository: Repository, from: FileMap, paths: readonly string[]): string[] {
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
    flags: 'S staged W worktree q quiet ours theirs',
    values: 's source',
    aliases: { S: 'staged', W: 'worktree', s: 'source' },
  });
  const repository = call.repository();
  const paths = [...options.words, ...(options.paths ?? [])];
  if (paths.length === 0) throw new GitError('you must specify path(s) to restore');
  const staged = options.flags.has('staged');
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

export const reset: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'soft mixed hard merge keep q quiet N p', aliases: { q: 'quiet' } });
  const repository = call.repository();
  const [first, ...rest] = options.words;
  const named = first !== undefined && (await repository.tryResolve(first)) !== undefined;
  const paths = [...(named ? rest : options.words), ...(options.paths ?? [])];
  const target = named ? first : 'HEAD';
  if (
    first !== undefined &&
    !named &&
    !options.paths &&
    !repository.statFile(repository.relative(first, call.cwd)) &&
    !repository.entries.some(({ path }) => path === first)
  )
    await repository.resolve(first);
  const quiet = options.flags.has('quiet');
  if (paths.length > 0) {
    const source =
      (await repository.tryResolve(target)) === undefined
        ? new Map()
        : await repository.readTree(await repository.resolve(target));
    const next = repository.indexMap();
    for (const path of choosePaths(call, repository, new Map([...next, ...source]), paths)) {
      const state = source.get(path);
      if (state) next.set(path, state);
      else next.delete(path);
    }
    repository.setIndex(next);
    if (!quiet) await reportUnstaged(call, repository);
    return 0;
  }
  const oid = await repository.tryResolve(target);
  if (oid === undefined) {
    repository.setIndex(new Map());
    return 0;
  }
  const commit = await repository.readCommit(oid);
  const files = await repository.readTree(oid);
  const before = await repository.headFiles();
  const old = await repository.tryResolve('HEAD');
  if (old !== undefined) repository.writeState('ORIG_HEAD', `${old}\n`);
  await repository.moveHead(commit.oid, `reset: moving to ${target}`);
  if (!options.flags.has('soft'))
    for (const name of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'])
      repository.writeState(name, undefined);
  if (options.flags.has('keep')) {
    await moveWorkTree(repository, { from: before, to: files, operation: 'reset', advice: 'reset' });
  } else if (options.flags.has('hard')) {
    await resetHard(repository, files);
    if (!quiet) await call.print(`HEAD is now at ${commit.oid.slice(0, 7)} ${subject(commit)}\n`);
  } else if (!options.flags.has('soft')) {
    repository.setIndex(files);
    if (!quiet) await reportUnstaged(call, repository);
  }
  return 0;
};

async function reportUnstaged(call: GitCall, repository: Repository): Promise<void> {
  const { unstaged } = await readStatus(repository);
  if (unstaged.length > 0)
    await call.print(
      `Unstaged changes after reset:\n${unstaged.map(({ status, path }) => `${status}\t${path}\n`).join('')}`,
    );
}

/** The first line of a tag's message, or of its commit's. */
async function tagSubject(repository: Repository, name: string): Promise<string> {
  const oid = await repository.tryRef(`refs/tags/${name}`);
  const { object, type } = await git.readObject({ ...repository.base, oid: oid ?? '', format: 'content' });
  if (type !== 'tag' || !(object instanceof Uint8Array)) return subject(await repository.readCommit(oid ?? ''));
  const text = new TextDecoder().decode(object);
  return text.slice(text.indexOf('\n\n') + 2).split('\n')[0] ?? '';
}

export const tag: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'a annotate d delete f force l list n n1 no-contains',
    values: 'm message sort points-at contains format',
    aliases: { a: 'annotate', d: 'delete', f: 'force', l: 'list', m: 'message' },
  });
  const repository = call.repository();
  const { flags, words } = options;
  const existing = (await git.listTags(repository.base)).sort();
  if (flags.has('delete')) {
    let status = 0;
    for (const name of words) {
      const oid = await repository.tryRef(`refs/tags/${name}`);
      if (oid === undefined) {
        await call.warn(`error: tag '${name}' not found.\n`);
        status = 1;
        continue;
      }
      await git.deleteTag({ ...repository.base, ref: name });
      await call.print(`Deleted tag '${name}' (was ${oid.slice(0, 7)})\n`);
    }
    return status;
  }
  const [name, target = 'HEAD'] = words;
  if (
    name === undefined ||
    flags.has('list') ||
    flags.has('n') ||
    ['points-at', 'contains'].some((key) => flags.has(key))
  ) {
    const patterns = words.map((word) => patternToRegExp(word));
    const shown = existing.filter((item) => patterns.length === 0 || patterns.some((pattern) => pattern.test(item)));
    const order = lastOf(options, 'sort') ?? '';
    if (/version:refname|v:refname/.test(order)) shown.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    if (order.startsWith('-')) shown.reverse();
    const at = lastOf(options, 'points-at');
    const with_ = lastOf(options, 'contains');
    for (const item of shown) {
      const oid = await repository.resolve(`${item}^{}`);
      if (at !== undefined && oid !== (await repository.resolve(`${at}^{}`))) continue;
      if (with_ !== undefined && !(await reachableFrom(repository, oid)).has(await repository.resolve(`${with_}^{}`)))
        continue;
      if (!flags.has('n')) await call.print(`${item}\n`);
      else await call.print(`${item.padEnd(15)} ${await tagSubject(repository, item)}\n`);
    }
    return 0;
  }
  if (existing.includes(name) && !flags.has('force')) throw new GitError(`tag '${name}' already exists`);
  if (!validName(name)) throw new GitError(`'${name}' is not a valid tag name.`);
  const oid = await repository.tryResolve(target);
  if (oid === undefined) throw new GitError(`Failed to resolve '${target}' as a valid ref.`);
  const message = options.values.get('message')?.join('\n\n');
  if (message === undefined)
    await git.writeRef({ ...repository.base, ref: `refs/tags/${name}`, value: oid, force: true });
  else {
    const tagger = await identity(repository, 'COMMITTER');
    await git.annotatedTag({
      ...repository.base,
      ref: name,
      // It ends the message with a newline of its own.
      message,
      object: oid,
      tagger,
      force: true,
    });
  }
  return 0;
};
