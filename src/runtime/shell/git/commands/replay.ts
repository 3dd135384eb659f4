/** git cherry-pick, revert: the change of a commit, or its opposite, on top of HEAD. */

import type { GitCall, GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError, plainError } from '../git-error.ts';
import { walkCommits } from '../history.ts';
import { identity, type Person } from '../identity.ts';
import { subject } from '../log-format.ts';
import type { Labels } from '../merge-files.ts';
import { reachableFrom } from '../reachable.ts';
import type { FileMap, Repository } from '../repository.ts';
import { resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { commitReport, withoutComments } from './commit.ts';
import { clearStates, conflictReport, mergeInto } from './merge.ts';
import { longStatus, readStatus, relativeTo } from './status.ts';

/** cherry-pick and revert: the change of a commit, or its opposite, on top of HEAD. */
function replay(kind: 'cherry-pick' | 'revert'): GitCommand {
  const state = kind === 'revert' ? 'REVERT_HEAD' : 'CHERRY_PICK_HEAD';
  return async (call) => {
    const options = readOptions(call.args, {
      flags:
        'n no-commit x no-edit e edit abort continue skip quit allow-empty keep-redundant-commits ff s signoff no-signoff',
      values: 'm mainline X strategy-option strategy',
      aliases: { n: 'no-commit', m: 'mainline' },
    });
    const repository = call.repository();
    const { flags } = options;
    const series: Series = {
      kind,
      state,
      commit: !flags.has('no-commit'),
      note: flags.has('x'),
      mainline: Number(lastOf(options, 'mainline') ?? 0),
      allowEmpty: flags.has('allow-empty') || flags.has('keep-redundant-commits'),
      favour: ['ours', 'theirs'].find((side) =>
        (options.values.get('X') ?? options.values.get('strategy-option'))?.includes(side),
      ) as Labels['favour'],
    };
    if (['abort', 'skip', 'quit', 'continue'].some((flag) => flags.has(flag))) return await goOn(call, series, flags);
    if (repository.conflicts().size > 0) {
      const verb = kind === 'revert' ? 'Reverting' : 'Cherry-picking';
      throw new GitError(
        `${kind} failed`,
        128,
        `error: ${verb} is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\n`,
      );
    }
    if (
      repository.readState(state) !== undefined &&
      options.words.length > 0 &&
      repository.readState(TODO) !== undefined
    )
      throw plainError(
        `${kind} is already in progress\nhint: try "git ${kind} (--continue | ${kind === 'cherry-pick' ? '--skip | ' : ''}--abort | --quit)"\nfatal: ${kind} failed`,
      );
    const commits = await pickedCommits(repository, kind, options.words);
    return await replayAll(call, series, commits);
  };
}

/** Commits still to come, of more than one; and where HEAD was before the first. */
const TODO = 'sequencer/todo';
const BEFORE = 'sequencer/head';

interface Series {
  kind: 'cherry-pick' | 'revert';
  state: string;
  commit: boolean;
  /** Add the line `(cherry picked from commit …)`. */
  note: boolean;
  /** Of a merge: which parent counts, from 1. */
  mainline: number;
  allowEmpty: boolean;
  favour: Labels['favour'];
}

/** In the order in which they are replayed: a range from its oldest commit, for a revert from its newest. */
async function pickedCommits(repository: Repository, kind: string, words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const word of words) {
    const dots = /^(.*?)\.\.(.*)$/.exec(word);
    if (!dots) {
      const oid = await repository.tryResolve(word);
      if (oid === undefined) throw new GitError(`bad revision '${word}'`);
      found.push(oid);
      continue;
    }
    const [from, to] = [await repository.tryResolve(dots[1] || 'HEAD'), await repository.tryResolve(dots[2] || 'HEAD')];
    if (from === undefined || to === undefined) throw new GitError(`bad revision '${word}'`);
    const commits = (await walkCommits(repository, [to], await reachableFrom(repository, from))).map(({ oid }) => oid);
    found.push(...(kind === 'revert' ? commits : commits.reverse()));
  }
  if (found.length === 0) throw plainError(`empty commit set passed\nfatal: ${kind} failed`);
  return found;
}

async function replayAll(call: GitCall, series: Series, commits: readonly string[]): Promise<number> {
  const repository = call.repository();
  const several = commits.length > 1;
  if (several && repository.readState(BEFORE) === undefined)
    repository.writeState(BEFORE, `${await repository.resolve('HEAD')}\n`);
  for (const [index, oid] of commits.entries()) {
    if (several || repository.readState(TODO) !== undefined)
      repository.writeState(
        TODO,
        commits
          .slice(index)
          .map((commit) => `pick ${commit}\n`)
          .join(''),
      );
    const status = await replayOne(call, series, oid);
    if (status !== 0) return status;
  }
  repository.writeState('sequencer', undefined);
  return 0;
}

async function goOn(call: GitCall, series: Series, flags: ReadonlySet<string>): Promise<number> {
  const repository = call.repository();
  const { kind, state } = series;
  const stopped = repository.readState(state) !== undefined;
  const todo = (repository.readState(TODO) ?? '').split('\n').filter((line) => line !== '');
  if (flags.has('quit')) {
    clearStates(repository);
    repository.writeState('sequencer', undefined);
    return 0;
  }
  if (!stopped && todo.length === 0) throw plainError(`no cherry-pick or revert in progress\nfatal: ${kind} failed`);
  if (flags.has('abort')) {
    const before = repository.readState(BEFORE)?.trim();
    if (before !== undefined && before !== (await repository.resolve('HEAD')))
      await repository.moveHead(before, `reset: moving to ${before}`);
    await resetHard(repository, await repository.headFiles());
    clearStates(repository);
    repository.writeState('sequencer', undefined);
    return 0;
  }
  if (flags.has('skip')) {
    await resetHard(repository, await repository.headFiles());
    clearStates(repository);
  } else if (stopped) await continueReplay(call, repository, state);
  return await replayAll(
    call,
    series,
    todo.slice(1).map((line) => line.split(' ')[1] ?? ''),
  );
}

