/** git rev-list: which commits a range holds, for scripts. */
import * as git from 'isomorphic-git';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { inAskedOrder, readRange, walkCommits } from '../history.ts';
import { formatCommit } from '../log-format.ts';
import { leftCommits } from '../reachable.ts';
import { listRefs } from '../refs.ts';
import type { CommitInfo } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { splitRevisions } from './diff.ts';
import { readLogOptions, selectCommits } from './log.ts';

const OWN_FLAGS = ['timestamp', 'children', 'no-commit-header', 'commit-header', 'stdin', 'use-bitmap-index'] as const;
const REF_FOLDERS: Record<string, string> = { branches: 'refs/heads', tags: 'refs/tags', remotes: 'refs/remotes' };
const SHORT = 7;

export const revList: GitCommand = async (call) => {
  const own = new Set(call.args.flatMap((arg) => OWN_FLAGS.filter((name) => arg === `--${name}`)));
  const args = call.args.filter((arg) => !OWN_FLAGS.some((name) => arg === `--${name}`));
  if (own.has('stdin')) args.push(...(await call.context.stdin.text()).split('\n').filter((line) => line !== ''));
  const options = readLogOptions(withNegations(args));
  const { flags } = options;
  const repository = call.repository();
  const { revisions, paths } = await splitRevisions(call, options);
  const asked = Object.keys(REF_FOLDERS).filter((flag) => flags.has(flag));
  for (const flag of asked)
    for (const { oid } of await listRefs(repository, REF_FOLDERS[flag])) revisions.push(await repository.peel(oid));
  if (revisions.length === 0 && asked.length === 0 && !flags.has('all') && !own.has('stdin'))
    throw new GitError('usage: git rev-list [<options>] <commit>... [--] [<path>...]', 129, '', 'none');
  const { starts, excluded } = await readRange(repository, revisions, flags.has('all'));
  const walked = await walkCommits(repository, starts, excluded, flags.has('first-parent'));
  const commits = await selectCommits(repository, inAskedOrder(walked, flags), options, {
    wanted: pathFilter(repository, call.cwd, paths),
    byPath: paths.length > 0,
  });
  if (flags.has('quiet')) return 0;
  const left = flags.has('left-right') ? await leftCommits(repository, revisions) : undefined;
  if (flags.has('count')) {
    const count = commits.filter(({ oid }) => left?.has(oid)).length;
    await call.print(left ? `${count}\t${commits.length - count}\n` : `${commits.length}\n`);
    return 0;
  }
  const rows = {
    options,
    own,
    left,
    children: own.has('children') ? childrenOf(walked) : undefined,
  };
  await printRows(call, commits, rows);
  if (flags.has('objects')) await printObjects(call, commits);
  return 0;
};

/** Revisions behind `--not` count as if they had a `^`, and the other way round. */
function withNegations(args: readonly string[]): string[] {
  let negated = false;
  let ended = false;
  return args.flatMap((arg) => {
    ended ||= arg === '--';
    if (arg === '--not' && !ended) {
      negated = !negated;
      return [];
    }
    if (!negated || ended || arg.startsWith('-')) return [arg];
    return [arg.startsWith('^') ? arg.slice(1) : `^${arg}`];
  });
}

interface Rows {
  options: GitOptions;
  own: ReadonlySet<string>;
  left: ReadonlySet<string> | undefined;
  children: ReadonlyMap<string, string[]> | undefined;
}

async function printRows(call: GitCall, commits: readonly CommitInfo[], { options, own, left, children }: Rows) {
  const { flags } = options;
  const isOneLine = flags.has('oneline');
  const given = lastOf(options, 'format') ?? lastOf(options, 'pretty') ?? (isOneLine ? 'oneline' : undefined);
  const format = given?.replace(/^t?format:/, '');
  const isShort = (flags.has('abbrev-commit') || isOneLine) && !flags.has('no-abbrev-commit');
  const id = (oid: string) => (isShort ? oid.slice(0, Number(lastOf(options, 'abbrev') ?? SHORT)) : oid);
  let text = '';
  for (const commit of commits) {
    const { oid, parents } = commit;
    const side = left === undefined ? '' : left.has(oid) ? '<' : '>';
    const others = [...(flags.has('parents') ? parents : []), ...(children?.get(oid) ?? [])];
    const time = own.has('timestamp') ? `${commit.committer.timestamp} ` : '';
    const row = `${time}${side}${[oid, ...others].map(id).join(' ')}`;
    const message =
      format === undefined
        ? ''
        : formatCommit({
            commit,
            format,
            date: lastOf(options, 'date') ?? 'default',
            refs: '',
            decoration: '',
            fullHash: true,
          });
    if (format === undefined) text += `${row}\n`;
    else if (format === 'oneline') text += `${row} ${message.slice(oid.length + 1)}\n`;
    else if (format.includes('%')) text += `${own.has('no-commit-header') ? '' : `commit ${row}\n`}${message}\n`;
    else text += `${message.replace(/^commit \S+/, `commit ${row}`)}\n`;
  }
  await call.print(text);
}

function childrenOf(commits: readonly CommitInfo[]): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const { oid, parents } of commits)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), oid]);
  return children;
}

/** The trees and files of the commits, each once, without those that commits before them have. */
async function printObjects(call: GitCall, commits: readonly CommitInfo[]): Promise<void> {
  const repository = call.repository();
  const shown = new Set(commits.map(({ oid }) => oid));
  const seen = new Set<string>();
  let text = '';
  const walk = async (oid: string, path: string, tells: boolean): Promise<void> => {
    if (seen.has(oid)) return;
    seen.add(oid);
    if (tells) text += `${oid} ${path}\n`;
    for (const entry of (await git.readTree({ ...repository.base, oid })).tree) {
      const name = path === '' ? entry.path : `${path}/${entry.path}`;
      if (entry.type === 'tree') await walk(entry.oid, name, tells);
      else if (entry.type === 'blob' && !seen.has(entry.oid)) {
        seen.add(entry.oid);
        if (tells) text += `${entry.oid} ${name}\n`;
      }
    }
  };
  for (const { parents } of commits)
    for (const parent of parents)
      if (!shown.has(parent)) await walk((await repository.readCommit(parent)).tree, '', false);
  for (const { tree } of commits) await walk(tree, '', true);
  await call.print(text);
}
