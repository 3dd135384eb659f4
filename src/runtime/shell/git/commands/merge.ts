/** git merge, and what else merges into the work tree. */

import type { GitCall, GitCommand } from '../call.ts';
import { findFileChanges } from '../changes.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { formatDiff } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { walkCommits } from '../history.ts';
import { identity } from '../identity.ts';
import { formatCommit } from '../log-format.ts';
import { type Labels, type MergeResult, mergeTrees } from '../merge-files.ts';
import { reachableFrom } from '../reachable.ts';
import type { FileMap, FileState, Repository } from '../repository.ts';
import { trackedBranch } from '../tracking.ts';
import { moveWorkTree, recordConflicts, resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { cleanMessage, commit as commitCommand } from './commit.ts';
import { loadFrom, mergeBase } from './diff.ts';

const STATES = ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'SQUASH_MSG', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];

export function clearStates(repository: Repository): void {
  for (const name of STATES) repository.writeState(name, undefined);
}

export async function conflictReport(call: GitCall, { merged, conflicts }: MergeResult, labels: Labels): Promise<void> {
  const kinds = new Map(conflicts.map((conflict) => [conflict.path, conflict]));
  for (const path of [...new Set([...merged, ...kinds.keys()])].sort()) {
    if (merged.includes(path)) await call.print(`Auto-merging ${path}\n`);
    const conflict = kinds.get(path);
    if (!conflict) continue;
    if (conflict.kind !== 'modify/delete') await call.print(`CONFLICT (${conflict.kind}): Merge conflict in ${path}\n`);
    else {
      const [gone, kept] = conflict.ours ? [labels.theirs, labels.ours] : [labels.ours, labels.theirs];
      await call.print(
        `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${kept}.  Version ${kept} of ${path} left in tree.\n`,
      );
    }
  }
}

/** Merges into work tree and index. */
export async function mergeInto(
  repository: Repository,
  sides: { base: FileMap; ours: FileMap; theirs: FileMap },
  labels: Labels,
  operation: string,
): Promise<MergeResult> {
  const result = await mergeTrees(repository, sides, labels);
  await moveWorkTree(repository, {
    from: sides.ours,
    to: result.files,
    operation,
    advice: operation === 'merge' ? 'merge' : 'continue',
  });
  if (result.conflicts.length > 0) recordConflicts(repository, result.files, result.conflicts);
  return result;
}

export const merge: GitCommand = async (call) => await mergeNamed(call, undefined);

/** As git merge; with the first line of the message, where what is merged has a name elsewhere. */
export async function mergeNamed(call: GitCall, title: string | undefined): Promise<number> {
  const options = readOptions(call.args, {
    flags:
      'abort continue quit no-ff ff ff-only squash no-squash no-commit commit no-edit edit e q quiet v verbose stat no-stat n allow-unrelated-histories autostash no-verify log no-log signoff progress no-progress',
    values: 'm message s strategy X strategy-option F file',
    aliases: { m: 'message', q: 'quiet', X: 'strategy-option', s: 'strategy' },
  });
  const strategy = lastOf(options, 'strategy');
  if (strategy !== undefined && !['ort', 'recursive', 'resolve', 'ours'].includes(strategy))
    throw new GitError(
      `Could not find merge strategy '${strategy}'.\nAvailable strategies are: octopus ours recursive resolve subtree.`,
      1,
      '',
      'none',
    );
  const favour = ['ours', 'theirs'].find((side) => options.values.get('strategy-option')?.includes(side));
  const repository = call.repository();
  const { flags } = options;
  if (flags.has('abort') || flags.has('quit')) {
    if (repository.readState('MERGE_HEAD') === undefined)
      throw new GitError('There is no merge to abort (MERGE_HEAD missing).');
    if (flags.has('abort')) await resetHard(repository, await repository.headFiles());
    clearStates(repository);
    return 0;
  }
  if (flags.has('continue')) {
    if (repository.readState('MERGE_HEAD') === undefined)
      throw new GitError('There is no merge in progress (MERGE_HEAD missing).');
    return await commitCommand({ ...call, args: [] });
  }
  if (repository.conflicts().size > 0)
    throw new GitError(
      'Exiting because of an unresolved conflict.',
      128,
      "error: Merging is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\n",
    );
  if (repository.readState('MERGE_HEAD') !== undefined)
    throw new GitError(
      'You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.',
    );
  const current = repository.branch();
  const name = options.words[0] ?? (current === undefined ? undefined : trackedBranch(repository, current)?.shown);
  if (name === undefined) throw new GitError('No remote for the current branch.');
  const theirs = await repository.tryResolve(name);
  if (theirs === undefined) throw new GitError(`merge: ${name} - not something we can merge`, 1, '', 'none');
  const head = await repository.resolve('HEAD');
  if ((await reachableFrom(repository, head)).has(theirs)) {
    if (!flags.has('quiet'))
      await call.print(flags.has('squash') ? 'Already up to date. (nothing to squash)\n' : 'Already up to date.\n');
    return 0;
  }
  repository.writeState('ORIG_HEAD', `${head}\n`);
  const base = await mergeBase(repository, head, theirs);
  if (base === head && !flags.has('no-ff') && !flags.has('squash') && strategy !== 'ours') {
    const [from, to] = [await repository.readTree(head), await repository.readTree(theirs)];
    await moveWorkTree(repository, { from, to, operation: 'merge', advice: 'merge' });
    await repository.moveHead(theirs, `merge ${name}: Fast-forward`);
    if (!flags.has('quiet'))
      await call.print(
        `Updating ${head.slice(0, 7)}..${theirs.slice(0, 7)}\nFast-forward\n${flags.has('no-stat') || flags.has('n') ? '' : await mergeStat(repository, from, to)}`,
      );
    return 0;
  }
  if (flags.has('ff-only')) throw new GitError('Not possible to fast-forward, aborting.');
  return await mergeTrue(call, {
    name,
    head,
    theirs,
    base,
    squash: flags.has('squash'),
    quiet: flags.has('quiet'),
    stat: !flags.has('no-stat') && !flags.has('n'),
    ours: strategy === 'ours',
    favour: favour === 'ours' || favour === 'theirs' ? favour : undefined,
    unrelated: flags.has('allow-unrelated-histories'),
    commit: !flags.has('no-commit'),
    message: lastOf(options, 'message'),
    title,
  });
}

