/** Brings the work tree and the index from one state to another, and refuses to lose what is not committed. */
import { GitError } from './git-error.ts';
import type { MergeConflict } from './merge-files.ts';
import type { FileMap, FileState, Repository } from './repository.ts';

const same = (a: FileState | undefined, b: FileState | undefined) => a?.oid === b?.oid && a?.mode === b?.mode;

/** What the operation is called in messages: "checkout", "merge". */
export interface Move {
  from: FileMap;
  to: FileMap;
  operation: string;
  /** What the user should do first: "switch branches", "merge". */
  advice: string;
}

/** Moves clean files only; local changes to other files stay. Throws {@link GitError} when one is in the way. */
export async function moveWorkTree(repository: Repository, { from, to, operation, advice }: Move): Promise<void> {
  const index = repository.indexMap();
  const entries = new Map(repository.entries.map((entry) => [entry.path, entry]));
  const changed: string[] = [];
  const overwritten: string[] = [];
  const untracked: string[] = [];
  for (const path of new Set([...from.keys(), ...to.keys()])) {
    const [before, after, staged] = [from.get(path), to.get(path), index.get(path)];
    if (same(before, after) || same(staged, after)) continue;
    changed.push(path);
    const entry = entries.get(path);
    if (entry) {
      const work = repository.trackedState(entry);
      const clean =
        same(staged, before) && (work === undefined ? after === undefined : same(work, staged) || same(work, after));
      if (!clean && !(work === undefined && same(staged, before))) overwritten.push(path);
    } else if (after) {
      const work = repository.fileState(path);
      if (work && !same(work, after)) untracked.push(path);
    }
  }
  if (overwritten.length > 0) {
    const list = overwritten.sort().map((path) => `\t${path}\n`);
    throw new GitError(
      `Your local changes to the following files would be overwritten by ${operation}:\n${list.join('')}Please commit your changes or stash them before you ${advice}.\nAborting`,
      operation === 'checkout' ? 1 : 1,
      '',
      'error',
    );
  }
  if (untracked.length > 0) {
    const list = untracked.sort().map((path) => `\t${path}\n`);
    throw new GitError(
      `The following untracked working tree files would be overwritten by ${operation}:\n${list.join('')}Please move or remove them before you ${advice}.\nAborting`,
      1,
      '',
      'error',
    );
  }
  for (const path of changed) await writeState(repository, path, to.get(path));
  const next: FileMap = new Map(index);
  for (const path of changed) {
    const after = to.get(path);
    if (after) next.set(path, after);
    else next.delete(path);
  }
  repository.setIndex(next);
}

/** Makes a file of the work tree be as in a tree, or not be. */
export async function writeState(repository: Repository, path: string, state: FileState | undefined): Promise<void> {
  if (state) repository.writeFile(path, state, await repository.readBlob(state.oid));
  else repository.removeFile(path);
}

/** Makes index and work tree be exactly as a tree; untracked files stay. */
export async function resetHard(repository: Repository, to: FileMap): Promise<void> {
  const known = new Set([...repository.entries.map(({ path }) => path), ...to.keys()]);
  for (const path of known) {
    const after = to.get(path);
    if (!same(repository.fileState(path), after)) await writeState(repository, path, after);
  }
  repository.setIndex(to);
}

/** Puts the sides of conflicts into the index. */
export function recordConflicts(repository: Repository, files: FileMap, conflicts: readonly MergeConflict[]): void {
  const paths = new Set(conflicts.map(({ path }) => path));
  const clean = [...files]
    .filter(([path]) => !paths.has(path))
    .map(([path, state]) => repository.checkedEntry(path, state));
  const sides = conflicts.flatMap(({ path, base, ours, theirs }) =>
    [base, ours, theirs].flatMap((state, index) => (state ? [repository.entryFor(path, state, index + 1)] : [])),
  );
  repository.saveIndex([...clean, ...sides]);
}
