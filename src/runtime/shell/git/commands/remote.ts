/** git remote. */
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, readOptions } from '../command-line.ts';
import { changeConfig, readConfig, renameSection } from '../config-file.ts';
import { GitError } from '../git-error.ts';
import { reachableFrom } from '../reachable.ts';
import { listRefs, moveRef, shortRef, symbolicTarget } from '../refs.ts';
import { fetchFrom } from '../remotes/fetch.ts';
import { openRemote, type Remote, remoteNamed, remotesOf } from '../remotes/remote.ts';
import type { Repository } from '../repository.ts';
import { fetchAll } from './fetch.ts';

type Action = (call: GitCall, words: readonly string[], options: GitOptions) => Promise<number>;

export const remote: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'v verbose f a auto d delete p prune push n dry-run all add tags no-tags',
    values: 't m',
    aliases: { v: 'verbose', a: 'auto', d: 'delete', p: 'prune', n: 'dry-run' },
  });
  const [action, ...words] = options.words;
  if (action === undefined || (action === 'show' && words.length === 0)) return await list(call, options);
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!run) throw new GitError(`Unknown subcommand: ${action}`, 1, '', 'error');
  return await run(call, words, options);
};

async function list(call: GitCall, { flags }: GitOptions): Promise<number> {
  const sorted = remotesOf(call.repository()).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, url, pushUrl } of sorted)
    await call.print(flags.has('verbose') ? `${name}\t${url} (fetch)\n${name}\t${pushUrl} (push)\n` : `${name}\n`);
  return 0;
}

/** Throws {@link GitError} when there is none of this name. */
function known(repository: Repository, name: string | undefined, colon = ''): Remote {
  const found = remotesOf(repository).find((item) => item.name === name);
  if (!found) throw new GitError(`No such remote${colon} '${name ?? ''}'`, 2, '', 'error');
  return found;
}

const configOf = ({ commonDir }: Repository) => `${commonDir}/config`;

const add: Action = async (call, [name = '', url = ''], { flags }) => {
  const repository = call.repository();
  if (remotesOf(repository).some((item) => item.name === name))
    throw new GitError(`remote ${name} already exists.`, 3, '', 'error');
  if (!/^[\w.][\w./-]*$/.test(name)) throw new GitError(`'${name}' is not a valid remote name`);
  changeConfig(call.context, configOf(repository), `remote.${name}.url`, url);
  changeConfig(call.context, configOf(repository), `remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`);
  if (!flags.has('f')) return 0;
  await call.print(`Updating ${name}\n`);
  return (await fetchFrom(call, { remote: remoteNamed(repository, name), specs: [] })).status;
};

const getUrl: Action = async (call, [name], { flags }) => {
  const { url, pushUrl } = known(call.repository(), name);
  await call.print(`${flags.has('push') ? pushUrl : url}\n`);
  return 0;
};

const setUrl: Action = async (call, [name, url = ''], { flags }) => {
  const repository = call.repository();
  known(repository, name);
  changeConfig(call.context, configOf(repository), `remote.${name}.${flags.has('push') ? 'pushurl' : 'url'}`, url);
  return 0;
};

const remove: Action = async (call, [name]) => {
  const repository = call.repository();
  known(repository, name, ':');
  for (const { name: ref, oid } of await listRefs(repository, `refs/remotes/${name}`))
    await moveRef(repository, { name: ref, before: oid, after: undefined, reason: '' });
  repository.writeState(`refs/remotes/${name}`, undefined);
  repository.writeState(`logs/refs/remotes/${name}`, undefined);
  for (const branch of followers(repository, name ?? ''))
    for (const key of ['remote', 'merge'])
      changeConfig(call.context, configOf(repository), `branch.${branch}.${key}`, undefined);
  renameSection(call.context, configOf(repository), `remote.${name}`, undefined);
  return 0;
};

/** The branches that follow one of a remote. */
function followers(repository: Repository, remote: string): string[] {
  return readConfig(repository.context, [configOf(repository)]).flatMap(({ key, value }) => {
    const branch = /^branch\.(.*)\.remote$/.exec(key)?.[1];
    return branch !== undefined && value === remote ? [branch] : [];
  });
}

const rename: Action = async (call, [from = '', to = '']) => {
  const repository = call.repository();
  known(repository, from, ':');
  if (remotesOf(repository).some((item) => item.name === to))
    throw new GitError(`remote ${to} already exists.`, 3, '', 'error');
  const file = configOf(repository);
  renameSection(call.context, file, `remote.${from}`, `remote.${to}`);
  changeConfig(call.context, file, `remote.${to}.fetch`, `+refs/heads/*:refs/remotes/${to}/*`);
  for (const branch of followers(repository, from)) changeConfig(call.context, file, `branch.${branch}.remote`, to);
  const moved = (name: string) => name.replace(`refs/remotes/${from}/`, `refs/remotes/${to}/`);
  for (const { name, oid } of await listRefs(repository, `refs/remotes/${from}`)) {
    const target = symbolicTarget(repository, name);
    await moveRef(repository, { name, before: oid, after: undefined, reason: '' });
    if (target !== undefined) repository.writeState(moved(name), `ref: ${moved(target)}\n`);
    else
      await moveRef(repository, {
        name: moved(name),
        before: undefined,
        after: oid,
        reason: `remote: renamed ${name} to ${moved(name)}`,
      });
  }
  return 0;
};

