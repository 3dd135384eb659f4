/** git fetch, ls-remote. */
import { patternToRegExp } from '../../expansion/pattern.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { listRefs } from '../refs.ts';
import { fetchFrom } from '../remotes/fetch.ts';
import { defaultRemote, openRemote, remoteNamed, remotesOf } from '../remotes/remote.ts';

export const FETCH_FLAGS =
  'all a append t tags n no-tags p prune P prune-tags f force q quiet v verbose dry-run k keep j jobs atomic no-auto-gc no-auto-maintenance no-write-fetch-head no-recurse-submodules recurse-submodules progress no-progress update-head-ok u unshallow 4 6';
export const FETCH_VALUES = 'depth deepen o upload-pack filter shallow-since';
export const FETCH_ALIASES = { t: 'tags', n: 'no-tags', p: 'prune', f: 'force', q: 'quiet', v: 'verbose', a: 'append' };

/** What the options ask for, whichever remote it is. */
export function fetchSettings({ flags }: Pick<GitOptions, 'flags'>) {
  return {
    prune: flags.has('prune'),
    tags: flags.has('tags') ? 'all' : flags.has('no-tags') ? 'none' : 'followed',
    force: flags.has('force'),
    dryRun: flags.has('dry-run'),
    quiet: flags.has('quiet'),
    verbose: flags.has('verbose'),
  } as const;
}

export const fetch: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: FETCH_FLAGS, values: FETCH_VALUES, aliases: FETCH_ALIASES });
  if (options.flags.has('all')) return await fetchAll(call, options);
  const repository = call.repository();
  const [name = await defaultRemote(repository), ...specs] = options.words;
  const remote = remoteNamed(repository, name);
  const append = options.flags.has('append');
  return (await fetchFrom(call, { ...fetchSettings(options), remote, specs, append })).status;
};

/** `git fetch --all` and `git remote update`: what fails is told, the others are fetched. */
export async function fetchAll(call: GitCall, options: Pick<GitOptions, 'flags'>): Promise<number> {
  let status = 0;
  let append = options.flags.has('append');
  for (const remote of remotesOf(call.repository())) {
    await call.print(`Fetching ${remote.name}\n`);
    try {
      status = Math.max(
        status,
        (await fetchFrom(call, { ...fetchSettings(options), remote, specs: [], append })).status,
      );
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      await call.warn(`${error.before}fatal: ${error.message}\nerror: could not fetch ${remote.name}\n`);
      status = 1;
    }
    append = true;
  }
  return status;
}

export const lsRemote: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'h heads branches t tags refs q quiet exit-code get-url symref',
    values: 'sort upload-pack o server-option',
    aliases: { h: 'heads', branches: 'heads', t: 'tags', q: 'quiet' },
  });
  const { flags } = options;
  const [name, ...patterns] = options.words;
  const url = await addressOf(call, name);
  if (flags.has('get-url')) {
    await call.print(`${url}\n`);
    return 0;
  }
  const source = openRemote(call, url, name === undefined ? call.repository().root : call.cwd);
  if (name === undefined && !flags.has('quiet')) await call.warn(`From ${url}\n`);
  const head = await source.tryResolve('HEAD');
  const branch = source.branch();
  const rows = head === undefined ? [] : [{ name: 'HEAD', oid: head }];
  for (const ref of await listRefs(source)) {
    rows.push(ref);
    const peeled = ref.name.startsWith('refs/tags/') ? await source.peel(ref.oid) : ref.oid;
    if (peeled !== ref.oid) rows.push({ name: `${ref.name}^{}`, oid: peeled });
  }
  const kinds = [flags.has('heads') ? 'refs/heads/' : [], flags.has('tags') ? 'refs/tags/' : []].flat();
  const tests = patterns.map((pattern) => patternToRegExp(`*/${pattern}`));
  const shown = rows.filter(
    (row) =>
      (kinds.length === 0 || kinds.some((kind) => row.name.startsWith(kind))) &&
      (!flags.has('refs') || (row.name.startsWith('refs/') && !row.name.endsWith('^{}'))) &&
      (tests.length === 0 || tests.some((test) => test.test(`/${row.name}`))),
  );
  if (flags.has('symref') && branch !== undefined && shown[0]?.name === 'HEAD')
    await call.print(`ref: refs/heads/${branch}\tHEAD\n`);
  for (const row of shown) await call.print(`${row.oid}\t${row.name}\n`);
  return shown.length === 0 && flags.has('exit-code') ? 2 : 0;
};

async function addressOf(call: GitCall, name: string | undefined): Promise<string> {
  if (name === undefined) {
    const repository = call.repository();
    const remote = remoteNamed(repository, await defaultRemote(repository));
    if (!remote.isConfigured) throw new GitError('No remote configured to list refs from.');
    return remote.url;
  }
  try {
    return remoteNamed(call.repository(), name).url;
  } catch (error) {
    // An address needs no repository here.
    if (error instanceof GitError) return name;
    throw error;
  }
}
