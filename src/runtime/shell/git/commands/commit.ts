/** git commit. */

import { append } from '../../../kernel/large-lists.ts';
import { readWholeText } from '../../utilities/inputs.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { findFileChanges } from '../changes.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { formatDiff } from '../diff-output.ts';
import { GitError } from '../git-error.ts';
import { editFile, editorOf, runHook } from '../hooks.ts';
import { gitDate, identity } from '../identity.ts';
import { dateText, subject } from '../log-format.ts';
import type { FileMap, Repository } from '../repository.ts';
import { pathTest } from '../selection.ts';
import { writeCommitObject } from '../write-commit.ts';
import { stageHunks } from './choose.ts';
import { loadFrom } from './diff.ts';
import { stage } from './staging.ts';
import { longStatus, readStatus, relativeTo, status } from './status.ts';

export const commit: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'a all amend allow-empty allow-empty-message no-edit q quiet n no-verify v verbose s signoff reset-author no-gpg-sign no-signoff dry-run short porcelain long z branch null o only i include p patch status no-status untracked-files u e edit no-post-rewrite',
    values: 'm message F file C c author date cleanup fixup squash trailer',
    aliases: { a: 'all', m: 'message', F: 'file', q: 'quiet', s: 'signoff', o: 'only', i: 'include', p: 'patch' },
  });
  if (options.flags.has('patch')) await stageHunks(call, [...options.words, ...(options.paths ?? [])]);
  const repository = call.repository();
  const { flags } = options;
  const paths = flags.has('patch') ? [] : [...options.words, ...(options.paths ?? [])];
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
      await longStatus(repository, await readStatus(repository), relativeTo(repository, call.cwd), {
        committing: true,
      }),
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
  await call.print(await longStatus(repository, report, relativeTo(repository, call.cwd), { committing: true }));
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
    append(chosen, matches);
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
  else if (file !== undefined) text = await readWholeText(call.context, file);
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
