/** git push. */
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { runHook } from '../hooks.ts';
import { shortRef } from '../refs.ts';
import { type Pushed, pushTo } from '../remotes/push.ts';
import { defaultRemote, type Remote, remoteNamed } from '../remotes/remote.ts';
import { trackedBranch } from '../tracking.ts';
import { followBranch } from './branch.ts';

export const push: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'u set-upstream f force force-with-lease force-if-includes no-force-with-lease all branches mirror tags follow-tags no-follow-tags d delete n dry-run q quiet v verbose no-verify verify porcelain atomic no-atomic prune progress no-progress 4 6',
    values: 'o push-option repo receive-pack recurse-submodules',
    aliases: { u: 'set-upstream', f: 'force', d: 'delete', n: 'dry-run', q: 'quiet', v: 'verbose' },
  });
  const { flags, words } = options;
  const repository = call.repository();
  const remote = remoteNamed(repository, words[0] ?? lastOf(options, 'repo') ?? (await defaultRemote(repository)));
  if (words.length === 0 && !remote.isConfigured && remote.name !== '.') throw new GitError(NO_DESTINATION);
  const specs = await specsOf(call, options, remote);
  if (!flags.has('no-verify') && (await runHook(call, 'pre-push', [remote.name, remote.pushUrl])) !== 0)
    throw new GitError(`failed to push some refs to '${remote.pushUrl}'`, 1, '', 'error');
  const pushed = await pushTo(call, {
    remote,
    specs,
    force: flags.has('force') || flags.has('mirror'),
    lease: flags.has('force-with-lease'),
    dryRun: flags.has('dry-run'),
    quiet: flags.has('quiet'),
    verbose: flags.has('verbose'),
  });
  const follows = flags.has('set-upstream') || (await setsUpItself(call, options));
  if (follows && !flags.has('dry-run')) await followPushed(call, remote, pushed);
  return pushed.status;
};

const NO_DESTINATION = `No configured push destination.
Either specify the URL from the command-line or configure a remote repository using

    git remote add <name> <url>

and then push using the remote name

    git push <name>
`;

async function specsOf(call: GitCall, options: GitOptions, remote: Remote): Promise<string[]> {
  const { flags, words } = options;
  const named = words.slice(1);
  if (flags.has('delete')) {
    if (named.length === 0) throw new GitError("--delete doesn't make sense without any refs");
    return named.map((name) => `:${name}`);
  }
  const [first, second] = named;
  const given = first === 'tag' && second !== undefined ? [`refs/tags/${second}`] : named;
  if (flags.has('mirror')) return ['refs/*'];
  if (flags.has('all') || flags.has('branches')) return ['refs/heads/*'];
  if (flags.has('tags')) return [...given, 'refs/tags/*'];
  if (given.length > 0) return given;
  const [spec] = [await defaultSpec(call, options, remote)];
  return flags.has('follow-tags') ? [spec, 'refs/tags/*'] : [spec];
}

/** What is pushed when nothing is named: the current branch, to the branch of its name that it follows. */
async function defaultSpec(call: GitCall, options: GitOptions, remote: Remote): Promise<string> {
  const repository = call.repository();
  const branch = repository.branch();
  if (branch === undefined)
    throw new GitError(
      `You are not currently on a branch.\nTo push the history leading to the current (detached HEAD)\nstate now, use\n\n    git push ${remote.name} HEAD:<name-of-remote-branch>\n`,
    );
  const way = (await repository.config('push.default')) ?? 'simple';
  const followed = trackedBranch(repository, branch);
  const central = options.words.length === 0 || followed?.remote === remote.name;
  if (
    way === 'current' ||
    (way === 'simple' && !central) ||
    options.flags.has('set-upstream') ||
    (await setsUpItself(call, options))
  )
    return `refs/heads/${branch}`;
  if (way === 'nothing') throw new GitError('You didn\'t specify any refspecs to push, and push.default is "nothing".');
  if (way === 'matching') return 'refs/heads/*';
  if (!followed || followed.remote !== remote.name) {
    if (way === 'simple' && options.words.length > 0) return `refs/heads/${branch}`;
    throw new GitError(noUpstream(branch, remote.name));
  }
  const to = shortRef(followed.merge);
  if (way === 'simple' && to !== branch) throw new GitError(otherName(remote.name, to));
  return `refs/heads/${branch}:${followed.merge}`;
}

async function setsUpItself(call: GitCall, { words }: GitOptions): Promise<boolean> {
  const repository = call.repository();
  const branch = repository.branch();
  if (words.length > 1 || branch === undefined || trackedBranch(repository, branch)) return false;
  return (await repository.config('push.autosetupremote')) === 'true';
}

const noUpstream = (branch: string, remote: string) =>
  `The current branch ${branch} has no upstream branch.
To push the current branch and set the remote as upstream, use

    git push --set-upstream ${remote} ${branch}

To have this happen automatically for branches without a tracking
upstream, see 'push.autoSetupRemote' in 'git help config'.
`;

const otherName = (remote: string, to: string) =>
  `The upstream branch of your current branch does not match
the name of your current branch.  To push to the upstream branch
on the remote, use

    git push ${remote} HEAD:${to}

To push to the branch of the same name on the remote, use

    git push ${remote} HEAD

To choose either option permanently, see push.default in 'git help config'.

To avoid automatically configuring an upstream branch when its name
won't match the local branch, see option 'simple' of branch.autoSetupMerge
in 'git help config'.
`;

async function followPushed(call: GitCall, remote: Remote, { branches }: Pushed): Promise<void> {
  if (!remote.isConfigured) return;
  for (const { from, to } of branches) await followBranch(call, from, { remote: remote.name, merge: to });
}
