/** git rebase: the commits of a branch made anew on top of another. Its state lies where git keeps it, in `rebase-merge`. */
import * as git from 'isomorphic-git';
import type { GitCall, GitCommand } from '../call.ts';
import { changeKey } from '../change-key.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError, plainError } from '../git-error.ts';
import { walkCommits } from '../history.ts';
import { editFile, editorOf } from '../hooks.ts';
import { identity } from '../identity.ts';
import { subject } from '../log-format.ts';
import { reachableFrom } from '../reachable.ts';
import { noteMove } from '../reflog.ts';
import type { CommitInfo, FileMap, Repository } from '../repository.ts';
import { trackedBranch } from '../tracking.ts';
import { moveWorkTree, resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { moveTo } from './checkout.ts';
import { commitReport, editMessage } from './commit.ts';
import { mergeBase } from './diff.ts';
import { conflictReport, mergeInto } from './merge.ts';
import { stash } from './stash.ts';
import { readStatus } from './status.ts';

const STATE = 'rebase-merge';

/** What the notes of moves call it: whoever rebases on the way to something else says so. */
const actionOf = ({ context }: Repository): string => context.env.get('GIT_REFLOG_ACTION') ?? 'rebase';

const read = (repository: Repository, name: string) => repository.readState(`${STATE}/${name}`);
const write = (repository: Repository, name: string, text: string | undefined) =>
  repository.writeState(`${STATE}/${name}`, text);

/** How git clears the line of its progress on a terminal that cannot. */
const clearLine = ({ context }: GitCall): string => {
  const term = context.env.get('TERM');
  return term === undefined || term === 'dumb' ? `\r${' '.repeat(80)}\r` : '\r\x1b[K';
};

export const rebase: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'continue abort skip quit i interactive root q quiet autostash no-autostash f force-rebase no-ff keep-empty v verbose stat n no-stat no-autosquash autosquash r rebase-merges fork-point no-fork-point m merge apply edit-todo show-current-patch reapply-cherry-picks',
    values: 'onto x exec s strategy X strategy-option empty',
    aliases: { i: 'interactive', q: 'quiet', f: 'force-rebase', 'no-ff': 'force-rebase', x: 'exec' },
  });
  const repository = call.repository();
  const { flags } = options;
  const running = repository.readState(`${STATE}/head-name`) !== undefined;
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
  `It seems that there is already a ${STATE} directory, and\nI wonder if you are in the middle of another rebase.  If that is the\ncase, please try\n\tgit rebase (--continue | --abort | --skip)\nIf that is not the case, please\n\trm -fr ".git/${STATE}"\nand run me again.  I am stopping in case you still have something\nvaluable there.\n`;

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
    onto !== undefined &&
    base === onto &&
    upstream === onto
  ) {
    if (branch !== undefined) await enter(repository, tip, headName);
    await finishState(call);
    await call.print(`Current branch ${headName.replace('refs/heads/', '')} is up to date.\n`);
    return 0;
  }
  const root = onto ?? (await emptyRoot(repository, commits));
  write(repository, 'head-name', `${headName}\n`);
  write(repository, 'orig-head', `${tip}\n`);
  write(repository, 'onto', `${root}\n`);
  write(repository, 'interactive', '');
  if (flags.has('quiet')) write(repository, 'quiet', '');
  repository.writeState('ORIG_HEAD', `${tip}\n`);
  const todo = commits.map(({ oid, message }) => `pick ${oid} ${message.split('\n')[0]}\n`).join('');
  const withRuns =
    options.values.get('exec')?.reduce((text, run) => text.replace(/^(pick .*\n)/gm, `$1exec ${run}\n`), todo) ?? todo;
  write(repository, 'git-rebase-todo', withRuns);
  if (flags.has('interactive') && !(await letEdit(call))) return 1;
  write(repository, 'end', `${todoLines(repository).length}\n`);
  await checkOut(repository, root, ontoName ?? root);
  if (!flags.has('force-rebase')) await skipUnchanged(repository);
  return await runTodo(call);
}

const refOf = (branch: string | undefined) => (branch === undefined ? 'detached HEAD' : `refs/heads/${branch}`);

