/** git merge, cherry-pick, revert, stash. */

import type { GitCall, GitCommand } from '../call.ts';
import { findFileChanges } from '../changes.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { formatDiff } from '../diff-output.ts';
import { GitError, plainError } from '../git-error.ts';
import { identity, type Person, zoneText } from '../identity.ts';
import { subject } from '../log-format.ts';
import { type Labels, type MergeResult, mergeTrees } from '../merge-files.ts';
import { reachableFrom } from '../reachable.ts';
import type { FileMap, Repository } from '../repository.ts';
import { moveWorkTree, recordConflicts, resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { checkout } from './branch.ts';
import { cleanMessage, commit as commitCommand, commitReport, withoutComments } from './commit.ts';
import { DIFF_FLAGS, DIFF_VALUES, diffFormats, loadFrom, mergeBase, showChanges, workTreeMap } from './diff.ts';
import { longStatus, readStatus, relativeTo } from './status.ts';

const STATES = ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];

function clearStates(repository: Repository): void {
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

export const merge: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'abort continue no-ff ff ff-only squash no-commit no-edit edit q quiet stat n',
    values: 'm message s strategy X',
    aliases: { m: 'message', q: 'quiet' },
  });
  const repository = call.repository();
  const { flags } = options;
  if (flags.has('abort')) {
    if (repository.readState('MERGE_HEAD') === undefined)
      throw new GitError('There is no merge to abort (MERGE_HEAD missing).');
    await resetHard(repository, await repository.headFiles());
    clearStates(repository);
    return 0;
  }
  if (flags.has('continue')) {
    if (repository.readState('MERGE_HEAD') === undefined)
      throw new GitError('There is no merge in progress (MERGE_HEAD missing).');
    return await commitCommand({ ...call, args: [] });
  }
  const [name] = options.words;
  if (name === undefined) throw new GitError('No remote for the current branch.');
  const theirs = await repository.tryResolve(name);
  if (theirs === undefined) throw new GitError(`merge: ${name} - not something we can merge`, 1, '', 'none');
  const head = await repository.resolve('HEAD');
  if ((await reachableFrom(repository, head)).has(theirs)) {
    await call.print('Already up to date.\n');
    return 0;
  }
  repository.writeState('ORIG_HEAD', `${head}\n`);
  const base = await mergeBase(repository, head, theirs);
  if (base === head && !flags.has('no-ff') && !flags.has('squash')) {
    const [from, to] = [await repository.readTree(head), await repository.readTree(theirs)];
    await moveWorkTree(repository, { from, to, operation: 'merge', advice: 'merge' });
    await repository.moveHead(theirs, `merge ${name}: Fast-forward`);
    await call.print(
      `Updating ${head.slice(0, 7)}..${theirs.slice(0, 7)}\nFast-forward\n${await mergeStat(repository, from, to)}`,
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
    commit: !flags.has('no-commit'),
    message: lastOf(options, 'message'),
  });
};

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
  commit: boolean;
  message: string | undefined;
}

