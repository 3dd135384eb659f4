/** The refs of a repository: loose or packed, listed and moved. */
import * as git from 'isomorphic-git';
import { noteMove } from './reflog.ts';
import type { Repository } from './repository.ts';

export interface Ref {
  /** The whole name. */
  name: string;
  oid: string;
}

/** What stands below a folder of refs, sorted. */
export async function listRefs(repository: Repository, below = 'refs'): Promise<Ref[]> {
  const refs: Ref[] = [];
  for (const rest of await git.listRefs({ ...repository.base, filepath: below })) {
    // isomorphic-git also tells what the tags of packed-refs stand for.
    if (rest.endsWith('^{}')) continue;
    const name = `${below}/${rest}`;
    const oid = await repository.tryRef(name);
    if (oid !== undefined) refs.push({ name, oid });
  }
  return refs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The ref that another one only points to, such as `refs/remotes/origin/HEAD`. */
export function symbolicTarget(repository: Repository, name: string): string | undefined {
  return /^ref: (.*)$/m.exec(repository.readState(name) ?? '')?.[1];
}

export interface RefMove {
  name: string;
  before: string | undefined;
  /** Undefined takes the ref away. */
  after: string | undefined;
  reason: string;
}

/** Moves a ref, and notes it where the repository keeps notes: one without a work tree does not. */
export async function moveRef(repository: Repository, { name, before, after, reason }: RefMove): Promise<void> {
  if (after === undefined) {
    await git.deleteRef({ ...repository.base, ref: name });
    repository.writeState(`logs/${name}`, undefined);
    return;
  }
  await git.writeRef({ ...repository.base, ref: name, value: after, force: true });
  if (repository.bare || name.startsWith('refs/tags/')) return;
  const refs = name === `refs/heads/${repository.branch()}` ? ['HEAD', name] : [name];
  await noteMove(repository, refs, { before, after, reason });
}

/** As git shows a ref: `main`, `v1`, `origin/main`. */
export function shortRef(name: string): string {
  return name.replace(/^refs\/(?:heads|tags|remotes)\//, '');
}
