/** git rebase: the commits of a branch made anew on top of another. */
import type { GitCall, GitCommand } from '../call.ts';
import { changeKey } from '../change-key.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { walkCommits } from '../history.ts';
import { editFile } from '../hooks.ts';
import { identity } from '../identity.ts';
import { reachableFrom } from '../reachable.ts';
import type { CommitInfo, Repository } from '../repository.ts';
import { trackedBranch } from '../tracking.ts';
import { resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { moveTo } from './checkout.ts';
import { mergeBase } from './diff.ts';
import { autosquash, TODO_HELP, withRuns } from './rebase-list.ts';
import {
  actionOf,
  continueRebase,
  finishState,
  giveUp,
  placeOf,
  REBASE_STATE,
  readRebase,
  runTodo,
  skipUnchanged,
  todoLines,
  writeRebase,
} from './rebase-steps.ts';
import { stash } from './stash.ts';
import { readStatus } from './status.ts';

export const rebase: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'continue abort skip quit i interactive root q quiet autostash no-autostash f force-rebase no-ff keep-empty v verbose stat n no-stat no-autosquash autosquash r rebase-merges fork-point no-fork-point m merge apply edit-todo show-current-patch reapply-cherry-picks',
    values: 'onto x exec s strategy X strategy-option empty',
    aliases: { i: 'interactive', q: 'quiet', f: 'force-rebase', 'no-ff': 'force-rebase', x: 'exec' },
  });
  const repository = call.repository();
  const { flags } = options;
  const running = repository.readState(`${REBASE_STATE}/head-name`) !== undefined;
  if (['continue', 'abort', 'skip', 'quit'].some((flag) => flags.has(flag))) {
    if (!running) throw new GitError('No rebase in progress?');
    if (flags.has('continue')) return await continueRebase(call);
    if (flags.has('skip')) {
      await resetHard(repository, await repository.headFiles());
      return await runTodo(call);
    }
    if (flags.has('abort')) await giveUp(repository);
    await finishState(call);
    return 0;
  }
  if (running) throw new GitError(alreadyRunning());
  return await start(call, options);
};

const alreadyRunning = () =>
  `It seems that there is already a ${REBASE_STATE} directory, and\nI wonder if you are in the middle of another rebase.  If that is the\ncase, please try\n\tgit rebase (--continue | --abort | --skip)\nIf that is not the case, please\n\trm -fr ".git/${REBASE_STATE}"\nand run me again.  I am stopping in case you still have something\nvaluable there.\n`;

const noUpstream = (branch: string) =>
  `There is no tracking information for the current branch.\nPlease specify which branch you want to rebase against.\nSee git-rebase(1) for details.\n\n    git rebase '<branch>'\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=<remote>/<branch> ${branch}\n\n`;

async function start(call: GitCall, options: GitOptions): Promise<number> {
  const repository = call.repository();
  const { flags } = options;
  const current = repository.branch();
  const [
    first = flags.has('root') || current === undefined ? undefined : trackedBranch(repository, current)?.shown,
    branch,
  ] = flags.has('root') ? [undefined, options.words[0]] : options.words;
  if (first === undefined && !flags.has('root')) {
    await call.print(noUpstream(repository.branch() ?? 'HEAD'));
    return 1;
  }
  const upstream = first === undefined ? undefined : await repository.tryResolve(first === '-' ? '@{-1}' : first);
  if (first !== undefined && upstream === undefined) throw new GitError(`invalid upstream '${first}'`);
  const ontoName = lastOf(options, 'onto') ?? first;
  const onto = ontoName === undefined ? undefined : await repository.tryResolve(ontoName);
  if (ontoName !== undefined && onto === undefined)
    throw new GitError(`Does not point to a valid commit '${ontoName}'`);
  const tip = branch === undefined ? await repository.resolve('HEAD') : await repository.tryResolve(branch);
  if (tip === undefined) throw new GitError(`no such branch/commit '${branch}'`);
  if (!(await prepare(call, flags.has('autostash')))) return 1;
  const headName =
    branch === undefined
      ? refOf(repository.branch())
      : (await repository.tryRef(`refs/heads/${branch}`)) === undefined
        ? 'detached HEAD'
        : `refs/heads/${branch}`;
  const commits = await commitsOf(call, upstream, tip);
  const base = upstream === undefined ? undefined : await mergeBase(repository, upstream, tip);
  if (
    !flags.has('interactive') &&
    !flags.has('force-rebase') &&
    !flags.has('exec') &&
    onto !== undefined &&
    base === onto &&
    upstream === onto &&
    (await isLinear(repository, tip, onto))
  ) {
    if (branch !== undefined) await enter(repository, tip, headName);
    await finishState(call);
    await call.print(`Current branch ${headName.replace('refs/heads/', '')} is up to date.\n`);
    return 0;
  }
  const root = onto ?? (await emptyRoot(repository, commits));
  writeRebase(repository, 'head-name', `${headName}\n`);
  writeRebase(repository, 'orig-head', `${tip}\n`);
  writeRebase(repository, 'onto', `${root}\n`);
  writeRebase(repository, 'interactive', '');
  if (flags.has('quiet')) writeRebase(repository, 'quiet', '');
  repository.writeState('ORIG_HEAD', `${tip}\n`);
  const todo = commits.map(({ oid, message }) => `pick ${oid} ${message.split('\n')[0]}\n`).join('');
  const squashes =
    flags.has('autosquash') ||
    (!flags.has('no-autosquash') && (await repository.config('rebase.autosquash')) === 'true');
  const ordered = flags.has('interactive') && squashes ? autosquash(todo) : todo;
  writeRebase(repository, 'git-rebase-todo', withRuns(ordered, options.values.get('exec') ?? []));
  const range = `${upstream === undefined ? '' : `${upstream.slice(0, 7)}..`}${tip.slice(0, 7)} onto ${root.slice(0, 7)}`;
  if (flags.has('interactive') && !(await letEdit(call, range))) return 1;
  writeRebase(repository, 'end', `${todoLines(repository).length}\n`);
  await checkOut(repository, root, ontoName ?? root);
  if (!flags.has('force-rebase')) await skipUnchanged(repository);
  return await runTodo(call);
}

