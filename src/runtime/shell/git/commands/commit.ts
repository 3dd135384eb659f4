/** git add, rm, mv, commit. */

import { S_IFDIR, S_IFMT } from '../../../kernel/file-modes.ts';
import { baseName, joinPath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { findFileChanges } from '../changes.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { formatDiff } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { editFile, editorOf, runHook } from '../hooks.ts';
import { gitDate, identity } from '../identity.ts';
import { isIgnored, untrackedFiles } from '../ignored.ts';
import type { IndexEntry } from '../index-file.ts';
import { dateText, subject } from '../log-format.ts';
import type { FileMap, Repository } from '../repository.ts';
import { pathTest } from '../selection.ts';
import { writeCommitObject } from '../write-commit.ts';
import { loadFrom } from './diff.ts';
import { longStatus, readStatus, relativeTo, status } from './status.ts';

export const add: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'A all u update f force v verbose n dry-run N intent-to-add',
    aliases: { A: 'all', u: 'update', f: 'force', v: 'verbose', n: 'dry-run' },
  });
  const repository = call.repository();
  const paths = [...options.words, ...(options.paths ?? [])];
  const { flags } = options;
  if (paths.length === 0 && !flags.has('all') && !flags.has('update')) {
    await call.warn(
      'Nothing specified, nothing added.\nhint: Maybe you wanted to say \'git add .\'?\nhint: Turn this message off by running\nhint: "git config advice.addEmptyPathspec false"\n',
    );
    return 0;
  }
  const tests = paths.map((path) => pathTest(repository, call.cwd, path));
  const wanted = (path: string) => tests.length === 0 || tests.some((test) => test(path));
  const untracked = flags.has('update') ? [] : untrackedFiles(repository, { all: true });
  const known = repository.entries.map(({ path }) => path);
  const forced: string[] = [];
  const refused: string[] = [];
  for (const [index, path] of paths.entries()) {
    const test = tests[index];
    if (!test || [...untracked, ...known].some((name) => test(name.replace(/\/$/, '')))) continue;
    const relative = repository.relative(path, call.cwd);
    const stat = repository.statFile(relative);
    if (!stat) throw new GitError(`pathspec '${path}' did not match any files`);
    if (relative === '' || !isIgnored(repository, relative)) continue;
    if (!flags.has('force')) refused.push(path);
    else forced.push(...((stat.mode & S_IFMT) === S_IFDIR ? filesBelow(repository, relative) : [relative]));
  }
  const changed = [...new Set([...known, ...untracked, ...forced])].filter((path) => wanted(path.replace(/\/$/, '')));
  await stage(
    repository,
    changed,
    flags.has('dry-run') || flags.has('verbose') ? call : undefined,
    flags.has('dry-run'),
  );
  if (refused.length === 0) return 0;
  await call.warn(
    `The following paths are ignored by one of your .gitignore files:\n${refused.join('\n')}\nhint: Use -f if you really want to add them.\nhint: Turn this message off by running\nhint: "git config advice.addIgnoredFile false"\n`,
  );
  return 1;
};

function filesBelow(repository: Repository, folder: string): string[] {
  const { names, types } = repository.context.sys.call('readdir', repository.absolute(folder));
  return names.flatMap((name, index) =>
    types[index] === 2 ? filesBelow(repository, joinPath(folder, name)) : [joinPath(folder, name)],
  );
}

/** Brings the index up to the work tree for these paths. */
export async function stage(
  repository: Repository,
  paths: readonly string[],
  teller?: GitCall,
  pretend = false,
): Promise<void> {
  const entries = new Map<string, IndexEntry>();
  for (const entry of repository.entries) if (entry.stage === 0) entries.set(entry.path, entry);
  const resolved = new Set<string>();
  for (const path of paths) {
    const old = entries.get(path);
    const state = old ? repository.trackedState(old) : repository.fileState(path);
    resolved.add(path);
    if (!state) {
      if (old) await teller?.print(`remove '${path}'\n`);
      entries.delete(path);
      continue;
    }
    if (old && old.oid === state.oid && old.mode === state.mode) {
      entries.set(path, repository.entryFor(path, state));
      continue;
    }
    await teller?.print(`add '${path}'\n`);
    if (!pretend) await repository.writeBlob(repository.readFile(path, state.mode));
    entries.set(path, repository.entryFor(path, state));
  }
  if (pretend) return;
  const conflicts = repository.entries.filter((entry) => entry.stage > 0 && !resolved.has(entry.path));
  repository.saveIndex([...entries.values(), ...conflicts]);
}

