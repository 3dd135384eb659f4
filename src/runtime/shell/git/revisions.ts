/** What a name of a commit means: `HEAD~2`, `v1^{}`, `main@{1}`, `@{upstream}`, `stash@{0}`, the beginning of an id. */
import * as git from 'isomorphic-git';
import { GitError } from './git-error.ts';
import { walkCommits } from './history.ts';
import { previousHead, resolveMove } from './reflog.ts';
import { listRefs } from './refs.ts';
import type { Repository } from './repository.ts';
import { trackedBranch } from './tracking.ts';

/** The id of a commit's, or of the tag's own object; undefined for a name that means nothing. */
export async function resolveRevision(repository: Repository, revision: string): Promise<string | undefined> {
  const file = /^([^:]*(?:@\{[^}]*\}[^:]*)?):(.*)$/.exec(revision);
  if (file && !revision.startsWith(':/')) return await objectAt(repository, file[1] ?? '', file[2] ?? '');
  const match = /^(.*?)((?:[~^][\d]*|\^\{\w*\})*)$/.exec(revision);
  const [, name = '', suffixes = ''] = match ?? [];
  let oid = await resolveName(repository, name === '' || name === '@' ? 'HEAD' : name);
  for (const [, sign, count, kind] of suffixes.matchAll(/([~^])(?:(\d+)|\{(\w*)\})?/g)) {
    if (oid === undefined) return undefined;
    if (kind !== undefined) {
      oid = kind === 'tree' ? (await repository.readCommit(oid)).tree : (await repository.readCommit(oid)).oid;
      continue;
    }
    const number = count === undefined ? 1 : Number(count);
    if (sign === '^') oid = number === 0 ? oid : (await repository.readCommit(oid)).parents[number - 1];
    else for (let i = 0; i < number && oid !== undefined; i += 1) oid = (await repository.readCommit(oid)).parents[0];
  }
  return oid;
}

/** `HEAD:src`, `:file`, `:2:file`, `HEAD:./file`: a file or folder of a commit, a file of the index. */
async function objectAt(repository: Repository, revision: string, given: string): Promise<string | undefined> {
  const inFolder = /^\.\.?(?:\/|$)/.test(given);
  const path = (inFolder ? repository.relative(given, repository.context.cwd) : given).replace(/\/$/, '');
  if (revision === '') {
    const [, side = '0', name = path] = /^([0-3]):(.*)$/.exec(path) ?? [];
    return repository.entries.find((entry) => entry.path === name && entry.stage === Number(side))?.oid;
  }
  let oid = await resolveRevision(repository, revision);
  if (oid === undefined) return undefined;
  // The tree of a commit, or of a tag.
  let at = (await git.readTree({ ...repository.base, oid })).oid;
  for (const name of path === '' ? [] : path.split('/')) {
    const { type } = await git.readObject({ ...repository.base, oid: at, format: 'content' });
    if (type !== 'tree') return undefined;
    oid = (await git.readTree({ ...repository.base, oid: at })).tree.find((entry) => entry.path === name)?.oid;
    if (oid === undefined) return undefined;
    at = oid;
  }
  return at;
}

async function resolveName(repository: Repository, name: string): Promise<string | undefined> {
  if (name.startsWith(':/')) return await newestSaying(repository, name.slice(2));
  const stash = /^stash(?:@\{(\d+)\})?$/.exec(name);
  if (stash) return repository.stashes()[Number(stash[1] ?? 0)]?.oid;
  const back = /^@\{-(\d+)\}$/.exec(name);
  const left = back ? previousHead(repository, Number(back[1])) : undefined;
  if (back) return left === undefined ? undefined : await resolveName(repository, left);
  // It holds more than an id, and a line for each ref.
  if (name === 'FETCH_HEAD') return repository.readState(name)?.slice(0, 40);
  const tracked = trackedName(repository, name);
  if (tracked !== undefined) return await repository.tryRef(tracked);
  const moved = resolveMove(repository, name);
  if (moved !== undefined) return moved;
  const oid = /^[\da-f]{40}$/.test(name) ? name : await repository.tryRef(name);
  if (oid !== undefined) return oid;
  if (!/^[\da-f]{4,39}$/.test(name)) return undefined;
  try {
    return await git.expandOid({ ...repository.base, oid: name });
  } catch (error) {
    if (error instanceof git.Errors.NotFoundError) return undefined;
    throw error;
  }
}

/** `:/TEXT`: the newest commit of all branches whose message matches. */
async function newestSaying(repository: Repository, text: string): Promise<string | undefined> {
  const pattern = new RegExp(text, 'u');
  const heads = (await listRefs(repository)).map(({ oid }) => oid);
  const head = await repository.tryRef('HEAD');
  const commits = await walkCommits(repository, head === undefined ? heads : [head, ...heads], new Set());
  return commits.find(({ message }) => pattern.test(message))?.oid;
}

/** The ref that `main@{upstream}`, `@{u}` or `@{push}` means; undefined for other names. Throws {@link GitError}. */
export function trackedName(repository: Repository, name: string): string | undefined {
  const match = /^(.*)@\{(?:u|upstream|push)\}$/i.exec(name);
  if (!match) return undefined;
  const branch = match[1] === '' || match[1] === 'HEAD' ? repository.branch() : match[1];
  if (branch === undefined) throw new GitError('HEAD does not point to a branch');
  const found = trackedBranch(repository, branch);
  if (!found) throw new GitError(`no upstream configured for branch '${branch}'`);
  return found.ref;
}
