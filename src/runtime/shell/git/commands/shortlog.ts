/** git shortlog: subjects or counts of commits by who made them. */
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { readRange, walkCommits } from '../history.ts';
import { formatCommit, subject } from '../log-format.ts';
import type { CommitInfo } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { splitRevisions } from './diff.ts';
import { selectCommits } from './log.ts';

const STDIN = 0;

interface Entry {
  who: string;
  text: string;
}

export const shortlog: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      's n e c summary numbered email committer no-merges merges all branches tags remotes first-parent i regexp-ignore-case',
    values: 'since after until before author grep format group max-count',
    aliases: { s: 'summary', n: 'numbered', e: 'email', c: 'committer', after: 'since', before: 'until' },
  });
  const { flags } = options;
  const isAll = ['all', 'branches', 'tags', 'remotes'].some((flag) => flags.has(flag));
  // Who names no commits pipes in what `git log` says. The command's own input may never end, and nobody means that.
  const piped = options.words.length === 0 && !isAll && call.context.stdin.descriptor?.fd !== STDIN;
  const entries = piped ? entriesIn(await call.context.stdin.text(), options) : await entriesOf(call, options, isAll);
  const byPerson = Map.groupBy(entries, ({ who }) => who);
  const rows = [...byPerson].sort(
    ([a, x], [b, y]) => (flags.has('numbered') ? y.length - x.length : 0) || (a < b ? -1 : 1),
  );
  for (const [name, said] of rows) {
    if (flags.has('summary')) await call.print(`${String(said.length).padStart(6)}\t${name}\n`);
    else await call.print(`${name} (${said.length}):\n${said.map(({ text }) => `      ${text}\n`).join('')}\n`);
  }
  return 0;
};

const byCommitter = (options: GitOptions): boolean =>
  options.flags.has('committer') || lastOf(options, 'group') === 'committer';

/** The oldest first. */
async function entriesOf(call: GitCall, options: GitOptions, isAll: boolean): Promise<Entry[]> {
  const repository = call.repository();
  const { revisions, paths } = await splitRevisions(call, options);
  const { starts, excluded } = await readRange(
    repository,
    revisions.length === 0 && !isAll ? ['HEAD'] : revisions,
    isAll,
  );
  const walked = await walkCommits(repository, starts, excluded, options.flags.has('first-parent'));
  const selection = { wanted: pathFilter(repository, call.cwd, paths), byPath: paths.length > 0 };
  const commits = await selectCommits(repository, walked, options, selection);
  const who = (commit: CommitInfo) => {
    const { name, email } = byCommitter(options) ? commit.committer : commit.author;
    return options.flags.has('email') ? `${name} <${email}>` : name;
  };
  const format = lastOf(options, 'format')?.replace(/^t?format:/, '');
  const told = (commit: CommitInfo) =>
    format === undefined
      ? subject(commit)
      : formatCommit({ commit, format, date: 'default', refs: '', decoration: '', fullHash: true });
  return [...commits].reverse().map((commit) => ({ who: who(commit), text: told(commit) }));
}

/** From the text of `git log`. */
function entriesIn(log: string, options: GitOptions): Entry[] {
  const header = byCommitter(options) ? /^Commit: +(.*?) <(.*)>$/ : /^Author: +(.*?) <(.*)>$/;
  const entries: Entry[] = [];
  let who: string | undefined;
  for (const line of log.split('\n')) {
    const [, name, email] = header.exec(line) ?? [];
    if (name !== undefined) who = options.flags.has('email') ? `${name} <${email}>` : name;
    else if (who !== undefined && /^ {4}\S/.test(line)) {
      entries.push({ who, text: line.trim() });
      who = undefined;
    }
  }
  return entries.reverse();
}