/** Whether there is no merge on the way: a rebase puts the commits of its sides in one line. */
async function isLinear(repository: Repository, tip: string, base: string): Promise<boolean> {
  const commits = await walkCommits(repository, [tip], await reachableFrom(repository, base));
  return commits.every(({ parents }) => parents.length < 2);
}

const refOf = (branch: string | undefined) => (branch === undefined ? 'detached HEAD' : `refs/heads/${branch}`);

/** Refuses what a rebase would lose, or puts it aside. */
async function prepare(call: GitCall, autostash: boolean): Promise<boolean> {
  const repository = call.repository();
  const { staged, unstaged } = await readStatus(repository);
  const setting = (await repository.config('rebase.autostash')) === 'true';
  if (staged.length === 0 && unstaged.length === 0) return true;
  if (autostash || setting) {
    const silent = { ...call, print: async () => undefined };
    await stash({ ...silent, args: ['push', '-q', '-m', 'autostash'] });
    const oid = await repository.resolve('stash@{0}');
    await stash({ ...silent, args: ['drop', '-q'] });
    writeRebase(repository, 'autostash', `${oid}\n`);
    await call.print(`Created autostash: ${oid.slice(0, 7)}\n`);
    return true;
  }
  if (unstaged.length === 0) await call.warn('error: cannot rebase: Your index contains uncommitted changes.\n');
  else await call.warn('error: cannot rebase: You have unstaged changes.\n');
  if (unstaged.length > 0 && staged.length > 0)
    await call.warn('error: additionally, your index contains uncommitted changes.\n');
  await call.warn('error: Please commit or stash them.\n');
  return false;
}

/** Those of the branch that the upstream lacks, the oldest first; merges and what the upstream has taken over left out. */
async function commitsOf(call: GitCall, upstream: string | undefined, tip: string): Promise<CommitInfo[]> {
  const repository = call.repository();
  const there = upstream === undefined ? new Set<string>() : await reachableFrom(repository, upstream);
  const own = (await walkCommits(repository, [tip], there)).filter(({ parents }) => parents.length < 2).reverse();
  if (upstream === undefined) return own;
  const theirs = await walkCommits(repository, [upstream], await reachableFrom(repository, tip));
  const taken = new Set<string>();
  for (const commit of theirs) if (commit.parents.length < 2) taken.add(await changeKey(repository, commit));
  const kept: CommitInfo[] = [];
  for (const commit of own) {
    if (!taken.has(await changeKey(repository, commit))) kept.push(commit);
    else await call.warn(`warning: skipped previously applied commit ${commit.oid.slice(0, 7)}\n`);
  }
  if (kept.length < own.length)
    await call.warn(
      'hint: use --reapply-cherry-picks to include skipped commits\nhint: Disable this message with "git config advice.skippedCherryPicks false"\n',
    );
  return kept;
}

/** `--root` without `--onto`: an empty commit to begin on, which the first commit replaces. */
async function emptyRoot(repository: Repository, commits: readonly CommitInfo[]): Promise<string> {
  const [first] = commits;
  if (!first) throw new GitError('nothing to do');
  writeRebase(repository, 'squash-onto', '');
  const person = await identity(repository, 'COMMITTER');
  const tree = await repository.writeTree(new Map());
  return await writeCommitObject(repository, { tree, parents: [], author: person, committer: person, message: '' });
}

const EMPTY_TODO = 'nothing to do';

/** Lets the editor change the list. False when nothing is left to do. */
async function letEdit(call: GitCall, range: string): Promise<boolean> {
  const repository = call.repository();
  const short = (readRebase(repository, 'git-rebase-todo') ?? '').replace(/^(\w+ [\da-f]{7})[\da-f]{33}/gm, '$1');
  const count = todoLines(repository).length;
  const head = `# Rebase ${range} (${count} command${count === 1 ? '' : 's'})`;
  writeRebase(repository, 'git-rebase-todo', `${short}\n${head}\n${TODO_HELP}`);
  try {
    await editFile(call, `${REBASE_STATE}/git-rebase-todo`, 'sequence');
  } catch (error) {
    repository.writeState(REBASE_STATE, undefined);
    throw error;
  }
  if (todoLines(repository).length > 0) return true;
  repository.writeState(REBASE_STATE, undefined);
  await call.warn(`error: ${EMPTY_TODO}\n`);
  return false;
}

async function enter(repository: Repository, tip: string, headName: string): Promise<void> {
  await moveTo(repository, tip);
  const name = headName.replace('refs/heads/', '');
  const left = repository.branch() ?? 'HEAD';
  await repository.setHead(placeOf(headName, tip), `checkout: moving from ${left} to ${name}`);
}

/** HEAD, without a branch, on the new base. */
async function checkOut(repository: Repository, to: string, name: string): Promise<void> {
  await moveTo(repository, to);
  await repository.setHead({ oid: to }, `${actionOf(repository)} (start): checkout ${name}`);
}