export const rm: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'r f force q quiet cached n dry-run ignore-unmatch',
    aliases: { f: 'force', q: 'quiet', n: 'dry-run' },
  });
  const repository = call.repository();
  const paths = [...options.words, ...(options.paths ?? [])];
  if (paths.length === 0) throw new GitError('No pathspec was given. Which files should I remove?');
  const chosen = new Set<string>();
  for (const path of paths) {
    const test = pathTest(repository, call.cwd, path);
    const matches = repository.entries.map((entry) => entry.path).filter(test);
    if (matches.length === 0 && !options.flags.has('ignore-unmatch'))
      throw new GitError(`pathspec '${path}' did not match any files`);
    if (
      !options.flags.has('r') &&
      matches.some((match) => match !== repository.relative(path, call.cwd)) &&
      !/[*?[]/.test(path)
    ) {
      throw new GitError(`not removing '${path}' recursively without -r`);
    }
    for (const match of matches) chosen.add(match);
  }
  await refuseChanged(call, repository, chosen, options.flags);
  for (const path of chosen) {
    if (!options.flags.has('quiet')) await call.print(`rm '${path}'\n`);
    if (!options.flags.has('cached') && !options.flags.has('dry-run')) repository.removeFile(path);
  }
  if (!options.flags.has('dry-run')) repository.saveIndex(repository.entries.filter(({ path }) => !chosen.has(path)));
  return 0;
};

async function refuseChanged(
  _call: GitCall,
  repository: Repository,
  chosen: ReadonlySet<string>,
  flags: ReadonlySet<string>,
): Promise<void> {
  if (flags.has('force')) return;
  const head = await repository.headFiles();
  const staged: string[] = [];
  const local: string[] = [];
  for (const entry of repository.entries) {
    // A path in conflict is resolved by being removed.
    if (!chosen.has(entry.path) || entry.stage > 0) continue;
    const work = repository.trackedState(entry);
    const differs = work && (work.oid !== entry.oid || work.mode !== entry.mode);
    const inHead = head.get(entry.path)?.oid === entry.oid;
    if (!inHead && !flags.has('cached')) staged.push(entry.path);
    else if (differs && !flags.has('cached')) local.push(entry.path);
  }
  const list = (paths: string[]) => paths.map((path) => `    ${path}`).join('\n');
  const these = (paths: string[]) => (paths.length === 1 ? 'the following file has' : 'the following files have');
  if (staged.length > 0)
    throw new GitError(
      `${these(staged)} changes staged in the index:\n${list(staged)}\n(use --cached to keep the file, or -f to force removal)`,
      1,
      '',
      'error',
    );
  if (local.length > 0)
    throw new GitError(
      `${these(local)} local modifications:\n${list(local)}\n(use --cached to keep the file, or -f to force removal)`,
      1,
      '',
      'error',
    );
}

