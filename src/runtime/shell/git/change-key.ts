import { findFileChanges } from './changes.ts';
import { loadFrom } from './commands/diff.ts';
import type { CommitInfo, FileMap, Repository } from './repository.ts';

/** The same for commits that change the same files in the same way. */
export async function changeKey(repository: Repository, commit: CommitInfo): Promise<string> {
  const [parent] = commit.parents;
  const load = loadFrom(repository);
  const before: FileMap = parent === undefined ? new Map() : await repository.readTree(parent);
  const sides = { before, after: await repository.readTree(commit.tree), loadBefore: load, loadAfter: load };
  const changes = await findFileChanges(sides, () => true, false);
  return changes.map(({ path, before: old, after }) => `${path} ${old?.oid} ${after?.oid}`).join('\n');
}
