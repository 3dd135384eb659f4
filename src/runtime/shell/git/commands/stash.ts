/** git stash: changes put aside as commits that no branch knows. */

import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError, plainError } from '../git-error.ts';
import { identity, type Person, zoneText } from '../identity.ts';
import { untrackedFiles } from '../ignored.ts';
import { subject } from '../log-format.ts';
import { mergeTrees } from '../merge-files.ts';
import type { FileMap, FileState, Repository } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { resetHard } from '../work-tree.ts';
import { writeCommitObject } from '../write-commit.ts';
import { checkout } from './checkout.ts';
import { dropChosen, pickHunks } from './choose.ts';
import { DIFF_FLAGS, DIFF_VALUES, diffFormats, loadFrom, showChanges, workTreeMap } from './diff.ts';
import { conflictReport, mergeInto } from './merge.ts';
import { longStatus, readStatus, relativeTo } from './status.ts';

export const stash: GitCommand = async (call) => {
  const [first, ...rest] = call.args;
  const named = first !== undefined && !first.startsWith('-');
  const action = named ? first : 'push';
  const args = named ? rest : call.args;
  const repository = call.repository();
  switch (action) {
    case 'push':
    case 'save':
      return await stashPush(call, repository, args, { old: action === 'save', named });
    case 'create': {
      const message = args.length > 0 ? args.join(' ') : undefined;
      const made = await makeStash(repository, { wanted: undefined, staged: false, untracked: [] }, message);
      if (made) await call.print(`${made.oid}\n`);
      return 0;
    }
    case 'list':
      for (const [index, { message }] of repository.stashes().entries())
        await call.print(`stash@{${index}}: ${message}\n`);
      return 0;
    case 'pop':
    case 'apply':
      return await stashApply(call, repository, args, action === 'pop');
    case 'drop':
      await dropStash(
        call,
        repository,
        args.find((arg) => !arg.startsWith('-')),
        !args.some((arg) => /^(-q|--quiet)$/.test(arg)),
      );
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
      throw notPush(action);
  }
};

const notPush = (token: string) =>
  new GitError(`subcommand wasn't specified; 'push' can't be assumed due to unexpected token '${token}'`);

/** A branch where the stash was made, with what it holds. */
async function stashBranch(call: GitCall, repository: Repository, args: readonly string[]): Promise<number> {
  const [name, entry] = args;
  if (name === undefined) throw new GitError('No branch name specified', 1, '', 'none');
  const stashed = findStash(repository, entry);
  const [base] = (await repository.readCommit(stashed.oid)).parents;
  const status = await checkout({ ...call, args: ['-b', name, ...(base === undefined ? [] : [base])] });
  const named = {
    ...call,
    print: async (text: string) => await call.print(text.replace(/^Dropped stash@/, 'Dropped refs/stash@')),
  };
  return status || (await stashApply(named, repository, ['--index', ...(entry === undefined ? [] : [entry])], true));
}

function stashIndex(name: string | undefined): number {
  const match = /^(?:stash@\{)?(\d+)\}?$/.exec(name ?? '0');
  if (!match) throw new GitError(`'${name}' is not a stash reference`, 1, '', 'error');
  return Number(match[1]);
}

interface Chosen {
  /** Undefined: all paths. */
  wanted: ((path: string) => boolean) | undefined;
  staged: boolean;
  untracked: readonly string[];
}

