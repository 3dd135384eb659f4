/** git init; and gc, prune and their like. */
import { resolvePath } from '../../paths.ts';
import type { GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { configuredBranch, createRepository } from '../create-repository.ts';

const HINT = `hint: Using 'master' as the name for the initial branch. This default branch name
hint: is subject to change. To configure the initial branch name to use in all
hint: of your new repositories, which will suppress this warning, call:
hint: 
hint: \tgit config --global init.defaultBranch <name>
hint: 
hint: Names commonly chosen instead of 'master' are 'main', 'trunk' and
hint: 'development'. The just-created branch can be renamed via this command:
hint: 
hint: \tgit branch -m <name>
`;

export const init: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'q quiet bare',
    values: 'b initial-branch template object-format shared',
    aliases: { b: 'initial-branch', q: 'quiet' },
  });
  const root = resolvePath(call.cwd, options.words[0] ?? '.');
  const bare = options.flags.has('bare');
  const gitdir = bare ? root : `${root}/.git`;
  const exists = call.context.sys.call('statOrNull', `${gitdir}/HEAD`, true) !== null;
  const branch = lastOf(options, 'initial-branch') ?? configuredBranch(call.context);
  const quiet = options.flags.has('quiet');
  if (!exists) {
    if (branch === undefined && !quiet) await call.warn(HINT);
    createRepository(call.context, { gitdir, bare, branch: branch ?? 'master' });
  }
  if (!quiet)
    await call.print(`${exists ? 'Reinitialized existing' : 'Initialized empty'} Git repository in ${gitdir}/\n`);
  return 0;
};

/** gc, prune, fsck and their like: objects here need no care. */
export const nothing: GitCommand = async (call) => {
  call.repository();
  return 0;
};