export const mv: GitCommand = async (call) => {
  const options = readOptions(call.args, { flags: 'f force k n v', aliases: { f: 'force' } });
  const repository = call.repository();
  const names = [...options.words, ...(options.paths ?? [])];
  const target = names.pop();
  if (target === undefined || names.length === 0)
    throw new GitError('usage: git mv [<options>] <source>... <destination>', 129, '', 'error');
  const place = repository.relative(target, call.cwd);
  const stat = repository.statFile(place);
  const intoFolder = place === '' || (stat !== null && (stat.mode & S_IFMT) === S_IFDIR);
  let entries = [...repository.entries];
  for (const name of names) {
    const from = repository.relative(name, call.cwd);
    const to = intoFolder ? (place === '' ? baseName(from) : `${place}/${baseName(from)}`) : place;
    if (!repository.statFile(from)) throw new GitError(`bad source, source=${from}, destination=${to}`);
    if (!entries.some(({ path }) => path === from || path.startsWith(`${from}/`)))
      throw new GitError(`not under version control, source=${from}, destination=${to}`);
    if (repository.statFile(to) && !options.flags.has('force'))
      throw new GitError(`destination exists, source=${from}, destination=${to}`);
    repository.context.sys.call('rename', repository.absolute(from), repository.absolute(to));
    entries = entries
      .filter(({ path }) => path !== to)
      .map((entry) =>
        entry.path === from || entry.path.startsWith(`${from}/`)
          ? { ...entry, path: to + entry.path.slice(from.length) }
          : entry,
      );
  }
  repository.saveIndex(entries);
  return 0;
};

export const commit: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'a all amend allow-empty allow-empty-message no-edit q quiet n no-verify v verbose s signoff reset-author no-gpg-sign no-signoff dry-run short porcelain long z branch null o only i include p patch status no-status untracked-files u e edit no-post-rewrite',
    values: 'm message F file C c author date cleanup fixup squash trailer',
    aliases: { a: 'all', m: 'message', F: 'file', q: 'quiet', s: 'signoff', o: 'only', i: 'include', p: 'patch' },
  });
  if (options.flags.has('patch')) throw new GitError('choosing hunks needs answers: this sandbox has commit PATH');
  const repository = call.repository();
  const { flags } = options;
  const paths = [...options.words, ...(options.paths ?? [])];
  const before = [...repository.entries];
  if (flags.has('dry-run') || flags.has('long')) return await dryRun(call);
  if (flags.has('short') || flags.has('porcelain')) {
    await status({
      ...call,
      args: [flags.has('short') ? '--short' : '--porcelain', ...(flags.has('branch') ? ['--branch'] : [])],
    });
    return (await readStatus(repository)).staged.length > 0 ? 0 : 1;
  }
  if (flags.has('all'))
    await stage(
      repository,
      repository.entries.map(({ path }) => path),
    );
  const chosen = paths.length > 0 ? await stageOnly(call, repository, paths) : undefined;
  if (repository.conflicts().size > 0) {
    throw new GitError(
      'Exiting because of an unresolved conflict.',
      128,
      `${[...repository.conflicts()].map((path) => `U\t${path}\n`).join('')}error: Committing is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\n`,
    );
  }
  const hooks = !flags.has('n') && !flags.has('no-verify');
  if (hooks && (await runHook(call, 'pre-commit')) !== 0) {
    repository.saveIndex(before);
    return 1;
  }
  repository.forgetIndex();
  const head = await repository.tryResolve('HEAD');
  const old = head !== undefined && flags.has('amend') ? await repository.readCommit(head) : undefined;
  if (flags.has('amend') && !old) throw new GitError('You have nothing to amend.');
  const mergeHead = repository.readState('MERGE_HEAD')?.trim();
  // What else is staged stays so.
  const only = chosen && !flags.has('include') && !repository.readState('MERGE_HEAD') ? chosen : undefined;
  const tree = await repository.writeTree(only ? await headWith(repository, only) : repository.indexMap());
  const parents = old ? old.parents : [...(head === undefined ? [] : [head]), ...(mergeHead ? [mergeHead] : [])];
  const parent = parents[0];
  const parentTree = parent === undefined ? undefined : (await repository.readCommit(parent)).tree;
  const unchanged = parentTree === undefined ? repository.entries.length === 0 : parentTree === tree;
  if (unchanged && !flags.has('allow-empty') && !flags.has('amend') && !mergeHead) {
    await call.print(
      await longStatus(repository, await readStatus(repository), relativeTo(repository, call.cwd), true),
    );
    return 1;
  }
  if (old && parentTree === tree && !flags.has('allow-empty') && parents.length < 2) {
    await call.print(`On branch ${repository.branch() ?? 'HEAD'}\nNo changes\n`);
    await call.warn(
      'You asked to amend the most recent commit, but doing so would make\nit empty. You can repeat your command with --allow-empty, or you can\nremove the commit entirely with "git reset HEAD^".\n',
    );
    return 1;
  }
  let message = await readMessage(call, repository, options, old?.message);
  message = await hookedMessage(call, message, hooks);
  if (message.trim() === '' && !flags.has('allow-empty-message'))
    throw new GitError('Aborting commit due to empty commit message.', 1, '', 'none');
  const committer = await identity(repository, 'COMMITTER');
  if (flags.has('signoff'))
    message = `${message.replace(/\n*$/, '\n')}\nSigned-off-by: ${committer.name} <${committer.email}>\n`;
  const trailers = options.values.get('trailer') ?? [];
  if (trailers.length > 0) {
    const lines = trailers.map((trailer) => `${trailer.replace(/^([^:=]*?)\s*[:=]\s*/, '$1: ')}\n`);
    message = `${message.replace(/\n*$/, '\n')}\n${lines.join('')}`;
  }
  const author = await authorOf(repository, options, old?.author);
  const oid = await writeCommitObject(repository, { tree, parents, author, committer, message });
  const kind = old ? ' (amend)' : parent === undefined ? ' (initial)' : mergeHead ? ' (merge)' : '';
  await repository.moveHead(oid, `commit${kind}: ${message}`);
  for (const name of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'SQUASH_MSG', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'])
    repository.writeState(name, undefined);
  if (!flags.has('quiet')) {
    const different = author.name !== committer.name || author.email !== committer.email;
    const told = { author: different, date: flags.has('amend') || flags.has('date'), amend: flags.has('amend') };
    await call.print(await commitReport(repository, oid, told));
  }
  await runHook(call, 'post-commit');
  return 0;
};

