/** git clone, of repositories on local paths. */
import { S_IFDIR, S_IFMT } from '../../../kernel/file-modes.ts';
import { baseName, resolvePath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { changeConfig } from '../config-file.ts';
import { configuredBranch, createRepository } from '../create-repository.ts';
import { GitError } from '../git-error.ts';
import { noteMove } from '../reflog.ts';
import { listRefs, moveRef, type Ref } from '../refs.ts';
import { linkObjects } from '../remotes/copy-objects.ts';
import { findRemote, openRemote } from '../remotes/remote.ts';
import { Repository } from '../repository.ts';
import { resetHard } from '../work-tree.ts';

export const clone: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'q quiet v verbose bare mirror n no-checkout l local no-local no-hardlinks s shared single-branch no-single-branch no-tags recurse-submodules recursive progress',
    values: 'b branch o origin depth c config reference filter jobs j',
    aliases: { q: 'quiet', b: 'branch', o: 'origin', n: 'no-checkout', c: 'config' },
  });
  const { flags } = options;
  const [url, given] = options.words;
  if (url === undefined) throw new GitError('You must specify a repository to clone.\n', 129);
  const bare = flags.has('bare') || flags.has('mirror');
  const name = given ?? folderOf(url, bare);
  const root = resolvePath(call.cwd, name);
  const isUrl = url.startsWith('file://');
  const source = isUrl ? undefined : findRemote(call, url, call.cwd);
  if (!isUrl && !source) throw new GitError(`repository '${url}' does not exist`);
  if (hasContent(call, root))
    throw new GitError(`destination path '${name}' already exists and is not an empty directory.`);
  const quiet = flags.has('quiet');
  if (!quiet) await call.warn(`Cloning into ${bare ? 'bare repository ' : ''}'${name}'...\n`);
  if (flags.has('depth'))
    await call.warn(
      `warning: --depth is ignored in local clones${isUrl ? ', here in those of file:// too' : '; use file:// instead'}.\n`,
    );
  const from = source ?? openRemote(call, url, call.cwd);
  const address = isUrl ? url : from.bare ? from.gitdir : resolvePath(call.cwd, url);
  const cloning: Cloning = { from, address, root, bare, options, origin: lastOf(options, 'origin') ?? 'origin' };
  const refs = await listRefs(from);
  const start = await startOf(cloning, refs);
  const to = createClone(call, cloning, start);
  await packRefs(to, keptRefs(cloning, refs, start));
  if (!bare) await checkOut(to, cloning, start);
  if (refs.length > 0 && start.oid === undefined)
    await call.warn('warning: remote HEAD refers to nonexistent ref, unable to checkout\n');
  if (refs.length === 0) await call.warn('warning: You appear to have cloned an empty repository.\n');
  if (!quiet && !isUrl) await call.warn('done.\n');
  return 0;
};

/** The last part of an address, without `.git`. */
function folderOf(url: string, bare: boolean): string {
  const name = baseName(url.replace(/\/+$/, '').replace(/\/\.git$/, '')).replace(/\.git$/, '');
  return bare ? `${name}.git` : name;
}

function hasContent({ context: { sys } }: GitCall, path: string): boolean {
  const stat = sys.call('statOrNull', path, true);
  if (!stat) return false;
  return (stat.mode & S_IFMT) !== S_IFDIR || sys.call('readdir', path).names.length > 0;
}

interface Cloning {
  from: Repository;
  /** As it is written down. */
  address: string;
  root: string;
  bare: boolean;
  options: GitOptions;
  origin: string;
}

/** What the clone begins with. */
interface Start {
  /** Undefined: a commit by itself. */
  branch: string | undefined;
  /** Undefined: nothing is there yet. */
  oid: string | undefined;
}

