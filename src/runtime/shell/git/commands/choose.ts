/** What `-p` does with the hunks that were chosen, in the index or in the work tree. */
import type { GitCall } from '../call.ts';
import { type ChosenFile, chooseHunks } from '../choose-hunks.ts';
import type { Repository } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { loadFrom, loadWorkTree, workTreeMap } from './diff.ts';

const encoder = new TextEncoder();

/** `git add -p`: hunks of the work tree go into the index. */
export async function stageHunks(call: GitCall, paths: readonly string[]): Promise<number> {
  const repository = call.repository();
  const chosen = await chooseHunks(call, { verb: 'Stage', ...fromIndex(call, paths) });
  await putIntoIndex(repository, chosen, ({ withChosen, change, mode }) => ({
    text: withChosen,
    mode: mode === false ? change.before?.mode : change.after?.mode,
  }));
  return 0;
}

/** `git reset -p`: hunks of the index go back to what HEAD has. */
export async function unstageHunks(call: GitCall, paths: readonly string[]): Promise<number> {
  const repository = call.repository();
  const load = loadFrom(repository);
  const sides = {
    before: await repository.headFiles(),
    after: repository.indexMap(),
    loadBefore: load,
    loadAfter: load,
  };
  const wanted = pathFilter(repository, call.cwd, paths);
  const chosen = await chooseHunks(call, { verb: 'Unstage', sides, wanted });
  await putIntoIndex(repository, chosen, ({ withoutChosen, change, mode }) => ({
    text: withoutChosen,
    mode: mode === true ? change.before?.mode : change.after?.mode,
  }));
  return 0;
}

/** `git checkout -p`, `git restore -p`: hunks of the work tree go. */
export async function discardHunks(call: GitCall, paths: readonly string[]): Promise<number> {
  const repository = call.repository();
  const asking = { verb: 'Discard', where: ' from worktree', ...fromIndex(call, paths) };
  for (const { change, withoutChosen, mode } of await chooseHunks(call, asking)) {
    const kept = mode === true ? change.before?.mode : change.after?.mode;
    const state = { oid: '', mode: kept ?? change.before?.mode ?? 0o100644 };
    if (withoutChosen === undefined) repository.removeFile(change.path);
    else repository.writeFile(change.path, state, encoder.encode(withoutChosen));
  }
  return 0;
}

function fromIndex(call: GitCall, paths: readonly string[]) {
  const repository = call.repository();
  const sides = {
    before: repository.indexMap(),
    after: workTreeMap(repository),
    loadBefore: loadFrom(repository),
    loadAfter: loadWorkTree(repository),
  };
  const conflicts = repository.conflicts();
  const filter = pathFilter(repository, call.cwd, paths);
  return { sides, wanted: (path: string) => filter(path) && !conflicts.has(path) };
}

type Outcome = (file: ChosenFile) => { text: string | undefined; mode: number | undefined };

async function putIntoIndex(repository: Repository, chosen: readonly ChosenFile[], outcome: Outcome): Promise<void> {
  const next = repository.indexMap();
  for (const file of chosen) {
    const { path, before, after } = file.change;
    const { text, mode } = outcome(file);
    if (text === undefined) next.delete(path);
    else {
      const oid = await repository.writeBlob(encoder.encode(text));
      next.set(path, { oid, mode: mode ?? before?.mode ?? after?.mode ?? 0o100644 });
    }
  }
  if (chosen.length > 0) repository.setIndex(next);
}