async function dryRun(call: GitCall): Promise<number> {
  const repository = call.repository();
  const report = await readStatus(repository);
  await call.print(await longStatus(repository, report, relativeTo(repository, call.cwd), true));
  return report.staged.length > 0 ? 0 : 1;
}

/** What the hooks for messages make of one. */
async function hookedMessage(call: GitCall, message: string, checked: boolean): Promise<string> {
  const repository = call.repository();
  const path = `${repository.gitdir}/COMMIT_EDITMSG`;
  repository.writeState('COMMIT_EDITMSG', message);
  const status =
    (await runHook(call, 'prepare-commit-msg', [path, 'message'])) ||
    (checked ? await runHook(call, 'commit-msg', [path]) : 0);
  if (status !== 0) throw new GitError('', 1, '', 'none');
  return repository.readState('COMMIT_EDITMSG') ?? message;
}

/** `git commit -- paths`: these as they are in the work tree. */
async function stageOnly(call: GitCall, repository: Repository, paths: readonly string[]): Promise<string[]> {
  const chosen: string[] = [];
  const known = repository.entries.map(({ path }) => path);
  for (const path of paths) {
    const test = pathTest(repository, call.cwd, path);
    const matches = known.filter(test);
    if (matches.length === 0)
      throw new GitError(`pathspec '${path}' did not match any file(s) known to git`, 1, '', 'error');
    chosen.push(...matches);
    await stage(repository, matches);
  }
  return chosen;
}

/** The files of HEAD, but these as they are staged. */
async function headWith(repository: Repository, paths: readonly string[]): Promise<FileMap> {
  const files = await repository.headFiles();
  const index = repository.indexMap();
  for (const path of paths) {
    const state = index.get(path);
    if (state) files.set(path, state);
    else files.delete(path);
  }
  return files;
}

async function readMessage(
  call: GitCall,
  repository: Repository,
  options: ReturnType<typeof readOptions>,
  old: string | undefined,
): Promise<string> {
  const file = lastOf(options, 'file');
  const given = options.values.get('message');
  const reused = lastOf(options, 'C');
  let text: string | undefined;
  const fixed = lastOf(options, 'fixup') ?? lastOf(options, 'squash');
  if (fixed !== undefined) {
    const target = await repository.readCommit(await repository.resolve(fixed));
    const title = target.message.split('\n')[0];
    text = `${options.flags.has('fixup') ? 'fixup' : 'squash'}! ${title}\n${given ? `\n${given.join('\n\n')}` : ''}`;
  } else if (given) text = given.join('\n\n');
  else if (file === '-') text = await call.context.stdin.text();
  else if (file !== undefined)
    text = new TextDecoder().decode(call.context.sys.call('readFile', call.context.resolve(file)));
  else if (reused !== undefined) text = (await repository.readCommit(await repository.resolve(reused))).message;
  else return await preparedMessage(call, repository, options, old);
  return cleanMessage(text);
}