/** Where HEAD stands: on the branch of this name, else on the commit. */
const placeOf = (headName: string, oid: string) =>
  headName === 'detached HEAD' ? { oid } : { branch: headName.replace('refs/heads/', '') };

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
    write(repository, 'autostash', `${oid}\n`);
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
  write(repository, 'squash-onto', '');
  const person = await identity(repository, 'COMMITTER');
  const tree = await repository.writeTree(new Map());
  return await writeCommitObject(repository, { tree, parents: [], author: person, committer: person, message: '' });
}

const EMPTY_TODO = 'nothing to do';

/** Lets the editor change the list. False when nothing is left to do. */
async function letEdit(call: GitCall): Promise<boolean> {
  const repository = call.repository();
  const short = (read(repository, 'git-rebase-todo') ?? '').replace(/^(\w+ [\da-f]{7})[\da-f]{33}/gm, '$1');
  write(
    repository,
    'git-rebase-todo',
    `${short}\n# Rebase\n#\n# However, if you remove everything, the rebase will be aborted.\n#\n`,
  );
  try {
    await editFile(call, `${STATE}/git-rebase-todo`, 'sequence');
  } catch (error) {
    repository.writeState(STATE, undefined);
    throw error;
  }
  if (todoLines(repository).length > 0) return true;
  repository.writeState(STATE, undefined);
  await call.warn(`error: ${EMPTY_TODO}\n`);
  return false;
}

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

