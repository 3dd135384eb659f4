/** git format-patch. */
import { resolvePath } from '../../paths.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { readRange, walkCommits } from '../history.ts';
import { identity } from '../identity.ts';
import { mailFileName, mailOf } from '../mail.ts';
import type { CommitInfo, FileMap } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { writeWhole } from '../system-files.ts';
import { VERSION } from '../version.ts';
import { DIFF_FLAGS, DIFF_VALUES, diffFormats, loadFrom, showChanges, splitRevisions } from './diff.ts';

const LETTER_WIDTH = '72';

export const formatPatch: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: `${DIFF_FLAGS} stdout N no-numbered numbered k keep-subject root signoff q quiet no-signature no-binary zero-commit first-parent no-stat p`,
    values: `${DIFF_VALUES} n max-count o output-directory start-number v reroll-count subject-prefix signature base suffix`,
    aliases: { N: 'no-numbered', o: 'output-directory', v: 'reroll-count', k: 'keep-subject', q: 'quiet' },
  });
  const commits = await chosenCommits(call, options);
  const { flags } = options;
  const version = lastOf(options, 'reroll-count');
  const start = Number(lastOf(options, 'start-number') ?? 1);
  const folder = lastOf(options, 'output-directory');
  const numbered = flags.has('numbered') || (commits.length > 1 && !flags.has('no-numbered'));
  for (const [index, commit] of commits.entries()) {
    const number = start + index;
    const count = numbered
      ? ` ${String(number).padStart(String(start + commits.length - 1).length, '0')}/${start + commits.length - 1}`
      : '';
    const prefix = `${lastOf(options, 'subject-prefix') ?? 'PATCH'}${version === undefined ? '' : ` v${version}`}${count}`;
    const signed = flags.has('signoff') ? await signedOff(call, commit) : commit;
    const mail = mailOf(signed, flags.has('keep-subject') ? '' : prefix) + (await changesText(call, commit, options));
    const text = `${mail}${signature(options)}\n`;
    if (flags.has('stdout')) await call.print(text);
    else {
      const file = mailFileName(commit, number, version === undefined ? '' : `v${version}-`);
      const shown = folder === undefined ? file : `${folder.replace(/\/+$/, '')}/${file}`;
      const { sys } = call.context;
      if (folder !== undefined) sys.call('mkdir', resolvePath(call.cwd, folder), 0o777, true);
      writeWhole(sys, resolvePath(call.cwd, shown), new TextEncoder().encode(text));
      if (!flags.has('quiet')) await call.print(`${shown}\n`);
    }
  }
  return 0;
};

const signature = (options: GitOptions): string =>
  options.flags.has('no-signature') ? '' : `-- \n${lastOf(options, 'signature') ?? VERSION}\n`;

async function signedOff(call: GitCall, commit: CommitInfo): Promise<CommitInfo> {
  const { name, email } = await identity(call.repository(), 'COMMITTER');
  const line = `Signed-off-by: ${name} <${email}>`;
  if (commit.message.includes(line)) return commit;
  const trailing = /\n\n(?:[\w-]+: .*\n?)+$/.test(commit.message);
  return { ...commit, message: `${commit.message.trimEnd()}\n${trailing ? '' : '\n'}${line}\n` };
}

/** The oldest first; merges are no patches. One name alone is where they begin, unless they are counted. */
async function chosenCommits(call: GitCall, options: GitOptions): Promise<CommitInfo[]> {
  const repository = call.repository();
  const { revisions } = await splitRevisions(call, options);
  const most = lastOf(options, 'n') ?? lastOf(options, 'max-count');
  const [only, ...others] = revisions;
  const isStart =
    only !== undefined &&
    others.length === 0 &&
    !/\.\.|^\^/.test(only) &&
    most === undefined &&
    !options.flags.has('root');
  if (only === undefined && most === undefined) return [];
  const range = isStart ? [`${only}..HEAD`] : revisions.length === 0 ? ['HEAD'] : revisions;
  const { starts, excluded } = await readRange(repository, range, false);
  const commits = (await walkCommits(repository, starts, excluded)).filter(({ parents }) => parents.length < 2);
  if (most !== undefined && !/^\d+$/.test(most)) throw new GitError(`-n expects a number: ${most}`);
  return commits.slice(0, most === undefined ? commits.length : Number(most)).reverse();
}

async function changesText(call: GitCall, commit: CommitInfo, options: GitOptions): Promise<string> {
  const repository = call.repository();
  const [parent] = commit.parents;
  const load = loadFrom(repository);
  const before: FileMap = parent === undefined ? new Map() : await repository.readTree(parent);
  const sides = { before, after: await repository.readTree(commit.tree), loadBefore: load, loadAfter: load };
  const asked = diffFormats(
    { ...options, flags: new Set([...options.flags].filter((flag) => flag !== 's')) },
    undefined,
  );
  const formats =
    options.flags.has('no-stat') || options.flags.has('p')
      ? new Set(['patch' as const])
      : new Set([...asked, 'stat' as const, 'summary' as const, 'patch' as const]);
  const values = new Map(options.values);
  if (!values.has('stat-width')) values.set('stat-width', [LETTER_WIDTH]);
  const wanted = pathFilter(repository, call.cwd, options.paths ?? []);
  return (await showChanges({ sides, options: { ...options, values }, formats, wanted })).text;
}
