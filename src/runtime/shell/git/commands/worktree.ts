/** git worktree: a repository here has the one that it began with. */
import type { GitCommand } from '../call.ts';
import { GitError } from '../git-error.ts';

export const worktree: GitCommand = async (call) => {
  const [action, ...args] = call.args;
  const repository = call.repository();
  if (action === 'prune') return 0;
  if (action !== 'list')
    throw new GitError(`git worktree ${action ?? ''} is not available in this sandbox: clone the repository instead`);
  const head = await repository.tryResolve('HEAD');
  const branch = repository.branch();
  if (args.includes('--porcelain')) {
    const stands = branch === undefined ? 'detached' : `branch refs/heads/${branch}`;
    const about = repository.bare ? 'bare' : `HEAD ${head ?? '0'.repeat(40)}\n${stands}`;
    await call.print(`worktree ${repository.root}\n${about}\n\n`);
    return 0;
  }
  const about = repository.bare
    ? '(bare)'
    : `${(head ?? '0'.repeat(40)).slice(0, 7)} ${branch === undefined ? '(detached HEAD)' : `[${branch}]`}`;
  await call.print(`${repository.root}  ${about}\n`);
  return 0;
};
