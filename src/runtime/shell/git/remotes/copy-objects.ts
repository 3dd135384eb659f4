/** Brings objects from one repository to another: what the other lacks, and what that needs before it. */
import * as git from 'isomorphic-git';
import type { Repository } from '../repository.ts';

interface Pending {
  oid: string;
  /** The object, once what it needs is on its way. */
  read?: git.ReadObjectResult;
}

/**
 * What is written needs nothing that is not there yet: so an object that is there is there with all that it needs, and what was
 * brought before is not looked at again.
 */
export async function copyObjects(from: Repository, to: Repository, wanted: readonly string[]): Promise<void> {
  const stack: Pending[] = wanted.map((oid) => ({ oid }));
  for (let item = stack.pop(); item; item = stack.pop()) {
    const { oid } = item;
    if (await to.hasObject(oid)) continue;
    const read = item.read ?? (await git.readObject({ ...from.base, oid, format: 'content' }));
    const needed = item.read ? [] : await neededBy(from, oid, read.type);
    if (needed.length > 0) stack.push({ oid, read }, ...needed.map((need) => ({ oid: need })));
    else
      await git.writeObject({
        ...to.base,
        type: kindOf(read.type),
        format: 'content',
        object: read.object as Uint8Array,
      });
  }
}

type Kind = 'blob' | 'commit' | 'tag' | 'tree';
const kindOf = (type: string | undefined): Kind =>
  type === 'commit' || type === 'tag' || type === 'tree' ? type : 'blob';

async function neededBy(repository: Repository, oid: string, type: string | undefined): Promise<string[]> {
  const { base } = repository;
  if (type === 'tag') return [(await git.readTag({ ...base, oid })).tag.object];
  if (type === 'tree')
    // Another repository's commits are not kept in this one.
    return (await git.readTree({ ...base, oid })).tree
      .filter((entry) => entry.type !== 'commit')
      .map((entry) => entry.oid);
  if (type !== 'commit') return [];
  const { tree, parents } = await repository.readCommit(oid);
  return [...parents, tree];
}

/** All objects at once, as the files that they are: nothing of them ever changes. */
export function linkObjects(from: Repository, to: Repository): void {
  const { sys } = from.context;
  const linkAll = (folder: string) => {
    sys.call('mkdir', `${to.commonDir}/${folder}`, 0o777, true);
    const { names, types } = sys.call('readdir', `${from.commonDir}/${folder}`);
    for (const [index, name] of names.entries()) {
      const path = `${folder}/${name}`;
      if (types[index] === 2) linkAll(path);
      else sys.call('link', `${from.commonDir}/${path}`, `${to.commonDir}/${path}`);
    }
  };
  linkAll('objects');
}