const prune: Action = async (call, [name]) => {
  const repository = call.repository();
  const found = remoteNamed(repository, name ?? 'origin');
  const theirs = new Set((await listRefs(openRemote(call, found.url, repository.root))).map((ref) => ref.name));
  const gone = (await listRefs(repository, `refs/remotes/${found.name}`)).filter(
    (ref) => !ref.name.endsWith('/HEAD') && !theirs.has(ref.name.replace(`refs/remotes/${found.name}/`, 'refs/heads/')),
  );
  if (gone.length > 0) await call.print(`Pruning ${found.name}\nURL: ${found.url}\n`);
  for (const ref of gone) {
    await moveRef(repository, { name: ref.name, before: ref.oid, after: undefined, reason: '' });
    await call.print(` * [pruned] ${shortRef(ref.name)}\n`);
  }
  return 0;
};

const setHead: Action = async (call, [name = '', branch], { flags }) => {
  const repository = call.repository();
  const found = remoteNamed(repository, name);
  const head = `refs/remotes/${name}/HEAD`;
  if (flags.has('delete')) {
    repository.writeState(head, undefined);
    return 0;
  }
  const wanted = flags.has('auto') ? openRemote(call, found.url, repository.root).branch() : branch;
  if (wanted === undefined) throw new GitError('Cannot determine remote HEAD', 1, '', 'error');
  if ((await repository.tryRef(`refs/remotes/${name}/${wanted}`)) === undefined)
    throw new GitError(`Not a valid ref: refs/remotes/${name}/${wanted}`, 1, '', 'error');
  repository.writeState(head, `ref: refs/remotes/${name}/${wanted}\n`);
  if (flags.has('auto')) await call.print(`${name}/HEAD set to ${wanted}\n`);
  return 0;
};

const update: Action = async (call, _words, options) => await fetchAll(call, options);

const show: Action = async (call, [name]) => {
  const repository = call.repository();
  const found = remoteNamed(repository, name ?? 'origin');
  const target = openRemote(call, found.url, repository.root);
  const theirs = (await listRefs(target, 'refs/heads')).map((ref) => ({ ...ref, name: shortRef(ref.name) }));
  const seen = new Set((await listRefs(repository, `refs/remotes/${found.name}`)).map((ref) => ref.name));
  const plural = (rows: readonly unknown[]) => (rows.length === 1 ? '' : 'es');
  const width = (names: readonly string[]) => Math.max(0, ...names.map((item) => item.length));
  const nameWidth = width(theirs.map((ref) => ref.name));
  let text = `* remote ${found.name}\n  Fetch URL: ${found.url}\n  Push  URL: ${found.pushUrl}\n  HEAD branch: ${target.branch() ?? '(unknown)'}\n`;
  if (theirs.length > 0) text += `  Remote branch${plural(theirs)}:\n`;
  for (const ref of theirs) {
    const state = seen.has(`refs/remotes/${found.name}/${ref.name}`)
      ? 'tracked'
      : `new (next fetch will store in remotes/${found.name})`;
    text += `    ${ref.name.padEnd(nameWidth)} ${state}\n`;
  }
  const pulls = followers(repository, found.name).sort();
  if (pulls.length > 0) text += `  Local branch${plural(pulls)} configured for 'git pull':\n`;
  const merges = new Map(readConfig(repository.context, [configOf(repository)]).map(({ key, value }) => [key, value]));
  for (const branch of pulls)
    text += `    ${branch.padEnd(width(pulls))} merges with remote ${shortRef(merges.get(`branch.${branch}.merge`) ?? '')}\n`;
  const pushes: { name: string; state: string }[] = [];
  for (const { name: ref, oid } of await listRefs(repository, 'refs/heads')) {
    const there = theirs.find((item) => item.name === shortRef(ref));
    if (there) pushes.push({ name: there.name, state: await pushState(repository, oid, there.oid) });
  }
  const pushWidth = width(pushes.map((item) => item.name));
  if (pushes.length > 0) text += `  Local ref${pushes.length === 1 ? '' : 's'} configured for 'git push':\n`;
  for (const { name: branch, state } of pushes)
    text += `    ${branch.padEnd(pushWidth)} pushes to ${branch.padEnd(pushWidth)} (${state})\n`;
  await call.print(text);
  return 0;
};

async function pushState(repository: Repository, here: string, there: string): Promise<string> {
  if (here === there) return 'up to date';
  const known = await repository.hasObject(there);
  return known && (await reachableFrom(repository, here)).has(there) ? 'fast-forwardable' : 'local out of date';
}

const actions: Readonly<Record<string, Action>> = {
  add,
  'get-url': getUrl,
  'set-url': setUrl,
  remove,
  rm: remove,
  rename,
  prune,
  show,
  update,
  'set-head': setHead,
};
