import type { Repository } from './repository.ts';

/** Ids of a commit and all its ancestors. */
export async function reachableFrom(repository: Repository, start: string): Promise<Set<string>> {
  const seen = new Set<string>();
  const queue = [start];
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    queue.push(...(await repository.readCommit(oid)).parents);
  }
  return seen;
}

/** Of `A...B`: what A has. */
export async function leftCommits(repository: Repository, revisions: readonly string[]): Promise<ReadonlySet<string>> {
  const left = revisions.flatMap((revision) => /^(.*?)\.{3}/.exec(revision)?.[1] ?? [])[0];
  return left === undefined ? new Set() : await reachableFrom(repository, await repository.resolve(left || 'HEAD'));
}