function todoLines(repository: Repository): string[] {
  return (read(repository, 'git-rebase-todo') ?? '').split('\n').filter((line) => /^\s*[a-z]/.test(line));
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

/** The first commits of the list that stand where they would be put are taken as they are. */
async function skipUnchanged(repository: Repository): Promise<void> {
  const lines = todoLines(repository);
  let head = await repository.resolve('HEAD');
  let count = 0;
  for (; count < lines.length; count += 1) {
    const name = /^\s*(?:p|pick)\s+(\S+)/.exec(lines[count] ?? '')?.[1];
    const commit = name === undefined ? undefined : await repository.readCommit(await repository.resolve(name));
    if (commit?.parents[0] !== head) break;
    head = commit.oid;
  }
  if (count === 0) return;
  await moveTo(repository, head);
  await repository.setHead({ oid: head });
  write(repository, 'git-rebase-todo', textOf(lines.slice(count)));
  write(repository, 'done', textOf(lines.slice(0, count)));
  write(repository, 'msgnum', `${count}\n`);
}

/** Does what the list says, line by line. */
async function runTodo(call: GitCall): Promise<number> {
  const repository = call.repository();
  clearStep(repository);
  for (;;) {
    const [line, ...rest] = todoLines(repository);
    if (line === undefined) return await finish(call);
    write(repository, 'git-rebase-todo', textOf(rest));
    write(repository, 'done', `${read(repository, 'done') ?? ''}${line}\n`);
    const done = Number(read(repository, 'msgnum') ?? '0') + 1;
    write(repository, 'msgnum', `${done}\n`);
    const [, command = '', argument = ''] = /^\s*(\w+)\s*(.*)$/.exec(line) ?? [];
    if (read(repository, 'quiet') === undefined)
      await call.warn(`Rebasing (${done}/${Number(read(repository, 'end') ?? '0') || done + rest.length})\r`);
    const status = await runLine(call, command, argument);
    if (status !== undefined) return status;
  }
}

/** Undefined when the next line can follow. */
async function runLine(call: GitCall, command: string, argument: string): Promise<number | undefined> {
  const repository = call.repository();
  switch (command) {
    case 'p':
    case 'pick':
    case 'r':
    case 'reword':
    case 'e':
    case 'edit':
    case 's':
    case 'squash':
    case 'f':
    case 'fixup':
      return await pick(call, command[0] ?? 'p', argument.replace(/^-[cC]\s+/, '').split(' ')[0] ?? '');
    case 'd':
    case 'drop':
      return undefined;
    case 'b':
    case 'break':
      return 0;
    case 'x':
    case 'exec': {
      await call.warn(`${clearLine(call)}Executing: ${argument}\n`);
      await call.context.stdout.flush();
      const status = await call.context.run(['sh', '-c', argument], { cwd: repository.root });
      repository.forgetIndex();
      if (status === 0) return undefined;
      await call.warn(
        `warning: execution failed: ${argument}\nYou can fix the problem, and then run\n\n  git rebase --continue\n\n\n`,
      );
      return 1;
    }
    default:
      throw plainError(`invalid command '${command}'`);
  }
}

async function pick(call: GitCall, letter: string, name: string): Promise<number | undefined> {
  const repository = call.repository();
  const picked = await repository.readCommit(await repository.resolve(name));
  const head = await repository.resolve('HEAD');
  const [parent] = picked.parents;
  const atRoot = read(repository, 'squash-onto') !== undefined && parent === undefined;
  if (letter === 'p' && parent === head) {
    const to = await repository.readTree(picked.tree);
    await moveWorkTree(repository, { from: await repository.headFiles(), to, operation: 'merge', advice: 'merge' });
    await repository.moveHead(picked.oid, `${actionOf(repository)} (pick): ${subject(picked)}`);
    return undefined;
  }
  const ours = await repository.headFiles();
  const sides = {
    base: parent === undefined ? new Map() : await repository.readTree(parent),
    ours,
    theirs: await repository.readTree(picked.tree),
  };
  const labels = { ours: 'HEAD', theirs: `${picked.oid.slice(0, 7)} (${subject(picked)})` };
  const result = await mergeInto(repository, sides, labels, 'merge');
  await conflictReport(call, result, labels);
  write(repository, 'stopped-sha', `${picked.oid}\n`);
  write(repository, 'stopped-as', letter);
  if (result.conflicts.length > 0)
    return await stop(
      call,
      picked,
      result.conflicts.map(({ path }) => path),
    );
  const tree = await repository.writeTree(result.files);
  const current = await repository.readCommit(head);
  if (
    tree === current.tree &&
    !atRoot &&
    parent !== undefined &&
    (await repository.readCommit(parent)).tree !== picked.tree
  ) {
    await call.warn(`dropping ${picked.oid} ${subject(picked)} -- patch contents already upstream\n`);
    return undefined;
  }
  await commitStep(call, { picked, letter, files: result.files, reason: wordOf(letter), root: atRoot });
  if (letter !== 'e') return undefined;
  await call.warn(
    `${clearLine(call)}Stopped at ${picked.oid.slice(0, 7)}...  ${subject(picked)}\nYou can amend the commit now, with\n\n  git commit --amend \n\nOnce you are satisfied with your changes, run\n\n  git rebase --continue\n`,
  );
  clearStep(repository);
  return 0;
}

const wordOf = (letter: string) => ({ p: 'pick', r: 'reword', e: 'edit', s: 'squash', f: 'fixup' })[letter] ?? 'pick';

async function stop(call: GitCall, picked: CommitInfo, paths: readonly string[]): Promise<number> {
  const repository = call.repository();
  const short = picked.oid.slice(0, 7);
  write(
    repository,
    'message',
    `${picked.message.replace(/\n*$/, '\n')}\n# Conflicts:\n${paths.map((path) => `#\t${path}\n`).join('')}`,
  );
  repository.writeState('REBASE_HEAD', `${picked.oid}\n`);
  await call.warn(
    `error: could not apply ${short}... ${subject(picked)}\nhint: Resolve all conflicts manually, mark them as resolved with\nhint: "git add/rm <conflicted_files>", then run "git rebase --continue".\nhint: You can instead skip this commit: run "git rebase --skip".\nhint: To abort and get back to the state before "git rebase", run "git rebase --abort".\nCould not apply ${short}... ${subject(picked)}\n`,
  );
  return 1;
}

interface Step {
  picked: CommitInfo;
  letter: string;
  files: FileMap;
  reason: string;
  root: boolean;
  /** Of a step that was stopped, as the editor left it. */
  message?: string;
}

async function commitStep(call: GitCall, { picked, letter, files, reason, root, message }: Step): Promise<string> {
  const repository = call.repository();
  const head = await repository.readCommit(await repository.resolve('HEAD'));
  const melted = letter === 's' || letter === 'f';
  const committer = await identity(repository, 'COMMITTER');
  let text = message ?? picked.message;
  if (letter === 's') text = `${head.message.replace(/\n*$/, '\n')}\n${picked.message}`;
  if (letter === 'f') text = head.message;
  if ((letter === 'r' || letter === 's') && (await editorOf(call)) !== undefined) {
    text = await editMessage(call, text);
  }
  const oid = await writeCommitObject(repository, {
    tree: await repository.writeTree(files),
    parents: melted ? head.parents : root ? [] : [head.oid],
    author: melted ? head.author : picked.author,
    committer,
    message: text,
  });
  await repository.moveHead(oid, `${actionOf(repository)} (${reason}): ${text}`);
  if (letter === 's' || letter === 'r')
    await call.print(await commitReport(repository, oid, { author: false, date: true }));
  return oid;
}

async function continueRebase(call: GitCall): Promise<number> {
  const repository = call.repository();
  const stopped = read(repository, 'stopped-sha')?.trim();
  const conflicts = [...repository.conflicts()];
  if (conflicts.length > 0) {
    await call.print(
      `${conflicts.map((path) => `${path}: needs merge\n`).join('')}You must edit all merge conflicts and then\nmark them as resolved using git add\n`,
    );
    return 1;
  }
  const { staged, unstaged } = await readStatus(repository);
  if (unstaged.length > 0) {
    await call.warn('error: cannot rebase: You have unstaged changes.\nerror: Please commit or stash them.\n');
    return 1;
  }
  if (staged.length === 0 || stopped === undefined) return await runTodo(call);
  const picked = await repository.readCommit(stopped);
  const letter = read(repository, 'stopped-as') ?? 'p';
  let message: string | undefined;
  if (letter !== 'f') {
    if ((await editorOf(call)) === undefined) {
      await call.warn(
        'error: Terminal is dumb, but EDITOR unset\nPlease supply the message using either -m or -F option.\nerror: could not commit staged changes.\n',
      );
      return 1;
    }
    message = await editMessage(call, read(repository, 'message') ?? picked.message);
  }
  const root = read(repository, 'squash-onto') !== undefined && picked.parents.length === 0;
  const step = { picked, letter, files: repository.indexMap(), reason: 'continue', root };
  const oid = await commitStep(call, message === undefined ? step : { ...step, message });
  if (letter === 'p' || letter === 'e')
    await call.print(await commitReport(repository, oid, { author: false, date: false }));
  return await runTodo(call);
}

function clearStep(repository: Repository): void {
  for (const name of ['message', 'stopped-sha', 'stopped-as']) write(repository, name, undefined);
  for (const name of ['REBASE_HEAD', 'MERGE_MSG']) repository.writeState(name, undefined);
}

/** The branch stands on what was made, and is the current one again. */
async function finish(call: GitCall): Promise<number> {
  const repository = call.repository();
  const name = read(repository, 'head-name')?.trim() ?? 'detached HEAD';
  const quiet = read(repository, 'quiet') !== undefined;
  const onto = read(repository, 'onto')?.trim() ?? '';
  const head = await repository.resolve('HEAD');
  if (name !== 'detached HEAD') {
    const before = await repository.tryRef(name);
    await git.writeRef({ ...repository.base, ref: name, value: head, force: true });
    await noteMove(repository, [name], {
      before,
      after: head,
      reason: `${actionOf(repository)} (finish): ${name} onto ${onto}`,
    });
    await repository.setHead(
      { branch: name.replace('refs/heads/', '') },
      `${actionOf(repository)} (finish): returning to ${name}`,
    );
  }
  await finishState(call);
  if (!quiet) await call.warn(`${clearLine(call)}Successfully rebased and updated ${name}.\n`);
  return 0;
}

async function giveUp(repository: Repository): Promise<void> {
  const name = read(repository, 'head-name')?.trim() ?? 'detached HEAD';
  const oid = read(repository, 'orig-head')?.trim() ?? '';
  await resetHard(repository, await repository.readTree(oid));
  const shown = name === 'detached HEAD' ? oid : name;
  await repository.setHead(placeOf(name, oid), `${actionOf(repository)} (abort): returning to ${shown}`);
}

/** Takes the state away and brings back what was put aside. */
async function finishState(call: GitCall): Promise<void> {
  const repository = call.repository();
  const kept = read(repository, 'autostash')?.trim();
  clearStep(repository);
  repository.writeState(STATE, undefined);
  if (kept === undefined) return;
  const stashed = await repository.readCommit(kept);
  const [base] = stashed.parents;
  const sides = {
    base: base === undefined ? new Map() : await repository.readTree(base),
    ours: await repository.headFiles(),
    theirs: await repository.readTree(stashed.tree),
  };
  const result = await mergeInto(repository, sides, { ours: 'Updated upstream', theirs: 'Stashed changes' }, 'merge');
  if (result.conflicts.length === 0) repository.setIndex(sides.ours);
  await call.warn('Applied autostash.\n');
}
