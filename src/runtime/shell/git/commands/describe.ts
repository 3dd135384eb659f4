/** git describe. */
import * as git from 'isomorphic-git';
import { patternToRegExp } from '../../expansion/pattern.ts';
import type { GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { walkCommits } from '../history.ts';
import { reachableFrom } from '../reachable.ts';
import type { Repository } from '../repository.ts';
import { readStatus } from './status.ts';

const ABBREVIATED = 7;

/** Tags by the commits that they stand for; those with an object of their own come first. */
async function tagsByCommit(
  repository: Repository,
  { light, match, exclude }: { light: boolean; match: readonly string[]; exclude: readonly string[] },
) {
  const tags = new Map<string, string>();
  const fits = (patterns: readonly string[], tag: string) =>
    patterns.some((pattern) => patternToRegExp(pattern).test(tag));
  for (const annotated of [true, false]) {
    for (const tag of await git.listTags(repository.base)) {
      const oid = await repository.resolve(`refs/tags/${tag}`);
      const commit = (await repository.readCommit(oid)).oid;
      if ((oid !== commit) !== annotated || (!annotated && !light) || tags.has(commit)) continue;
      if (fits(match, tag) && !fits(exclude, tag)) tags.set(commit, tag);
    }
  }
  return tags;
}

export const describe: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags: 'tags all long always dirty broken exact-match first-parent contains debug',
    values: 'abbrev match exclude candidates',
  });
  const repository = call.repository();
  const has = (flag: string) => options.flags.has(flag);
  if (has('contains')) throw new GitError('describe --contains is not available in this sandbox');
  const length = Number(lastOf(options, 'abbrev') ?? ABBREVIATED);
  const tags = await tagsByCommit(repository, {
    light: has('tags') || has('all'),
    match: options.values.get('match') ?? ['*'],
    exclude: options.values.get('exclude') ?? [],
  });
  const mark = has('dirty') ? (lastOf(options, 'dirty') ?? '-dirty') : '-dirty';
  const suffix = (has('dirty') || has('broken')) && (await isDirty(repository)) ? mark : '';
  for (const revision of options.words.length > 0 ? options.words : ['HEAD'])
    await call.print(`${await describeOne(repository, revision, { has, length, tags })}${suffix}\n`);
  return 0;
};

interface Describing {
  has: (flag: string) => boolean;
  length: number;
  tags: ReadonlyMap<string, string>;
}

async function describeOne(
  repository: Repository,
  revision: string,
  { has, length, tags }: Describing,
): Promise<string> {
  const start = await repository.tryResolve(revision);
  if (start === undefined) throw new GitError(`Not a valid object name ${revision}`);
  const { oid } = await repository.readCommit(start);
  const commits = await walkCommits(repository, [oid], new Set(), has('first-parent'));
  const tagged = commits.find((commit) => tags.has(commit.oid) && (!has('exact-match') || commit.oid === oid));
  if (!tagged && !has('always')) {
    const any = tags.size > 0 || (await git.listTags(repository.base)).length > 0;
    throw nothingFound(oid, { exact: has('exact-match'), any });
  }
  if (!tagged) return oid.slice(0, length);
  const known = await reachableFrom(repository, tagged.oid);
  const count = commits.filter((commit) => !known.has(commit.oid)).length;
  const tag = tags.get(tagged.oid) ?? '';
  return (count === 0 && !has('long')) || length === 0 ? tag : `${tag}-${count}-g${oid.slice(0, length)}`;
}

/** Whether a tracked file differs from HEAD. */
async function isDirty(repository: Repository): Promise<boolean> {
  const { staged, unstaged, conflicts } = await readStatus(repository);
  return staged.length + unstaged.length + conflicts.length > 0;
}

function nothingFound(oid: string, { exact, any }: { exact: boolean; any: boolean }): GitError {
  if (exact) return new GitError(`no tag exactly matches '${oid}'`);
  if (!any) return new GitError('No names found, cannot describe anything.');
  return new GitError(`No annotated tags can describe '${oid}'.\nHowever, there were unannotated tags: try --tags.`);
}