async function mergeTrue(
  call: GitCall,
  { name, head, theirs, base, squash, commit, message }: TrueMerge,
): Promise<number> {
  const repository = call.repository();
  if (base === undefined) throw new GitError('refusing to merge unrelated histories');
  const sides = {
    base: await repository.readTree(base),
    ours: await repository.readTree(head),
    theirs: await repository.readTree(theirs),
  };
  const labels = { ours: 'HEAD', theirs: name };
  const result = await mergeInto(repository, sides, labels, 'merge');
  await conflictReport(call, result, labels);
  const isBranch = (await repository.tryRef(`refs/heads/${name}`)) !== undefined;
  const current = repository.branch();
  const into = current === undefined || current === 'master' || current === 'main' ? '' : ` into ${current}`;
  const text =
    message === undefined ? `Merge ${isBranch ? 'branch' : 'commit'} '${name}'${into}\n` : cleanMessage(message);
  if (result.conflicts.length > 0 || !commit) {
    if (!squash) repository.writeState('MERGE_HEAD', `${theirs}\n`);
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
  if (squash) {
    const fast = base === head ? `Updating ${head.slice(0, 7)}..${theirs.slice(0, 7)}\nFast-forward\n` : '';
    const stat = fast === '' ? '' : await mergeStat(repository, sides.ours, result.files);
    await call.print(`${fast}Squash commit -- not updating HEAD\n${stat}`);
    repository.writeState('MERGE_MSG', text);
    return 0;
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
  await repository.moveHead(oid, `merge ${name}: Merge made by the 'ort' strategy.`);
  await call.print(`Merge made by the 'ort' strategy.\n${await mergeStat(repository, sides.ours, result.files)}`);
  return 0;
}

/** cherry-pick and revert: the change of a commit, or its opposite, on top of HEAD. */
function replay(kind: 'cherry-pick' | 'revert'): GitCommand {
  const state = kind === 'revert' ? 'REVERT_HEAD' : 'CHERRY_PICK_HEAD';
  return async (call) => {
    const options = readOptions(call.args, {
      flags: 'n no-commit x no-edit e edit abort continue skip quit allow-empty s',
      values: 'm mainline',
      aliases: { n: 'no-commit', m: 'mainline' },
    });
    const repository = call.repository();
    const { flags } = options;
    if (flags.has('abort') || flags.has('skip') || flags.has('quit')) {
      if (repository.readState(state) === undefined)
        throw plainError(`no cherry-pick or revert in progress\nfatal: ${kind} failed`);
      await resetHard(repository, await repository.headFiles());
      clearStates(repository);
      return 0;
    }
    if (flags.has('continue')) return await continueReplay(call, repository, state);
    for (const word of options.words) {
      const oid = await repository.tryResolve(word);
      if (oid === undefined) throw new GitError(`bad revision '${word}'`);
      const status = await replayOne(call, { kind, state, oid, commit: !flags.has('no-commit'), note: flags.has('x') });
      if (status !== 0) return status;
    }
    return 0;
  };
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

interface Replay {
  kind: 'cherry-pick' | 'revert';
  state: string;
  oid: string;
  commit: boolean;
  /** Add the line `(cherry picked from commit …)`. */
  note: boolean;
}

async function replayOne(call: GitCall, { kind, state, oid, commit, note }: Replay): Promise<number> {
  const repository = call.repository();
  const picked = await repository.readCommit(oid);
  const [parentId] = picked.parents;
  if (picked.parents.length > 1)
    throw plainError(`commit ${picked.oid} is a merge but no -m option was given.\nfatal: ${kind} failed`);
  const parent: FileMap = parentId === undefined ? new Map() : await repository.readTree(parentId);
  const own = await repository.readTree(picked.tree);
  const ours = await repository.headFiles();
  const short = `${picked.oid.slice(0, 7)} (${subject(picked)})`;
  const labels = { ours: 'HEAD', theirs: kind === 'revert' ? `parent of ${short}` : short };
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
  if (!commit) return 0;
  const head = await repository.tryResolve('HEAD');
  const unchanged =
    head !== undefined && (await repository.writeTree(result.files)) === (await repository.readCommit(head)).tree;
  if (unchanged) return await tellEmpty(call, { kind, state, oid: picked.oid, message });
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

export const stash: GitCommand = async (call) => {
  const [first, ...rest] = call.args;
  const named = first !== undefined && !first.startsWith('-');
  const action = named ? first : 'push';
  const args = named ? rest : call.args;
  const repository = call.repository();
  switch (action) {
    case 'push':
    case 'save':
      return await stashPush(call, repository, args);
    case 'list':
      for (const [index, { message }] of repository.stashes().entries())
        await call.print(`stash@{${index}}: ${message}\n`);
      return 0;
    case 'pop':
    case 'apply':
      return await stashApply(call, repository, args, action === 'pop');
    case 'drop':
      await dropStash(call, repository, stashIndex(args.find((arg) => !arg.startsWith('-'))), true);
      return 0;
    case 'clear':
      repository.writeState('logs/refs/stash', undefined);
      repository.writeState('refs/stash', undefined);
      return 0;
    case 'show':
      return await stashShow(call, repository, args);
    case 'branch':
      return await stashBranch(call, repository, args);
    default:
      throw new GitError(`subcommand wasn't specified; 'push' can't be assumed due to unexpected token '${action}'`);
  }
};

/** A branch where the stash was made, with what it holds. */
async function stashBranch(call: GitCall, repository: Repository, args: readonly string[]): Promise<number> {
  const [name, entry = 'stash@{0}'] = args;
  if (name === undefined) throw new GitError('No branch name specified', 1, '', 'none');
  const stashed = repository.stashes()[stashIndex(entry)];
  if (!stashed) throw plainError(`${entry} is not a valid reference`);
  const [base] = (await repository.readCommit(stashed.oid)).parents;
  const status = await checkout({ ...call, args: ['-b', name, ...(base === undefined ? [] : [base])] });
  const named = {
    ...call,
    print: async (text: string) => await call.print(text.replace(/^Dropped stash@/, 'Dropped refs/stash@')),
  };
  return status || (await stashApply(named, repository, ['--index', entry], true));
}

function stashIndex(name: string | undefined): number {
  const match = /^(?:stash@\{)?(\d+)\}?$/.exec(name ?? '0');
  if (!match) throw new GitError(`'${name}' is not a stash reference`, 1, '', 'error');
  return Number(match[1]);
}

async function stashPush(call: GitCall, repository: Repository, args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    flags: 'u include-untracked a all k keep-index q quiet no-keep-index S staged p',
    values: 'm message',
    aliases: { u: 'include-untracked', k: 'keep-index', m: 'message', q: 'quiet', a: 'all' },
  });
  const head = await repository.tryResolve('HEAD');
  if (head === undefined) throw new GitError('You do not have the initial commit yet', 1, '', 'none');
  const before = await repository.headFiles();
  const index = repository.indexMap();
  const work = workTreeMap(repository);
  const untracked = options.flags.has('include-untracked') ? repository.untracked({ all: true }) : [];
  const changed = [...new Set([...before.keys(), ...index.keys()])].some((path) => {
    const [a, b, c] = [before.get(path), index.get(path), work.get(path)];
    return a?.oid !== b?.oid || a?.mode !== b?.mode || b?.oid !== c?.oid || b?.mode !== c?.mode;
  });
  if (!changed && untracked.length === 0) {
    await call.print('No local changes to save\n');
    return 0;
  }
  const commit = await repository.readCommit(head);
  const branch = repository.branch() ?? '(no branch)';
  const about = `${branch}: ${head.slice(0, 7)} ${subject(commit)}`;
  const given = lastOf(options, 'message') ?? (options.words.length > 0 ? options.words.join(' ') : undefined);
  const message = given === undefined ? `WIP on ${about}` : `On ${branch}: ${given}`;
  for (const [path, state] of work) await repository.writeBlob(repository.readFile(path, state.mode));
  const author = await identity(repository, 'AUTHOR');
  const committer = await identity(repository, 'COMMITTER');
  const write = async (files: FileMap, parents: string[], text: string) =>
    await writeCommitObject(repository, {
      tree: await repository.writeTree(files),
      parents,
      author,
      committer,
      message: text,
    });
  const indexCommit = await write(index, [head], `index on ${about}\n`);
  const parents = [head, indexCommit];
  if (untracked.length > 0) {
    const files: FileMap = new Map();
    for (const path of untracked) {
      const state = repository.fileState(path);
      if (!state) continue;
      await repository.writeBlob(repository.readFile(path, state.mode));
      files.set(path, state);
    }
    parents.push(await write(files, [], `untracked files on ${about}\n`));
  }
  const oid = await write(work, parents, message);
  saveStashes(repository, [{ oid, message, who: committer }, ...repository.stashes()]);
  await resetHard(repository, options.flags.has('keep-index') ? index : before);
  for (const path of untracked) repository.removeFile(path);
  if (!options.flags.has('quiet')) await call.print(`Saved working directory and index state ${message}\n`);
  return 0;
}

/** The stash is a ref and its reflog, the newest entry last. */
function saveStashes(repository: Repository, stashes: readonly { oid: string; message: string; who?: Person }[]): void {
  const old = (repository.readState('logs/refs/stash') ?? '').split('\n');
  const lines: string[] = [];
  let previous = '0'.repeat(40);
  for (const { oid, message, who } of [...stashes].reverse()) {
    const known = old.find((line) => line.slice(41, 81) === oid);
    const person = who
      ? `${who.name} <${who.email}> ${who.timestamp} ${zoneText(who.timezoneOffset)}`
      : (known?.slice(82).split('\t')[0] ?? '');
    lines.push(`${previous} ${oid} ${person}\t${message}\n`);
    previous = oid;
  }
  repository.writeState('logs/refs/stash', lines.length === 0 ? undefined : lines.join(''));
  repository.writeState('refs/stash', stashes[0] ? `${stashes[0].oid}\n` : undefined);
}

function findStash(repository: Repository, index: number): { oid: string; message: string } {
  const stashes = repository.stashes();
  const found = stashes[index];
  if (found) return found;
  throw stashes.length === 0
    ? new GitError('No stash entries found.', 1, '', 'none')
    : new GitError(`stash@{${index}} is not a valid reference`, 1, '', 'error');
}

async function dropStash(call: GitCall, repository: Repository, index: number, told: boolean): Promise<void> {
  const found = findStash(repository, index);
  saveStashes(
    repository,
    repository.stashes().filter((_, at) => at !== index),
  );
  if (told)
    await call.print(
      `Dropped ${told && index === 0 && call.args.length < 2 ? 'refs/stash@{0}' : `stash@{${index}}`} (${found.oid})\n`,
    );
}

async function stashApply(
  call: GitCall,
  repository: Repository,
  args: readonly string[],
  pop: boolean,
): Promise<number> {
  const options = readOptions(args, { flags: 'index q quiet', aliases: { q: 'quiet' } });
  const index = stashIndex(options.words[0]);
  const { oid } = findStash(repository, index);
  const saved = await repository.readCommit(oid);
  const [base = '', staged = '', untracked] = saved.parents;
  const sides = {
    base: await repository.readTree(base),
    ours: repository.indexMap(),
    theirs: await repository.readTree(oid),
  };
  const labels = { ours: 'Updated upstream', theirs: 'Stashed changes' };
  const before = repository.indexMap();
  const result = await mergeInto(repository, sides, labels, 'merge');
  await conflictReport(call, result, labels);
  if (untracked !== undefined) {
    for (const [path, state] of await repository.readTree(untracked))
      repository.writeFile(path, state, await repository.readBlob(state.oid));
  }
  if (result.conflicts.length === 0) {
    // Only what is new stays staged, unless the index is wanted back too.
    const kept = options.flags.has('index') ? await repository.readTree(staged) : before;
    if (!options.flags.has('index'))
      for (const [path, state] of result.files) if (!sides.base.has(path) && !before.has(path)) kept.set(path, state);
    repository.setIndex(kept);
  }
  if (!options.flags.has('quiet'))
    await call.print(await longStatus(repository, await readStatus(repository), relativeTo(repository, call.cwd)));
  if (result.conflicts.length > 0) {
    if (pop) await call.print('The stash entry is kept in case you need it again.\n');
    return 1;
  }
  if (pop) await dropStash(call, repository, index, !options.flags.has('quiet'));
  return 0;
}

async function stashShow(call: GitCall, repository: Repository, args: readonly string[]): Promise<number> {
  const options = readOptions(args, { flags: `${DIFF_FLAGS} include-untracked`, values: DIFF_VALUES });
  const { oid } = findStash(repository, stashIndex(options.words[0]));
  const [base = ''] = (await repository.readCommit(oid)).parents;
  const load = loadFrom(repository);
  const sides = {
    before: await repository.readTree(base),
    after: await repository.readTree(oid),
    loadBefore: load,
    loadAfter: load,
  };
  await call.print(
    (await showChanges({ sides, options, formats: diffFormats(options, 'stat'), wanted: () => true })).text,
  );
  return 0;
}