async function mergeStat(repository: Repository, before: FileMap, after: FileMap): Promise<string> {
  const load = loadFrom(repository);
  const changes = await findFileChanges({ before, after, loadBefore: load, loadAfter: load }, () => true);
  return await formatDiff({
    changes,
    loadBefore: load,
    loadAfter: load,
    formats: new Set(['stat', 'summary']),
    context: 3,
  });
}

interface TrueMerge {
  name: string;
  head: string;
  theirs: string;
  base: string | undefined;
  squash: boolean;
  quiet: boolean;
  stat: boolean;
  /** Our files stay as they are. */
  ours: boolean;
  favour: 'ours' | 'theirs' | undefined;
  unrelated: boolean;
  commit: boolean;
  message: string | undefined;
  title: string | undefined;
}

async function mergeTrue(
  call: GitCall,
  { name, head, theirs, base, squash, commit, message, quiet, stat, ours, favour, unrelated, title }: TrueMerge,
): Promise<number> {
  const repository = call.repository();
  const tell = async (text: string) => {
    if (!quiet) await call.print(text);
  };
  if (base === undefined && !unrelated) throw new GitError('refusing to merge unrelated histories');
  const sides = {
    base: base === undefined ? new Map<string, FileState>() : await repository.readTree(base),
    ours: await repository.readTree(head),
    theirs: await repository.readTree(theirs),
  };
  const labels = { ours: 'HEAD', theirs: name, favour };
  const result: MergeResult = ours
    ? { files: sides.ours, conflicts: [], merged: [] }
    : await mergeInto(repository, sides, labels, 'merge');
  // What could be merged is told of only beside what could not, where little is to be said.
  if (!quiet || result.conflicts.length > 0) await conflictReport(call, result, labels);
  const current = repository.branch();
  const into = current === undefined || current === 'master' || current === 'main' ? '' : ` into ${current}`;
  const text = message === undefined ? `${title ?? (await titleOf(repository, name))}${into}\n` : cleanMessage(message);
  if (squash) {
    repository.writeState('SQUASH_MSG', await squashMessage(repository, head, theirs));
    const fast = base === head && result.conflicts.length === 0;
    if (fast) await tell(`Updating ${head.slice(0, 7)}..${theirs.slice(0, 7)}\nFast-forward\n`);
    await tell('Squash commit -- not updating HEAD\n');
    if (fast && stat) await tell(await mergeStat(repository, sides.ours, result.files));
    if (result.conflicts.length > 0) {
      await call.print('Automatic merge failed; fix conflicts and then commit the result.\n');
      return 1;
    }
    if (!fast) await tell('Automatic merge went well; stopped before committing as requested\n');
    return 0;
  }
  if (result.conflicts.length > 0 || !commit) {
    repository.writeState('MERGE_HEAD', `${theirs}\n`);
    repository.writeState('MERGE_MODE', '');
    const list = result.conflicts.map(({ path }) => `#\t${path}\n`).join('');
    repository.writeState('MERGE_MSG', `${text}${list === '' ? '' : `\n# Conflicts:\n${list}`}`);
    await call.print(
      result.conflicts.length > 0
        ? 'Automatic merge failed; fix conflicts and then commit the result.\n'
        : 'Automatic merge went well; stopped before committing as requested\n',
    );
    return result.conflicts.length > 0 ? 1 : 0;
  }
  const author = await identity(repository, 'AUTHOR');
  const committer = await identity(repository, 'COMMITTER');
  const oid = await writeCommitObject(repository, {
    tree: await repository.writeTree(result.files),
    parents: [head, theirs],
    author,
    committer,
    message: text,
  });
  const made = `Merge made by the '${ours ? 'ours' : 'ort'}' strategy.`;
  await repository.moveHead(oid, `merge ${name}: ${made}`);
  await tell(`${made}\n${stat ? await mergeStat(repository, sides.ours, result.files) : ''}`);
  return 0;
}

async function titleOf(repository: Repository, name: string): Promise<string> {
  if ((await repository.tryRef(`refs/heads/${name}`)) !== undefined) return `Merge branch '${name}'`;
  if ((await repository.tryRef(`refs/tags/${name}`)) !== undefined) return `Merge tag '${name}'`;
  if ((await repository.tryRef(`refs/remotes/${name}`)) !== undefined) return `Merge remote-tracking branch '${name}'`;
  return `Merge commit '${name}'`;
}

/** What was squashed, for the message of the commit to come. */
async function squashMessage(repository: Repository, head: string, theirs: string): Promise<string> {
  const known = await reachableFrom(repository, head);
  const commits = await walkCommits(repository, [theirs], known);
  const texts = commits.map((commit) => {
    const refs = '';
    return formatCommit({ commit, format: 'medium', date: 'default', refs, decoration: refs, fullHash: true });
  });
  return `Squashed commit of the following:\n\n${texts.join('\n')}`;
}
