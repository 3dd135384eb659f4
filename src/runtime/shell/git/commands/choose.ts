/** What `-p` does with the hunks that were chosen, in the index or in the work tree. */
import type { GitCall } from '../call.ts';
import { type ChosenFile, chooseHunks } from '../choose-hunks.ts';
import type { FileMap, Repository } from '../repository.ts';
import { pathFilter } from '../selection.ts';
import { loadFrom, loadWorkTree, workTreeMap } from './diff.ts';

const encoder = new TextEncoder();

/** `git add -p`: hunks of the work tree go into the index. */
export async function stageHunks(call: GitCall, paths: readonly string[]): Promise<number> {
  const repository = call.repository();
  const chosen = await chooseHunks(call, { verb: 'Stage', ...fromIndex(call, paths) });
  await putIntoIndex(repository, chosen, withChanges);
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
  dropChosen(repository, await chooseHunks(call, asking));
  return 0;
}

/** Hunks of the work tree, compared with HEAD: what HEAD would be with them, and the files that they are of. */
export async function pickHunks(
  call: GitCall,
  wanted: (path: string) => boolean,
): Promise<{ picked: FileMap; chosen: readonly ChosenFile[] }> {
  const repository = call.repository();
  const before = await repository.headFiles();
  const after = new Map([...workTreeMap(repository)].filter(([path]) => before.has(path)));
  const sides = { before, after, loadBefore: loadFrom(repository), loadAfter: loadWorkTree(repository) };
  const chosen = await chooseHunks(call, { verb: 'Stash', sides, wanted });
  const picked = new Map(before);
  for (const file of chosen) await putInto(repository, picked, file, withChanges(file));
  return { picked, chosen };
}

const withChanges = ({ withChosen, change, mode }: ChosenFile) => ({
  text: withChosen,
  mode: mode === false ? change.before?.mode : change.after?.mode,
});

/** The work tree without what was chosen. */
export function dropChosen(repository: Repository, chosen: readonly ChosenFile[]): void {
  for (const { change, withoutChosen, mode } of chosen) {
    const kept = mode === true ? change.before?.mode : change.after?.mode;
    const state = { oid: '', mode: kept ?? change.before?.mode ?? 0o100644 };
    if (withoutChosen === undefined) repository.removeFile(change.path);
    else repository.writeFile(change.path, state, encoder.encode(withoutChosen));
  }
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
  for (const file of chosen) await putInto(repository, next, file, outcome(file));
  if (chosen.length > 0) repository.setIndex(next);
}

async function putInto(
  repository: Repository,
  files: FileMap,
  { change: { path, before, after } }: ChosenFile,
  { text, mode }: ReturnType<Outcome>,
): Promise<void> {
  if (text === undefined) files.delete(path);
  else {
    const oid = await repository.writeBlob(encoder.encode(text));
    files.set(path, { oid, mode: mode ?? before?.mode ?? after?.mode ?? 0o100644 });
  }
}
