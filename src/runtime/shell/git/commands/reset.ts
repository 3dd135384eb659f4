/** git reset. */
import type { GitCall, GitCommand } from '../call.ts';
import { readOptions } from '../command-line.ts';
import { quotePath } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { subject } from '../log-format.ts';
import type { Repository } from '../repository.ts';
import { moveWorkTree, resetHard } from '../work-tree.ts';
import { choosePaths } from './checkout.ts';
import { unstageHunks } from './choose.ts';
import { readStatus } from './status.ts';

export const reset: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'soft mixed hard merge keep q quiet N p patch',
    aliases: { q: 'quiet', p: 'patch' },
  });
  const repository = call.repository();
  const [first, ...rest] = options.words;
  const named = first !== undefined && (await repository.tryResolve(first)) !== undefined;
  const paths = [...(named ? rest : options.words), ...(options.paths ?? [])];
  const target = named ? first : 'HEAD';
  if (
    first !== undefined &&
    !named &&
    !options.paths &&
    !repository.statFile(repository.relative(first, call.cwd)) &&
    !repository.entries.some(({ path }) => path === first)
  )
    await repository.resolve(first);
  const quiet = options.flags.has('quiet');
  if (options.flags.has('patch')) {
    if (target !== 'HEAD') throw new GitError('choosing hunks of another commit is not supported in this sandbox');
    return await unstageHunks(call, paths);
  }
  if (paths.length > 0) {
    const source =
      (await repository.tryResolve(target)) === undefined
        ? new Map()
        : await repository.readTree(await repository.resolve(target));
    const next = repository.indexMap();
    for (const path of choosePaths(call, repository, new Map([...next, ...source]), paths)) {
      const state = source.get(path);
      if (state) next.set(path, state);
      else next.delete(path);
    }
    repository.setIndex(next);
    if (!quiet) await reportUnstaged(call, repository);
    return 0;
  }
  const oid = await repository.tryResolve(target);
  if (oid === undefined) {
    repository.setIndex(new Map());
    return 0;
  }
  const commit = await repository.readCommit(oid);
  const files = await repository.readTree(oid);
  const before = await repository.headFiles();
  const old = await repository.tryResolve('HEAD');
  if (old !== undefined) repository.writeState('ORIG_HEAD', `${old}\n`);
  await repository.moveHead(commit.oid, `reset: moving to ${target}`);
  if (!options.flags.has('soft'))
    for (const name of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'])
      repository.writeState(name, undefined);
  if (options.flags.has('keep')) {
    await moveWorkTree(repository, { from: before, to: files, operation: 'reset', advice: 'reset' });
  } else if (options.flags.has('hard')) {
    await resetHard(repository, files);
    if (!quiet) await call.print(`HEAD is now at ${commit.oid.slice(0, 7)} ${subject(commit)}\n`);
  } else if (!options.flags.has('soft')) {
    repository.setIndex(files);
    if (!quiet) await reportUnstaged(call, repository);
  }
  return 0;
};

async function reportUnstaged(call: GitCall, repository: Repository): Promise<void> {
  const { unstaged } = await readStatus(repository);
  if (unstaged.length > 0)
    await call.print(
      `Unstaged changes after reset:\n${unstaged.map(({ status, path }) => `${status}\t${quotePath(path)}\n`).join('')}`,
    );
}
