/** git branch. */
import * as git from 'isomorphic-git';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { changeConfig, readConfigValue, renameSection } from '../config-file.ts';
import { GitError } from '../git-error.ts';
import { reachableFrom } from '../reachable.ts';
import { noteMove } from '../reflog.ts';
import { moveRef, shortRef } from '../refs.ts';
import { mapBack } from '../remotes/refspec.ts';
import { remotesOf } from '../remotes/remote.ts';
import type { Repository } from '../repository.ts';
import { trackedBranch } from '../tracking.ts';
import { holderOf } from '../worktrees.ts';
import { listBranches, SELECTIONS } from './branch-list.ts';

export const validName = (name: string) => !/(^[-.]|\.\.|[\s~^:?*[\\]|\/$|\.lock$|@\{|\/\/)/.test(name) && name !== '';

export const branch: GitCommand = async (call) => {
  const given = call.args.map((arg) => (arg === '-vv' ? '--vv' : arg));
  const options = readOptions(given, {
    flags:
      'a all r remotes d D m M c C copy v vv verbose delete move force f show-current list l no-color color column no-column q quiet unset-upstream track t no-track ignore-case i abbrev no-abbrev',
    values: 'format sort contains no-contains points-at set-upstream-to u merged no-merged',
    aliases: {
      c: 'copy',
      u: 'set-upstream-to',
      a: 'all',
      d: 'delete',
      m: 'move',
      l: 'list',
      v: 'verbose',
      f: 'force',
      q: 'quiet',
    },
  });
  const repository = call.repository();
  const { flags, words } = options;
  if (flags.has('show-current')) {
    const name = repository.branch();
    if (name !== undefined) await call.print(`${name}\n`);
    return 0;
  }
  if (flags.has('delete') || flags.has('D'))
    return flags.has('r') || flags.has('remotes')
      ? await deleteTracking(call, words)
      : await deleteBranches(call, words, flags.has('D') || flags.has('force'));
  if (flags.has('move') || flags.has('M')) return await renameBranch(call, words, flags.has('M') || flags.has('force'));
  if (flags.has('copy') || flags.has('C'))
    return await copyBranch(repository, words, flags.has('C') || flags.has('force'));
  const upstream = lastOf(options, 'set-upstream-to');
  if (upstream !== undefined) return await setUpstream(call, upstream, words[0]);
  if (flags.has('unset-upstream')) return unsetUpstream(repository, words[0]);
  const [name, start = 'HEAD'] = words;
  if (
    name === undefined ||
    flags.has('list') ||
    flags.has('all') ||
    flags.has('r') ||
    flags.has('remotes') ||
    SELECTIONS.some((key) => flags.has(key))
  )
    return await listBranches(call, options);
  const followed = await followedStart(repository, start, options);
  await createBranch(repository, name, start, flags.has('force'));
  if (followed) await followBranch(call, name, followed);
  return 0;
};

/** What a new branch follows: the branch of a remote that it starts from, one of here only when that is asked for. */
export async function followedStart(
  repository: Repository,
  start: string,
  { flags }: Pick<GitOptions, 'flags'>,
): Promise<Followed | undefined> {
  if (flags.has('no-track')) return undefined;
  if (flags.has('track') || flags.has('t')) return await wantedUpstream(repository, start);
  const setting = await repository.config('branch.autosetupmerge');
  const found = setting === 'false' ? undefined : await followable(repository, start);
  return found?.remote === '.' && setting !== 'always' ? undefined : found;
}

async function copyBranch(repository: Repository, words: readonly string[], force: boolean): Promise<number> {
  const [from, to] =
    words.length > 1 ? [words[0] ?? '', words[1] ?? ''] : [repository.branch() ?? 'HEAD', words[0] ?? ''];
  if ((await repository.tryRef(`refs/heads/${from}`)) === undefined) throw new GitError(`no branch named '${from}'`);
  await createBranch(repository, to, from, force);
  return 0;
}

export interface Followed {
  /** `.` for a branch of this repository. */
  remote: string;
  /** The whole name of the ref there. */
  merge: string;
}

/** What a name of a branch, here or of a remote, means as something to follow; undefined when there is no such branch. */
export async function followable(repository: Repository, name: string): Promise<Followed | undefined> {
  if ((await repository.tryRef(`refs/heads/${name}`)) !== undefined)
    return { remote: '.', merge: `refs/heads/${name}` };
  const ref = `refs/remotes/${name}`;
  if ((await repository.tryRef(ref)) === undefined) return undefined;
  for (const remote of remotesOf(repository)) {
    const merge = remote.fetch.map((spec) => mapBack(spec, ref)).find((found) => found !== undefined);
    if (merge !== undefined) return { remote: remote.name, merge };
  }
  return undefined;
}

/** Writes down what a branch follows, and says so. */
export async function followBranch(call: GitCall, branch: string, { remote, merge }: Followed): Promise<void> {
  const repository = call.repository();
  const path = `${repository.commonDir}/config`;
  changeConfig(repository.context, path, `branch.${branch}.remote`, remote);
  changeConfig(repository.context, path, `branch.${branch}.merge`, merge);
  const shown = trackedBranch(repository, branch)?.shown ?? shortRef(merge);
  if (!call.args.some((arg) => arg === '-q' || arg === '--quiet'))
    await call.print(`branch '${branch}' set up to track '${shown}'.\n`);
}

async function setUpstream(call: GitCall, upstream: string, given: string | undefined): Promise<number> {
  const repository = call.repository();
  const name = given ?? repository.branch();
  if (name === undefined)
    throw new GitError(`could not set upstream of HEAD to ${upstream} when it does not point to any branch.`);
  if ((await repository.tryRef(`refs/heads/${name}`)) === undefined)
    throw new GitError(`branch '${name}' does not exist`);
  await followBranch(call, name, await wantedUpstream(repository, upstream));
  return 0;
}

/** Throws {@link GitError} when there is no such branch. */
export async function wantedUpstream(repository: Repository, name: string): Promise<Followed> {
  const found = await followable(repository, name);
  if (found) return found;
  throw new GitError(`the requested upstream branch '${name}' does not exist\n${NO_UPSTREAM}`);
}

function unsetUpstream(repository: Repository, given: string | undefined): number {
  const name = given ?? repository.branch() ?? 'HEAD';
  const path = `${repository.commonDir}/config`;
  if (readConfigValue(repository.context, [path], `branch.${name}.merge`) === undefined)
    throw new GitError(`Branch '${name}' has no upstream information`);
  for (const key of ['remote', 'merge']) changeConfig(repository.context, path, `branch.${name}.${key}`, undefined);
  return 0;
}

const NO_UPSTREAM = `hint: 
hint: If you are planning on basing your work on an upstream
hint: branch that already exists at the remote, you may need to
hint: run "git fetch" to retrieve it.
hint: 
hint: If you are planning to push out a new local branch that
hint: will track its remote counterpart, you may want to use
hint: "git push -u" to set the upstream config as you push.
hint: Disable this message with "git config advice.setUpstreamFailure false"`;

export async function createBranch(repository: Repository, name: string, start: string, force = false): Promise<void> {
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
    const problem = await keptBecause(repository, { name, oid, force });
    if (problem !== undefined || oid === undefined) {
      await call.warn(`error: ${problem}\n`);
      status = 1;
      continue;
    }
    const notHere = force ? '' : await mergedElsewhere(repository, name, oid);
    if (notHere !== '') await call.warn(notHere);
    await moveRef(repository, { name: `refs/heads/${name}`, before: oid, after: undefined, reason: '' });
    const file = `${repository.commonDir}/config`;
    renameSection(repository.context, file, `branch.${name}`, undefined);
    await call.print(`Deleted branch ${name} (was ${oid.slice(0, 7)}).\n`);
  }
  return status;
}

/** Why a branch is not deleted; undefined when it may be. */
async function keptBecause(
  repository: Repository,
  { name, oid, force }: { name: string; oid: string | undefined; force: boolean },
): Promise<string | undefined> {
  if (oid === undefined) return `branch '${name}' not found.`;
  const place = repository.branch() === name ? repository.root : holderOf(repository, name)?.path;
  if (place !== undefined) return `Cannot delete branch '${name}' checked out at '${place}'`;
  const tracked = trackedBranch(repository, name);
  const base = (tracked && (await repository.tryRef(tracked.ref))) ?? (await repository.tryResolve('HEAD'));
  if (force || base === undefined || (await reachableFrom(repository, base)).has(oid)) return undefined;
  return `The branch '${name}' is not fully merged.\nIf you are sure you want to delete it, run 'git branch -D ${name}'.`;
}

async function mergedElsewhere(repository: Repository, name: string, oid: string): Promise<string> {
  const head = await repository.tryResolve('HEAD');
  const tracked = trackedBranch(repository, name);
  if (!tracked || head === undefined || (await reachableFrom(repository, head)).has(oid)) return '';
  return `warning: deleting branch '${name}' that has been merged to\n         '${tracked.ref}', but not yet merged to HEAD.\n`;
}

async function deleteTracking(call: GitCall, names: readonly string[]): Promise<number> {
  const repository = call.repository();
  let status = 0;
  for (const name of names) {
    const oid = await repository.tryRef(`refs/remotes/${name}`);
    if (oid === undefined) {
      await call.warn(`error: remote-tracking branch '${name}' not found.\n`);
      status = 1;
      continue;
    }
    await moveRef(repository, { name: `refs/remotes/${name}`, before: oid, after: undefined, reason: '' });
    await call.print(`Deleted remote-tracking branch ${name} (was ${oid.slice(0, 7)}).\n`);
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
  renameSection(repository.context, `${repository.commonDir}/config`, `branch.${from}`, `branch.${to}`);
  if (current === from) await repository.setHead({ branch: to });
  return 0;
}
