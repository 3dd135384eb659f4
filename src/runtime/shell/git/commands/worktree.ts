/** git worktree: further work trees of a repository, each on a branch of its own. */
import { resolvePath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { subject } from '../log-format.ts';
import { Repository } from '../repository.ts';
import { writeWhole } from '../system-files.ts';
import { resetHard } from '../work-tree.ts';
import { holderOf, type WorkTree, workTrees } from '../worktrees.ts';
import { createBranch } from './branch.ts';
import { readStatus } from './status.ts';

const USAGE = `usage: git worktree add [-f] [--detach] [--checkout] [--lock [--reason <string>]]
                        [-b <new-branch>] <path> [<commit-ish>]
   or: git worktree list [-v | --porcelain [-z]]
   or: git worktree lock [--reason <string>] <worktree>
   or: git worktree move <worktree> <new-path>
   or: git worktree prune [-n] [-v] [--expire <expire>]
   or: git worktree remove [-f] <worktree>
   or: git worktree repair [<path>...]
   or: git worktree unlock <worktree>
`;

type Action = (call: GitCall, options: GitOptions) => Promise<number>;

export const worktree: GitCommand = async (call) => {
  const [action, ...args] = call.args;
  const run = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!run) {
    const problem = action === undefined ? 'need a subcommand' : `unknown subcommand: \`${action}'`;
    throw new GitError(`${problem}\n${USAGE}`, 129, '', 'error');
  }
  const options = readOptions(args, {
    flags: 'f force d detach q quiet lock no-checkout checkout track guess-remote porcelain v verbose n dry-run z',
    values: 'b B reason expire',
    aliases: { f: 'force', d: 'detach', q: 'quiet', v: 'verbose', n: 'dry-run' },
  });
  return await run(call, options);
};

const usageError = () => new GitError(USAGE.trimEnd(), 129, '', 'none');

async function add(call: GitCall, options: GitOptions): Promise<number> {
  const repository = call.repository();
  const { sys } = call.context;
  const { flags } = options;
  const [given, start = 'HEAD'] = [...options.words, ...(options.paths ?? [])];
  if (given === undefined) throw usageError();
  const path = resolvePath(call.cwd, given);
  const asked = lastOf(options, 'b') ?? lastOf(options, 'B');
  const named = await branchFor(repository, { asked, path, start, options });
  const oid = await repository.tryResolve(named.start);
  const say = async (what: string) => {
    if (!flags.has('quiet')) await call.warn(`Preparing worktree (${what})\n`);
  };
  if (oid === undefined) throw new GitError(`invalid reference: ${start}`);
  const commit = await repository.readCommit(oid);
  if (named.fresh) await say(named.reset ? `resetting branch '${named.branch}'` : `new branch '${named.branch}'`);
  else
    await say(
      named.branch === undefined ? `detached HEAD ${commit.oid.slice(0, 7)}` : `checking out '${named.branch}'`,
    );
  if (sys.call('statOrNull', path, true) && sys.call('readdir', path).names.length > 0)
    throw new GitError(`'${given}' already exists`);
  const holder = named.branch === undefined ? undefined : whoStandsOn(repository, named.branch);
  if (holder && !flags.has('force')) throw new GitError(`'${named.branch}' is already checked out at '${holder.path}'`);
  if (named.fresh && named.branch !== undefined) await createBranch(repository, named.branch, named.start, named.reset);
  const tree = makeFolders(repository, path, named.branch ?? commit.oid, named.branch === undefined);
  if (flags.has('lock')) tree.writeState('locked', `${lastOf(options, 'reason') ?? 'added with --lock'}\n`);
  tree.writeState('ORIG_HEAD', `${commit.oid}\n`);
  await tree.setHead(
    named.branch === undefined ? { oid: commit.oid } : { branch: named.branch },
    'reset: moving to HEAD',
  );
  if (flags.has('no-checkout')) return 0;
  await resetHard(tree, await tree.headFiles());
  if (!flags.has('quiet')) await call.print(`HEAD is now at ${commit.oid.slice(0, 7)} ${subject(commit)}\n`);
  return 0;
}