async function startOf({ from, options, origin }: Cloning, refs: readonly Ref[]): Promise<Start> {
  const tip = (name: string) => refs.find((ref) => ref.name === name)?.oid;
  const wanted = lastOf(options, 'branch');
  const branch = wanted ?? from.branch();
  if (branch === undefined) return { branch, oid: await from.tryResolve('HEAD') };
  const oid = tip(`refs/heads/${branch}`);
  if (oid !== undefined || wanted === undefined) return { branch, oid };
  const tag = tip(`refs/tags/${branch}`);
  if (tag === undefined) throw new GitError(`Remote branch ${branch} not found in upstream ${origin}`);
  return { branch: undefined, oid: (await from.readCommit(tag)).oid };
}

function createClone(call: GitCall, cloning: Cloning, { branch }: Start): Repository {
  const { context } = call;
  const { from, address, root, bare, options, origin } = cloning;
  const gitdir = bare ? root : `${root}/.git`;
  createRepository(context, { gitdir, bare, branch: branch ?? configuredBranch(context) ?? 'master' });
  const set = (key: string, value: string) => changeConfig(context, `${gitdir}/config`, key, value);
  set(`remote.${origin}.url`, address);
  if (options.flags.has('mirror')) {
    set(`remote.${origin}.fetch`, '+refs/*:refs/*');
    set(`remote.${origin}.mirror`, 'true');
  } else if (!bare) {
    const shown = branch !== undefined && options.flags.has('single-branch') ? branch : '*';
    set(`remote.${origin}.fetch`, `+refs/heads/${shown}:refs/remotes/${origin}/${shown}`);
  }
  if (!bare && branch !== undefined) {
    set(`branch.${branch}.remote`, origin);
    set(`branch.${branch}.merge`, `refs/heads/${branch}`);
  }
  for (const setting of options.values.get('config') ?? []) {
    const [key = '', ...rest] = setting.split('=');
    set(key, rest.join('='));
  }
  const to = new Repository(context, root, gitdir);
  linkObjects(from, to);
  return to;
}

/** The refs that a clone has, by the names that they have in it. */
function keptRefs({ bare, options, origin }: Cloning, refs: readonly Ref[], { branch }: Start): Ref[] {
  const { flags } = options;
  if (flags.has('mirror')) return [...refs];
  return refs.flatMap(({ name, oid }) => {
    if (name.startsWith('refs/tags/')) return flags.has('no-tags') ? [] : [{ name, oid }];
    if (!name.startsWith('refs/heads/')) return [];
    if (flags.has('single-branch') && branch !== undefined && name !== `refs/heads/${branch}`) return [];
    return [{ name: bare ? name : name.replace('refs/heads/', `refs/remotes/${origin}/`), oid }];
  });
}

/** Many refs take one file. */
async function packRefs(repository: Repository, refs: readonly Ref[]): Promise<void> {
  if (refs.length === 0) return;
  let text = '# pack-refs with: peeled fully-peeled sorted \n';
  for (const { name, oid } of [...refs].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const peeled = name.startsWith('refs/tags/') ? await repository.peel(oid) : oid;
    text += `${oid} ${name}\n${peeled === oid ? '' : `^${peeled}\n`}`;
  }
  repository.writeState('packed-refs', text);
}

async function checkOut(to: Repository, cloning: Cloning, { branch, oid }: Start): Promise<void> {
  const { from, address, options, origin } = cloning;
  if (oid === undefined) return;
  const reason = `clone: from ${address}`;
  if (branch === undefined) await to.setHead({ oid }, reason);
  else await moveRef(to, { name: `refs/heads/${branch}`, before: undefined, after: oid, reason });
  const there = from.branch();
  const shown = `refs/remotes/${origin}/${there}`;
  if (there !== undefined && (await to.tryRef(shown)) !== undefined) {
    to.writeState(`refs/remotes/${origin}/HEAD`, `ref: ${shown}\n`);
    await noteMove(to, [`refs/remotes/${origin}/HEAD`], { before: undefined, after: oid, reason });
  }
  if (!options.flags.has('no-checkout')) await resetHard(to, await to.readTree(oid));
}
