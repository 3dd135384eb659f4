/** The list of a rebase, done line by line. Its state lies where git keeps it, in `rebase-merge`. */
import * as git from 'isomorphic-git';
import type { GitCall } from '../call.ts';
import { plainError } from '../git-error.ts';
import { editorOf } from '../hooks.ts';
import { identity } from '../identity.ts';
import { subject } from '../log-format.ts';
import { noteMove } from '../reflog.ts';
import type { CommitInfo, FileMap, Repository } from '../repository.ts';
import { moveWorkTree, resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { moveTo } from './checkout.ts';
import { commitReport, editMessage } from './commit.ts';
import { conflictReport, mergeInto } from './merge.ts';
import { readStatus } from './status.ts';

export const REBASE_STATE = 'rebase-merge';

/** What the notes of moves call it: whoever rebases on the way to something else says so. */
export const actionOf = ({ context }: Repository): string => context.env.get('GIT_REFLOG_ACTION') ?? 'rebase';

export const readRebase = (repository: Repository, name: string) => repository.readState(`${REBASE_STATE}/${name}`);
export const writeRebase = (repository: Repository, name: string, text: string | undefined) =>
  repository.writeState(`${REBASE_STATE}/${name}`, text);

/** How git clears the line of its progress on a terminal that cannot. */
const clearLine = ({ context }: GitCall): string => {
  const term = context.env.get('TERM');
  return term === undefined || term === 'dumb' ? `\r${' '.repeat(80)}\r` : '\r\x1b[K';
};

/** Where HEAD stands: on the branch of this name, else on the commit. */
export const placeOf = (headName: string, oid: string) =>
  headName === 'detached HEAD' ? { oid } : { branch: headName.replace('refs/heads/', '') };

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

export function todoLines(repository: Repository): string[] {
  return (readRebase(repository, 'git-rebase-todo') ?? '').split('\n').filter((line) => /^\s*[a-z]/.test(line));
}

/** The first commits of the list that stand where they would be put are taken as they are. */
export async function skipUnchanged(repository: Repository): Promise<void> {
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
  writeRebase(repository, 'git-rebase-todo', textOf(lines.slice(count)));
  writeRebase(repository, 'done', textOf(lines.slice(0, count)));
  writeRebase(repository, 'msgnum', `${count}\n`);
}

/** Does what the list says, line by line. */
export async function runTodo(call: GitCall): Promise<number> {
  const repository = call.repository();
  clearStep(repository);
  for (;;) {
    const [line, ...rest] = todoLines(repository);
    if (line === undefined) return await finish(call);
    writeRebase(repository, 'git-rebase-todo', textOf(rest));
    writeRebase(repository, 'done', `${readRebase(repository, 'done') ?? ''}${line}\n`);
    const done = Number(readRebase(repository, 'msgnum') ?? '0') + 1;
    writeRebase(repository, 'msgnum', `${done}\n`);
    const [, command = '', argument = ''] = /^\s*(\w+)\s*(.*)$/.exec(line) ?? [];
    if (readRebase(repository, 'quiet') === undefined)
      await call.warn(`Rebasing (${done}/${Number(readRebase(repository, 'end') ?? '0') || done + rest.length})\r`);
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
  const atRoot = readRebase(repository, 'squash-onto') !== undefined && parent === undefined;
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
  writeRebase(repository, 'stopped-sha', `${picked.oid}\n`);
  writeRebase(repository, 'stopped-as', letter);
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
  writeRebase(
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
  // The title of what was made to be squashed is not taken over.
  const melting = picked.message.replace(/^(?:squash|fixup|amend)! .*\n\n?/, '');
  if (letter === 's') text = `${head.message.replace(/\n*$/, '\n')}\n${melting}`;
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

export async function continueRebase(call: GitCall): Promise<number> {
  const repository = call.repository();
  const stopped = readRebase(repository, 'stopped-sha')?.trim();
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
  const letter = readRebase(repository, 'stopped-as') ?? 'p';
  let message: string | undefined;
  if (letter !== 'f') {
    if ((await editorOf(call)) === undefined) {
      await call.warn(
        'error: Terminal is dumb, but EDITOR unset\nPlease supply the message using either -m or -F option.\nerror: could not commit staged changes.\n',
      );
      return 1;
    }
    message = await editMessage(call, readRebase(repository, 'message') ?? picked.message);
  }
  const root = readRebase(repository, 'squash-onto') !== undefined && picked.parents.length === 0;
  const step = { picked, letter, files: repository.indexMap(), reason: 'continue', root };
  const oid = await commitStep(call, message === undefined ? step : { ...step, message });
  if (letter === 'p' || letter === 'e')
    await call.print(await commitReport(repository, oid, { author: false, date: false }));
  return await runTodo(call);
}

function clearStep(repository: Repository): void {
  for (const name of ['message', 'stopped-sha', 'stopped-as']) writeRebase(repository, name, undefined);
  for (const name of ['REBASE_HEAD', 'MERGE_MSG']) repository.writeState(name, undefined);
}

/** The branch stands on what was made, and is the current one again. */
async function finish(call: GitCall): Promise<number> {
  const repository = call.repository();
  const name = readRebase(repository, 'head-name')?.trim() ?? 'detached HEAD';
  const quiet = readRebase(repository, 'quiet') !== undefined;
  const onto = readRebase(repository, 'onto')?.trim() ?? '';
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

export async function giveUp(repository: Repository): Promise<void> {
  const name = readRebase(repository, 'head-name')?.trim() ?? 'detached HEAD';
  const oid = readRebase(repository, 'orig-head')?.trim() ?? '';
  await resetHard(repository, await repository.readTree(oid));
  const shown = name === 'detached HEAD' ? oid : name;
  await repository.setHead(placeOf(name, oid), `${actionOf(repository)} (abort): returning to ${shown}`);
}

/** Takes the state away and brings back what was put aside. */
export async function finishState(call: GitCall): Promise<void> {
  const repository = call.repository();
  const kept = readRebase(repository, 'autostash')?.trim();
  clearStep(repository);
  repository.writeState(REBASE_STATE, undefined);
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