interface Wanted {
  /** Undefined: no branch. */
  branch: string | undefined;
  fresh: boolean;
  reset: boolean;
  start: string;
}

/** Which branch the new tree stands on: without a commit-ish one that is called as its folder. */
async function branchFor(
  repository: Repository,
  { asked, path, start, options }: { asked: string | undefined; path: string; start: string; options: GitOptions },
): Promise<Wanted> {
  const exists = async (name: string) => (await repository.tryRef(`refs/heads/${name}`)) !== undefined;
  const given = [...options.words, ...(options.paths ?? [])].length > 1;
  if (asked !== undefined) {
    const reset = lastOf(options, 'B') !== undefined;
    return { branch: asked, fresh: true, reset: reset && (await exists(asked)), start };
  }
  if (options.flags.has('detach')) return { branch: undefined, fresh: false, reset: false, start };
  if (given) {
    const branch = (await exists(start)) ? start : undefined;
    return { branch, fresh: false, reset: false, start };
  }
  const name = path.slice(path.lastIndexOf('/') + 1);
  const known = await exists(name);
  return { branch: name, fresh: !known, reset: false, start: known ? name : start };
}

function whoStandsOn(repository: Repository, branch: string): WorkTree | undefined {
  if (repository.branch() === branch) return workTrees(repository).find(({ gitdir }) => gitdir === repository.gitdir);
  return holderOf(repository, branch);
}

/** The tree's folder with its `.git`, and its place in the repository. */
function makeFolders(repository: Repository, path: string, head: string, detached: boolean): Repository {
  const { context, commonDir } = repository;
  const { sys } = context;
  const write = (file: string, text: string) => writeWhole(sys, file, new TextEncoder().encode(`${text}\n`));
  const name = path.slice(path.lastIndexOf('/') + 1);
  let id = name;
  for (let i = 1; sys.call('statOrNull', `${commonDir}/worktrees/${id}`, true); i += 1) id = `${name}${i}`;
  const gitdir = `${commonDir}/worktrees/${id}`;
  sys.call('mkdir', gitdir, 0o777, true);
  sys.call('mkdir', path, 0o777, true);
  write(`${gitdir}/gitdir`, `${path}/.git`);
  write(`${gitdir}/commondir`, '../..');
  write(`${gitdir}/HEAD`, detached ? head : `ref: refs/heads/${head}`);
  write(`${path}/.git`, `gitdir: ${gitdir}`);
  return new Repository(context, path, gitdir);
}

async function list(call: GitCall, options: GitOptions): Promise<number> {
  const repository = call.repository();
  const trees = workTrees(repository);
  const width = Math.max(...trees.map(({ path }) => path.length));
  for (const tree of trees) {
    const head = tree.bare
      ? undefined
      : ((await new Repository(repository.context, tree.path, tree.gitdir).tryResolve('HEAD')) ?? '0'.repeat(40));
    if (options.flags.has('porcelain')) {
      const stands = tree.branch === undefined ? 'detached' : `branch refs/heads/${tree.branch}`;
      const about = head === undefined ? 'bare' : `HEAD ${head}\n${stands}`;
      const locked = tree.locked === undefined ? '' : `\nlocked${tree.locked === '' ? '' : ` ${tree.locked}`}`;
      const gone = tree.prunable ? '\nprunable gitdir file points to non-existent location' : '';
      await call.print(`worktree ${tree.path}\n${about}${locked}${gone}\n\n`);
      continue;
    }
    const stands = tree.branch === undefined ? '(detached HEAD)' : `[${tree.branch}]`;
    const about = head === undefined ? '(bare)' : `${head.slice(0, 7)} ${stands}`;
    const state = tree.locked !== undefined ? ' locked' : tree.prunable ? ' prunable' : '';
    await call.print(`${tree.path.padEnd(width)}  ${about}${state}\n`);
  }
  return 0;
}