/** The message of the commit that is amended or of a merge, as the editor leaves it. */
async function preparedMessage(
  call: GitCall,
  repository: Repository,
  options: ReturnType<typeof readOptions>,
  old: string | undefined,
): Promise<string> {
  const text = old ?? repository.readState('MERGE_MSG') ?? repository.readState('SQUASH_MSG');
  // Without an editor the comments stay.
  if (text !== undefined && options.flags.has('no-edit')) return cleanMessage(text);
  if ((await editorOf(call)) === undefined) {
    throw new GitError(
      'Terminal is dumb, but EDITOR unset\nPlease supply the message using either -m or -F option.',
      1,
      '',
      'error',
    );
  }
  return await editMessage(call, text ?? '\n');
}

/** A message as the editor leaves it. */
export async function editMessage(call: GitCall, text: string): Promise<string> {
  const repository = call.repository();
  repository.writeState('COMMIT_EDITMSG', text);
  await editFile(call, 'COMMIT_EDITMSG');
  return withoutComments(repository.readState('COMMIT_EDITMSG') ?? '');
}

/** Clean, and without the lines that git wrote into it. */
export const withoutComments = (text: string): string => cleanMessage(text.replace(/^#.*\n?/gm, ''));

/** Without blank lines at its ends and white space at those of its lines. */
export function cleanMessage(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const cleaned = lines
    .join('\n')
    .replace(/^\n+/, '')
    .replace(/\n+$/, '')
    .replace(/\n{3,}/g, '\n\n');
  return cleaned === '' ? '' : `${cleaned}\n`;
}

async function authorOf(
  repository: Repository,
  options: ReturnType<typeof readOptions>,
  old: Awaited<ReturnType<typeof identity>> | undefined,
) {
  const given = lastOf(options, 'author');
  const date = lastOf(options, 'date');
  const base = old && !options.flags.has('reset-author') ? old : await identity(repository, 'AUTHOR');
  const match = given === undefined ? undefined : /^(.*?) *<(.*)>$/.exec(given);
  if (given !== undefined && !match)
    throw new GitError(`--author '${given}' is not 'Name <email>' and matches no existing author`);
  return {
    ...base,
    ...(match ? { name: match[1] ?? '', email: match[2] ?? '' } : {}),
    ...(date === undefined ? {} : gitDate(date)),
  };
}

/** `[branch id] subject` and what changed. */
export async function commitReport(
  repository: Repository,
  oid: string,
  told: { author: boolean; date: boolean; amend?: boolean },
): Promise<string> {
  const commit = await repository.readCommit(oid);
  const [parent] = commit.parents;
  const load = loadFrom(repository);
  const before = parent === undefined ? new Map() : await repository.readTree(parent);
  const sides = { before, after: await repository.readTree(oid), loadBefore: load, loadAfter: load };
  const branch = repository.branch() ?? 'detached HEAD';
  const root = parent === undefined && told.amend !== true ? ' (root-commit)' : '';
  let text = `[${branch}${root} ${oid.slice(0, 7)}] ${subject(commit)}\n`;
  if (told.author) text += ` Author: ${commit.author.name} <${commit.author.email}>\n`;
  if (told.date) text += ` Date: ${dateText(commit.author)}\n`;
  if (commit.parents.length > 1) return text;
  const changes = await findFileChanges(sides, () => true);
  return (
    text +
    (await formatDiff({
      changes,
      loadBefore: load,
      loadAfter: load,
      formats: new Set(['shortstat', 'summary']),
      context: 3,
    }))
  );
}
