/** git branch. */
import * as git from 'isomorphic-git';
import { patternToRegExp } from '../../expansion/pattern.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { changeConfig, readConfigValue } from '../config-file.ts';
import { GitError } from '../git-error.ts';
import { subject } from '../log-format.ts';
import { reachableFrom } from '../reachable.ts';
import { noteMove } from '../reflog.ts';
import type { Repository } from '../repository.ts';

export const validName = (name: string) => !/(^[-.]|\.\.|[\s~^:?*[\\]|\/$|\.lock$|@\{|\/\/)/.test(name) && name !== '';

export const branch: GitCommand = async (call) => {
  const options = readOptions(call.args, {
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
    return await deleteBranches(call, words, flags.has('D') || flags.has('force'));
  if (flags.has('move') || flags.has('M')) return await renameBranch(call, words, flags.has('M') || flags.has('force'));
  if (flags.has('copy') || flags.has('C'))
    return await copyBranch(repository, words, flags.has('C') || flags.has('force'));
  const upstream = lastOf(options, 'set-upstream-to');
  if (upstream !== undefined) return await setUpstream(call, upstream, words[0]);
  if (flags.has('unset-upstream')) return unsetUpstream(repository, words[0]);
  const [name, start = 'HEAD'] = words;
  if (name === undefined || flags.has('list') || SELECTIONS.some((key) => flags.has(key)))
    return await listBranches(call, options);
  await createBranch(repository, name, start, flags.has('force'));
  return 0;
};

const SELECTIONS = ['merged', 'no-merged', 'contains', 'no-contains', 'points-at'];

async function copyBranch(repository: Repository, words: readonly string[], force: boolean): Promise<number> {
  const [from, to] =
    words.length > 1 ? [words[0] ?? '', words[1] ?? ''] : [repository.branch() ?? 'HEAD', words[0] ?? ''];
  if ((await repository.tryRef(`refs/heads/${from}`)) === undefined) throw new GitError(`no branch named '${from}'`);
  await createBranch(repository, to, from, force);
  return 0;
}

/** A branch of a remote, or of this repository itself. */
async function setUpstream(call: GitCall, upstream: string, given: string | undefined): Promise<number> {
  const repository = call.repository();
  const name = given ?? repository.branch();
  if (name === undefined)
    throw new GitError(`could not set upstream of HEAD to ${upstream} when it does not point to any branch.`);
  if ((await repository.tryRef(`refs/heads/${name}`)) === undefined)
    throw new GitError(`branch '${name}' does not exist`);
  const isLocal = (await repository.tryRef(`refs/heads/${upstream}`)) !== undefined;
  if (!isLocal && (await repository.tryRef(`refs/remotes/${upstream}`)) === undefined)
    throw new GitError(`the requested upstream branch '${upstream}' does not exist\n${NO_UPSTREAM}`);
  const [remote, ...rest] = upstream.split('/');
  const path = `${repository.gitdir}/config`;
  changeConfig(repository.context, path, `branch.${name}.remote`, isLocal ? '.' : (remote ?? ''));
  changeConfig(repository.context, path, `branch.${name}.merge`, `refs/heads/${isLocal ? upstream : rest.join('/')}`);
  await call.print(`branch '${name}' set up to track '${upstream}'.\n`);
  return 0;
}

function unsetUpstream(repository: Repository, given: string | undefined): number {
  const name = given ?? repository.branch() ?? 'HEAD';
  const path = `${repository.gitdir}/config`;
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

/** By `--merged`, `--contains` and their like. */
async function selection(repository: Repository, options: GitOptions): Promise<(oid: string) => Promise<boolean>> {
  const tests: ((oid: string) => Promise<boolean>)[] = [];
  for (const key of SELECTIONS) {
    if (!options.flags.has(key)) continue;
    const wanted = await repository.resolve(lastOf(options, key) || 'HEAD');
    const known = await reachableFrom(repository, wanted);
    if (key === 'points-at') tests.push(async (oid) => oid === wanted);
    else if (key === 'merged') tests.push(async (oid) => known.has(oid));
    else if (key === 'no-merged') tests.push(async (oid) => !known.has(oid));
    else tests.push(async (oid) => (await reachableFrom(repository, oid)).has(wanted) === (key === 'contains'));
  }
  return async (oid) => {
    for (const test of tests) if (!(await test(oid))) return false;
    return true;
  };
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
  const chosen = await selection(repository, options);
  for (const name of names)
    if (await chosen(await repository.resolve(`refs/heads/${name}`)))
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
