/** Which commits a command speaks of, and in which order. */
import { mergeBase } from './commands/diff.ts';
import { listRefs } from './refs.ts';
import type { CommitInfo, Repository } from './repository.ts';

/** Commits that can be reached, the newest first. */
export async function walkCommits(
  repository: Repository,
  starts: readonly string[],
  excluded: ReadonlySet<string>,
  firstParent = false,
): Promise<CommitInfo[]> {
  const seen = new Set<string>(excluded);
  const queue: CommitInfo[] = [];
  const push = async (oid: string) => {
    if (seen.has(oid)) return;
    seen.add(oid);
    const commit = await repository.readCommit(oid);
    const at = queue.findIndex((other) => other.committer.timestamp < commit.committer.timestamp);
    queue.splice(at === -1 ? queue.length : at, 0, commit);
  };
  for (const start of starts) await push(start);
  const found: CommitInfo[] = [];
  for (let commit = queue.shift(); commit; commit = queue.shift()) {
    found.push(commit);
    for (const parent of firstParent ? commit.parents.slice(0, 1) : commit.parents) await push(parent);
  }
  return found;
}

/** By time, or so that parents stand behind their children: a line of history after the other, or by time again. */
export function inAskedOrder(commits: readonly CommitInfo[], flags: ReadonlySet<string>): readonly CommitInfo[] {
  const byTime = flags.has('date-order') || flags.has('author-date-order');
  if (!byTime && !flags.has('graph') && !flags.has('topo-order')) return commits;
  const known = new Map(commits.map((commit) => [commit.oid, commit]));
  const children = new Map<string, number>();
  for (const { parents } of commits)
    for (const parent of parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  const ready = commits.filter(({ oid }) => !children.has(oid));
  if (!byTime) ready.reverse();
  const ordered: CommitInfo[] = [];
  const next = () => {
    if (!byTime) return ready.pop();
    let best = 0;
    for (const [index, { committer }] of ready.entries())
      if (committer.timestamp > (ready[best]?.committer.timestamp ?? 0)) best = index;
    return ready.splice(best, 1)[0];
  };
  for (let commit = next(); commit; commit = next()) {
    ordered.push(commit);
    for (const oid of commit.parents) {
      const left = (children.get(oid) ?? 0) - 1;
      children.set(oid, left);
      const parent = known.get(oid);
      if (left === 0 && parent) ready.push(parent);
    }
  }
  return ordered;
}

/** The parents of a commit among those that are shown: in place of one that is not, the nearest of its first ancestors that is. */
export function parentsAmong(
  all: readonly CommitInfo[],
  shown: readonly CommitInfo[],
): (commit: CommitInfo) => readonly string[] {
  const known = new Map(all.map((commit) => [commit.oid, commit]));
  const wanted = new Set(shown.map(({ oid }) => oid));
  const nearest = (start: string): string | undefined => {
    let oid: string | undefined = start;
    while (oid !== undefined && !wanted.has(oid)) oid = known.get(oid)?.parents[0];
    return oid;
  };
  return ({ parents }) => [...new Set(parents.map(nearest).filter((oid) => oid !== undefined))];
}

async function reachable(repository: Repository, oid: string): Promise<Set<string>> {
  return new Set((await walkCommits(repository, [oid], new Set())).map((commit) => commit.oid));
}

/** Starting points and what they exclude, of `A`, `A..B`, `A...B`, `^A`. */
export async function readRange(
  repository: Repository,
  revisions: readonly string[],
  all: boolean,
): Promise<{ starts: string[]; excluded: Set<string> }> {
  const starts: string[] = [];
  const excluded = new Set<string>();
  const exclude = async (oid: string) => {
    for (const item of await reachable(repository, oid)) excluded.add(item);
  };
  for (const revision of revisions) {
    const dots = /^(.*?)(\.{2,3})(.*)$/.exec(revision);
    if (dots) {
      const [left, right] = [await repository.resolve(dots[1] || 'HEAD'), await repository.resolve(dots[3] || 'HEAD')];
      if (dots[2] === '..') {
        starts.push(right);
        await exclude(left);
      } else {
        starts.push(left, right);
        const base = await mergeBase(repository, left, right);
        if (base !== undefined) await exclude(base);
      }
    } else if (revision.startsWith('^')) await exclude(await repository.resolve(revision.slice(1)));
    else starts.push((await repository.readCommit(await repository.resolve(revision))).oid);
  }
  if (all) {
    for (const { oid } of await listRefs(repository)) starts.push(await repository.peel(oid));
    const head = await repository.tryResolve('HEAD');
    if (head !== undefined) starts.push(head);
  }
  return { starts, excluded };
}