/** The tree that a path, or the end of one, names. */
function treeNamed(call: GitCall, options: GitOptions): { tree: WorkTree; given: string } {
  const [given] = [...options.words, ...(options.paths ?? [])];
  if (given === undefined) throw usageError();
  const trees = workTrees(call.repository());
  const path = resolvePath(call.cwd, given);
  const byEnd = trees.filter((tree) => tree.path.endsWith(`/${given}`));
  const tree = trees.find((known) => known.path === path) ?? (byEnd.length === 1 ? byEnd[0] : undefined);
  if (!tree) throw new GitError(`'${given}' is not a working tree`);
  if (tree.id === undefined) throw new GitError(`'${given}' is a main working tree`);
  return { tree, given };
}

async function remove(call: GitCall, options: GitOptions): Promise<number> {
  const { tree, given } = treeNamed(call, options);
  const forced = call.args.filter((arg) => arg === '-f' || arg === '--force').length;
  if (tree.locked !== undefined && forced < 2) {
    const reason = tree.locked === '' ? ';' : `, lock reason: ${tree.locked}`;
    throw new GitError(`cannot remove a locked working tree${reason}\nuse 'remove -f -f' to override or unlock first`);
  }
  if (forced === 0 && !tree.prunable) {
    const { staged, unstaged, untracked } = await readStatus(new Repository(call.context, tree.path, tree.gitdir));
    if (staged.length + unstaged.length + untracked.length > 0)
      throw new GitError(`'${given}' contains modified or untracked files, use --force to delete it`);
  }
  call.context.sys.call('remove', tree.path, true);
  forget(call, tree);
  return 0;
}

function forget(call: GitCall, { gitdir }: WorkTree): void {
  const { sys } = call.context;
  sys.call('remove', gitdir, true);
  const folder = gitdir.slice(0, gitdir.lastIndexOf('/'));
  if (sys.call('readdir', folder).names.length === 0) sys.call('rmdir', folder);
}

async function prune(call: GitCall, { flags }: GitOptions): Promise<number> {
  for (const tree of workTrees(call.repository())) {
    if (!tree.prunable || tree.locked !== undefined) continue;
    if (flags.has('verbose') || flags.has('dry-run'))
      await call.warn(`Removing worktrees/${tree.id}: gitdir file points to non-existent location\n`);
    if (!flags.has('dry-run')) forget(call, tree);
  }
  return 0;
}

async function move(call: GitCall, options: GitOptions): Promise<number> {
  const { sys } = call.context;
  const { tree } = treeNamed(call, options);
  const [, given] = [...options.words, ...(options.paths ?? [])];
  if (given === undefined) throw usageError();
  if (tree.locked !== undefined && !options.flags.has('force'))
    throw new GitError("cannot move a locked working tree;\nuse 'move -f -f' to override or unlock first");
  const asked = resolvePath(call.cwd, given);
  const into = sys.call('statOrNull', asked, true) !== null;
  const path = into ? `${asked}/${tree.path.slice(tree.path.lastIndexOf('/') + 1)}` : asked;
  if (into && sys.call('statOrNull', path, true)) throw new GitError(`target '${given}' already exists`);
  sys.call('rename', tree.path, path);
  writeWhole(sys, `${tree.gitdir}/gitdir`, new TextEncoder().encode(`${path}/.git\n`));
  return 0;
}

const lock: Action = async (call, options) => {
  const { tree, given } = treeNamed(call, options);
  if (tree.locked !== undefined)
    throw new GitError(`'${given}' is already locked${tree.locked === '' ? '' : `, reason: ${tree.locked}`}`);
  const reason = lastOf(options, 'reason');
  writeWhole(call.context.sys, `${tree.gitdir}/locked`, new TextEncoder().encode(reason ?? ''));
  return 0;
};

const unlock: Action = async (call, options) => {
  const { tree, given } = treeNamed(call, options);
  if (tree.locked === undefined) throw new GitError(`'${given}' is not locked`);
  call.context.sys.call('unlink', `${tree.gitdir}/locked`);
  return 0;
};

const actions: Readonly<Record<string, Action>> = { add, list, lock, move, prune, remove, unlock };