async function continueReplay(call: GitCall, repository: Repository, state: string): Promise<number> {
  const source = repository.readState(state)?.trim();
  if (source === undefined) throw plainError('no cherry-pick or revert in progress');
  if (repository.conflicts().size > 0) throw plainError('Committing is not possible because you have unmerged files.');
  const message = withoutComments(repository.readState('MERGE_MSG') ?? '');
  const picked = await repository.readCommit(source);
  const author = state === 'REVERT_HEAD' ? await identity(repository, 'AUTHOR') : picked.author;
  await commitReplay(call, repository, {
    kind: state === 'REVERT_HEAD' ? 'revert' : 'cherry-pick',
    author,
    message,
    files: repository.indexMap(),
  });
  clearStates(repository);
  return 0;
}

interface Replayed {
  kind: 'cherry-pick' | 'revert';
  author: Person;
  message: string;
  files: FileMap;
}

async function commitReplay(
  call: GitCall,
  repository: Repository,
  { kind, author, message, files }: Replayed,
): Promise<void> {
  const committer = await identity(repository, 'COMMITTER');
  const head = await repository.resolve('HEAD');
  const oid = await writeCommitObject(repository, {
    tree: await repository.writeTree(files),
    parents: [head],
    author,
    committer,
    message,
  });
  await repository.moveHead(oid, `${kind}: ${message.split('\n')[0]}`);
  const different = author.name !== committer.name || author.email !== committer.email;
  await call.print(await commitReport(repository, oid, { author: different, date: true }));
}

async function replayOne(call: GitCall, series: Series, oid: string): Promise<number> {
  const { kind, state, commit, note, mainline, allowEmpty, favour } = series;
  const repository = call.repository();
  const picked = await repository.readCommit(oid);
  const parentId = picked.parents[Math.max(0, mainline - 1)];
  if (picked.parents.length < 2 && mainline > 0)
    throw plainError(`mainline was specified but commit ${picked.oid} is not a merge.\nfatal: ${kind} failed`);
  if (picked.parents.length > 1 && mainline === 0)
    throw plainError(`commit ${picked.oid} is a merge but no -m option was given.\nfatal: ${kind} failed`);
  const parent: FileMap = parentId === undefined ? new Map() : await repository.readTree(parentId);
  const own = await repository.readTree(picked.tree);
  // Without commits each change comes on top of what the one before left.
  const ours = commit ? await repository.headFiles() : repository.indexMap();
  const short = `${picked.oid.slice(0, 7)} (${subject(picked)})`;
  const labels: Labels = { favour, ours: 'HEAD', theirs: kind === 'revert' ? `parent of ${short}` : short };
  const sides = kind === 'revert' ? { base: own, ours, theirs: parent } : { base: parent, ours, theirs: own };
  const result = await mergeInto(repository, sides, labels, 'merge');
  await conflictReport(call, result, labels);
  const message =
    kind === 'revert'
      ? `Revert "${subject(picked)}"\n\nThis reverts commit ${picked.oid}.\n`
      : `${picked.message.replace(/\n*$/, '\n')}${note ? `\n(cherry picked from commit ${picked.oid})\n` : ''}`;
  if (result.conflicts.length > 0) {
    repository.writeState(state, `${picked.oid}\n`);
    repository.writeState(
      'MERGE_MSG',
      `${message}\n# Conflicts:\n${result.conflicts.map(({ path }) => `#\t${path}\n`).join('')}`,
    );
    const word = kind === 'revert' ? 'revert' : 'apply';
    await call.warn(
      `error: could not ${word} ${picked.oid.slice(0, 7)}... ${subject(picked)}\nhint: After resolving the conflicts, mark them with\nhint: "git add/rm <pathspec>", then run\nhint: "git ${kind} --continue".\nhint: You can instead skip this commit with "git ${kind} --skip".\nhint: To abort and get back to the state before "git ${kind}",\nhint: run "git ${kind} --abort".\n`,
    );
    return 1;
  }
  if (!commit) {
    if (kind === 'revert') {
      repository.writeState(state, `${picked.oid}\n`);
      repository.writeState('MERGE_MSG', message);
    }
    return 0;
  }
  const head = await repository.tryResolve('HEAD');
  const unchanged =
    head !== undefined && (await repository.writeTree(result.files)) === (await repository.readCommit(head)).tree;
  if (unchanged && !allowEmpty) return await tellEmpty(call, { kind, state, oid: picked.oid, message });
  const author = kind === 'revert' ? await identity(repository, 'AUTHOR') : picked.author;
  await commitReplay(call, repository, { kind, author, message, files: result.files });
  return 0;
}

/** A change that is there already is not committed. */
async function tellEmpty(
  call: GitCall,
  { kind, state, oid, message }: { kind: string; state: string; oid: string; message: string },
): Promise<number> {
  const repository = call.repository();
  if (kind === 'cherry-pick') {
    repository.writeState(state, `${oid}\n`);
    repository.writeState('MERGE_MSG', message);
    await call.warn(
      "The previous cherry-pick is now empty, possibly due to conflict resolution.\nIf you wish to commit it anyway, use:\n\n    git commit --allow-empty\n\nOtherwise, please use 'git cherry-pick --skip'\n",
    );
  }
  await call.print(await longStatus(repository, await readStatus(repository), relativeTo(repository, call.cwd)));
  return 1;
}

export const cherryPick = replay('cherry-pick');
export const revert = replay('revert');
