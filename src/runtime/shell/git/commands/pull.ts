/** git pull: fetch, then merge or rebase. */
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { reachableFrom } from '../reachable.ts';
import { fetchFrom } from '../remotes/fetch.ts';
import { defaultRemote, remoteNamed, remotesOf } from '../remotes/remote.ts';
import { Repository } from '../repository.ts';
import { trackedBranch } from '../tracking.ts';
import { moveTo } from './checkout.ts';
import { FETCH_ALIASES, FETCH_FLAGS, FETCH_VALUES, fetchSettings } from './fetch.ts';
import { mergeNamed } from './merge.ts';
import { rebase } from './rebase.ts';

const MERGE_FLAGS =
  'ff no-ff ff-only squash no-squash commit no-commit edit no-edit e stat no-stat allow-unrelated-histories no-verify autostash no-autostash signoff';

export const pull: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: `${FETCH_FLAGS} ${MERGE_FLAGS} rebase r no-rebase`,
    values: `${FETCH_VALUES} s strategy X strategy-option`,
    aliases: { ...FETCH_ALIASES, r: 'rebase' },
  });
  const repository = call.repository();
  const way = await wayOf(repository, options);
  const branch = repository.branch();
  const tracks = branch !== undefined && trackedBranch(repository, branch) !== undefined;
  if (options.words.length === 0 && !tracks && remotesOf(repository).length === 0) {
    await call.warn(nothingToMerge(repository, way === 'rebase', false));
    return 1;
  }
  const [name = await defaultRemote(repository), ...specs] = options.words;
  const remote = remoteNamed(repository, name);
  const { status, merged } = await fetchFrom(call, { ...fetchSettings(options), remote, specs });
  if (status !== 0) return status;
  const [first] = merged;
  if (!first) {
    await call.warn(nothingToMerge(repository, way === 'rebase', specs.length > 0));
    return 1;
  }
  const head = await repository.tryResolve('HEAD');
  if (head === undefined) return await takeAll(repository, first.oid);
  const quiet = options.flags.has('quiet');
  const upToDate = (await reachableFrom(repository, head)).has(first.oid);
  const forward = (await reachableFrom(repository, first.oid)).has(head);
  if (!upToDate && !forward) {
    if (way === 'unsaid') throw new GitError('Need to specify how to reconcile divergent branches.', 128, DIVERGENT);
    if (way === 'ff-only') throw new GitError('Not possible to fast-forward, aborting.');
    if (way === 'rebase')
      return await rebaseOnto(call, [
        ...(quiet ? ['-q'] : []),
        ...(options.flags.has('autostash') ? ['--autostash'] : []),
        first.oid,
      ]);
  }
  const passed = MERGE_FLAGS.split(' ')
    .filter((flag) => options.flags.has(flag))
    .map((flag) => `--${flag}`);
  const chosen = (options.values.get('strategy-option') ?? options.values.get('X') ?? []).map((value) => `-X${value}`);
  const names = `Merge ${merged.map((item) => item.name).join(', ')}`;
  return await mergeNamed({ ...call, args: [...passed, ...chosen, ...(quiet ? ['-q'] : []), first.oid] }, names);
};

/** The notes of the moves tell that it was a pull. */
async function rebaseOnto(call: GitCall, args: string[]): Promise<number> {
  const context = { ...call.context, env: new Map([...call.context.env, ['GIT_REFLOG_ACTION', 'pull --rebase']]) };
  const repository = new Repository(context, call.repository().root, call.repository().gitdir);
  return await rebase({ ...call, context, args, repository: () => repository });
}

type Way = 'merge' | 'rebase' | 'ff-only' | 'unsaid';

async function wayOf(repository: Repository, options: GitOptions): Promise<Way> {
  const { flags } = options;
  const asWay = (value: string | undefined): Way | undefined =>
    value === undefined ? undefined : value === 'false' ? 'merge' : 'rebase';
  if (flags.has('no-rebase')) return flags.has('ff-only') ? 'ff-only' : 'merge';
  if (flags.has('rebase')) return asWay(lastOf(options, 'rebase') ?? 'true') ?? 'rebase';
  if (flags.has('ff-only')) return 'ff-only';
  if (flags.has('ff') || flags.has('no-ff') || flags.has('squash')) return 'merge';
  const branch = repository.branch();
  const configured = asWay(
    (await repository.config(`branch.${branch}.rebase`)) ?? (await repository.config('pull.rebase')),
  );
  const forward = await repository.config('pull.ff');
  return configured ?? (forward === 'only' ? 'ff-only' : forward === undefined ? 'unsaid' : 'merge');
}

const DIVERGENT = `hint: You have divergent branches and need to specify how to reconcile them.
hint: You can do so by running one of the following commands sometime before
hint: your next pull:
hint: 
hint:   git config pull.rebase false  # merge
hint:   git config pull.rebase true   # rebase
hint:   git config pull.ff only       # fast-forward only
hint: 
hint: You can replace "git config" with "git config --global" to set a default
hint: preference for all repositories. You can also pass --rebase, --no-rebase,
hint: or --ff-only on the command line to override the configured default per
hint: invocation.
`;

function nothingToMerge(repository: Repository, rebases: boolean, named: boolean): string {
  const verb = rebases ? 'rebase against' : 'merge with';
  if (named)
    return `There are no candidates for ${rebases ? 'rebasing against' : 'merging'} among the refs that you just fetched.\n`;
  const branch = repository.branch();
  const tracked = branch === undefined ? undefined : trackedBranch(repository, branch);
  if (tracked)
    return `Your configuration specifies to merge with the ref '${tracked.merge}'\nfrom the remote, but no such ref was fetched.\n`;
  if (branch === undefined)
    return `You are not currently on a branch.\nPlease specify which branch you want to ${verb}.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\n`;
  return `There is no tracking information for the current branch.\nPlease specify which branch you want to ${verb}.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=${remoteShown(repository)}/<branch> ${branch}\n\n`;
}

const remoteShown = (repository: Repository) => {
  const remotes = remotesOf(repository);
  return remotes.length === 1 ? remotes[0]?.name : '<remote>';
};

/** The first commits of a branch that has none. */
async function takeAll(repository: Repository, oid: string): Promise<number> {
  await moveTo(repository, oid);
  await repository.moveHead(oid, 'initial pull');
  return 0;
}