async function stashPush(
  call: GitCall,
  repository: Repository,
  args: readonly string[],
  { old, named }: { old: boolean; named: boolean },
): Promise<number> {
  const options = readOptions(args, {
    flags: 'u include-untracked no-include-untracked a all k keep-index q quiet no-keep-index S staged p patch',
    values: 'm message pathspec-from-file',
    aliases: { u: 'include-untracked', k: 'keep-index', m: 'message', q: 'quiet', a: 'all', S: 'staged', p: 'patch' },
  });
  const { flags } = options;
  const [unexpected] = options.words;
  if (!named && unexpected !== undefined) throw notPush(unexpected);
  const head = await repository.tryResolve('HEAD');
  if (head === undefined) throw new GitError('You do not have the initial commit yet', 1, '', 'none');
  const paths = old ? [] : [...options.words, ...(options.paths ?? [])];
  const given = pathFilter(repository, call.cwd, paths);
  const found = untrackedFiles(repository, { all: true });
  const untracked = [
    ...(flags.has('include-untracked') || flags.has('all') ? found : []),
    ...(flags.has('all')
      ? untrackedFiles(repository, { all: true, ignored: true }).filter((path) => !path.endsWith('/'))
      : []),
  ].filter(given);
  for (const path of paths) {
    const one = pathFilter(repository, call.cwd, [path]);
    if (![...repository.indexMap().keys(), ...untracked].some(one))
      throw new GitError(
        `pathspec ':(,prefix:0)${repository.relative(path, call.cwd)}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
        1,
        '',
        'error',
      );
  }
  const chosen: Chosen = { wanted: paths.length > 0 ? given : undefined, staged: flags.has('staged'), untracked };
  const words = old && options.words.length > 0 ? options.words.join(' ') : undefined;
  const message = lastOf(options, 'message') ?? words;
  if (flags.has('patch')) return await stashHunks(call, repository, { options, given, message });
  const made = await makeStash(repository, chosen, message);
  if (!made) {
    if (!flags.has('quiet')) await call.print('No local changes to save\n');
    return 0;
  }
  saveStashes(repository, [made, ...repository.stashes()]);
  await putBack(repository, chosen, flags.has('keep-index'));
  for (const path of untracked) repository.removeFile(path);
  if (!flags.has('quiet')) await call.print(`Saved working directory and index state ${made.message}\n`);
  return 0;
}

interface ChosenHunks {
  options: GitOptions;
  given: (path: string) => boolean;
  message: string | undefined;
}

/** `stash push -p`: the index stays, unless it is asked for. */
async function stashHunks(
  call: GitCall,
  repository: Repository,
  { options: { flags }, given, message }: ChosenHunks,
): Promise<number> {
  const all: Chosen = { wanted: given, staged: false, untracked: [] };
  if (!(await hasChanges(repository, all))) {
    if (!flags.has('quiet')) await call.print('No local changes to save\n');
    return 0;
  }
  const { picked, chosen } = await pickHunks(call, given);
  if (chosen.length === 0) {
    if (!flags.has('quiet')) await call.warn('No changes selected\n');
    return 1;
  }
  const made = await commitStash(repository, { work: picked, untracked: [] }, message);
  saveStashes(repository, [made, ...repository.stashes()]);
  dropChosen(repository, chosen);
  if (flags.has('no-keep-index')) await unstage(repository, given);
  if (!flags.has('quiet')) await call.print(`Saved working directory and index state ${made.message}\n`);
  return 0;
}

/** The index as HEAD is. */
async function unstage(repository: Repository, wanted: (path: string) => boolean): Promise<void> {
  const head = [...(await repository.headFiles())].filter(([path]) => wanted(path));
  const others = [...repository.indexMap()].filter(([path]) => !wanted(path));
  repository.setIndex(new Map([...others, ...head]));
}

/** The commit of what is chosen; undefined where nothing has changed. */
async function makeStash(
  repository: Repository,
  chosen: Chosen,
  given: string | undefined,
): Promise<StashMade | undefined> {
  if (!(await hasChanges(repository, chosen)) && chosen.untracked.length === 0) return undefined;
  const index = repository.indexMap();
  const work = chosenWork(repository, chosen);
  for (const [path, state] of work)
    if (!same(index.get(path), state)) await repository.writeBlob(repository.readFile(path, state.mode));
  return await commitStash(repository, { work, untracked: chosen.untracked }, given);
}

interface StashMade {
  oid: string;
  message: string;
  who: Person;
}

/** The index, with what was chosen of the work tree. */
function chosenWork(repository: Repository, { wanted = () => true, staged }: Chosen): FileMap {
  const index = repository.indexMap();
  const present = workTreeMap(repository);
  const work: FileMap = new Map(index);
  for (const path of index.keys()) {
    if (staged || !wanted(path)) continue;
    const state = present.get(path);
    if (state) work.set(path, state);
    else work.delete(path);
  }
  return work;
}

async function hasChanges(repository: Repository, chosen: Chosen): Promise<boolean> {
  const before = await repository.headFiles();
  const index = repository.indexMap();
  const work = chosenWork(repository, chosen);
  return [...new Set([...before.keys(), ...index.keys()])].filter(chosen.wanted ?? (() => true)).some((path) => {
    const [a, b, c] = [before.get(path), index.get(path), work.get(path)];
    return !same(a, b) || !same(b, c);
  });
}

/** The commits of a stash: of the index, of untracked files where there are any, and of the work tree. */
async function commitStash(
  repository: Repository,
  { work, untracked }: { work: FileMap; untracked: readonly string[] },
  given: string | undefined,
): Promise<StashMade> {
  const head = await repository.resolve('HEAD');
  const about = `${repository.branch() ?? '(no branch)'}: ${head.slice(0, 7)} ${subject(await repository.readCommit(head))}`;
  const message = given === undefined ? `WIP on ${about}` : `On ${repository.branch() ?? '(no branch)'}: ${given}`;
  const author = await identity(repository, 'AUTHOR');
  const who = await identity(repository, 'COMMITTER');
  const write = async (files: FileMap, parents: string[], text: string) =>
    await writeCommitObject(repository, {
      tree: await repository.writeTree(files),
      parents,
      author,
      committer: who,
      message: text,
    });
  const parents = [head, await write(repository.indexMap(), [head], `index on ${about}\n`)];
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
  return { oid: await write(work, parents, message), message, who };
}

const same = (a: FileState | undefined, b: FileState | undefined) => a?.oid === b?.oid && a?.mode === b?.mode;

/** Work tree and index without what was stashed. */
async function putBack(repository: Repository, { wanted, staged }: Chosen, keepIndex: boolean): Promise<void> {
  const before = await repository.headFiles();
  const index = repository.indexMap();
  if (!staged && !wanted) return await resetHard(repository, keepIndex ? index : before);
  const next: FileMap = new Map(index);
  for (const path of new Set([...before.keys(), ...index.keys()])) {
    if (wanted && !wanted(path)) continue;
    const [old, mine] = [before.get(path), index.get(path)];
    const work = repository.fileState(path);
    // Of what was staged the change alone is taken back: what is not staged stays.
    const goal = staged ? await withoutStaged(repository, { path, old, mine, work }) : keepIndex ? mine : old;
    if (!same(work, goal)) {
      if (goal) repository.writeFile(path, goal, await repository.readBlob(goal.oid));
      else repository.removeFile(path);
    }
    const entry = keepIndex && !staged ? mine : old;
    if (entry) next.set(path, entry);
    else next.delete(path);
  }
  repository.setIndex(next);
}

interface StagedFile {
  path: string;
  old: FileState | undefined;
  mine: FileState | undefined;
  work: FileState | undefined;
}

async function withoutStaged(
  repository: Repository,
  { path, old, mine, work }: StagedFile,
): Promise<FileState | undefined> {
  if (same(old, mine)) return work;
  if (same(work, mine)) return old;
  if (work) await repository.writeBlob(repository.readFile(path, work.mode));
  const side = (state: FileState | undefined): FileMap => new Map(state ? [[path, state]] : []);
  const labels = { ours: 'Updated upstream', theirs: 'Stashed changes' };
  const { files, conflicts } = await mergeTrees(
    repository,
    { base: side(mine), ours: side(work), theirs: side(old) },
    labels,
  );
  if (conflicts.length > 0)
    throw plainError(`patch failed: ${path}\nerror: ${path}: patch does not apply\nCannot remove worktree changes`);
  return files.get(path);
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

function findStash(repository: Repository, name: string | undefined): { oid: string; message: string } {
  const index = stashIndex(name);
  const stashes = repository.stashes();
  const found = stashes[index];
  if (found) return found;
  throw stashes.length === 0 && name === undefined
    ? new GitError('No stash entries found.', 1, '', 'none')
    : new GitError(`${name?.startsWith('stash') ? name : `stash@{${index}}`} is not a valid reference`, 1, '', 'error');
}

/** `name`: as it was given; the newest where none was. */
async function dropStash(
  call: GitCall,
  repository: Repository,
  name: string | undefined,
  told: boolean,
): Promise<void> {
  const found = findStash(repository, name);
  const index = stashIndex(name);
  saveStashes(
    repository,
    repository.stashes().filter((_, at) => at !== index),
  );
  if (told) await call.print(`Dropped ${name === undefined ? 'refs/stash@{0}' : `stash@{${index}}`} (${found.oid})\n`);
}

async function stashApply(
  call: GitCall,
  repository: Repository,
  args: readonly string[],
  pop: boolean,
): Promise<number> {
  const options = readOptions(args, { flags: 'index q quiet', aliases: { q: 'quiet' } });
  const [name] = options.words;
  const { oid } = findStash(repository, name);
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
  if ((await repository.readCommit(base)).tree === saved.tree && !options.flags.has('quiet'))
    await call.print('Already up to date.\n');
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
  if (pop) await dropStash(call, repository, name, !options.flags.has('quiet'));
  return 0;
}

async function stashShow(call: GitCall, repository: Repository, args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    flags: `${DIFF_FLAGS} include-untracked only-untracked no-include-untracked`,
    values: DIFF_VALUES,
    aliases: { u: 'include-untracked' },
  });
  const { oid } = findStash(repository, options.words[0]);
  const [base = '', , untracked] = (await repository.readCommit(oid)).parents;
  const load = loadFrom(repository);
  const more: FileMap =
    untracked !== undefined && (options.flags.has('include-untracked') || options.flags.has('only-untracked'))
      ? await repository.readTree(untracked)
      : new Map();
  const only = options.flags.has('only-untracked');
  const sides = {
    before: only ? new Map() : await repository.readTree(base),
    after: new Map([...(only ? [] : await repository.readTree(oid)), ...more]),
    loadBefore: load,
    loadAfter: load,
  };
  await call.print(
    (await showChanges({ sides, options, formats: diffFormats(options, 'stat'), wanted: () => true })).text,
  );
  return 0;
}
