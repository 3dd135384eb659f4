/** The edit engine: applies edits of any format to a set of files, all of them or nothing. */
import type { FileChange, Files } from '../../session/files.ts';
import type { Edit, EditResult } from './edit.ts';
import { groupBy } from './group.ts';
import type { Operation } from './operation.ts';
import { foldersOf } from './paths.ts';
import { performOperations } from './perform.ts';
import { readEdit } from './read-edit.ts';
import { Refusal } from './refusal.ts';

/** Why a path may not be touched: a sentence; null when it may. */
export type RefusePath = (path: string) => string | null;

/** Throws nothing for an edit that does not fit: the result says why, and no file has changed. */
export function applyEdit(files: Files, edit: Edit): EditResult {
  return applyEdits(files, [edit]);
}

/** Several edits as one: all of them against the files as they are, or none. `refuse` is asked about each path before anything is read. */
export function applyEdits(files: Files, edits: readonly Edit[], refuse: RefusePath = () => null): EditResult {
  try {
    const operations = edits.flatMap((edit) => readEdit(files, edit));
    if (operations.length === 0) throw new Refusal('The edit changes nothing.');
    refusePaths(operations, refuse);
    const byPath = groupBy(operations, ({ path }) => path);
    const changes = [...byPath].flatMap(([path, own]) => performOperations(files, path, own));
    refuseCollisions(changes);
    return { ok: true, changes, notes: [] };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: `${error.message}\nNothing was changed.` };
    throw error;
  }
}

function refusePaths(operations: readonly Operation[], refuse: RefusePath): void {
  const paths = operations.flatMap((operation) =>
    operation.kind === 'move' || operation.kind === 'copy' ? [operation.path, operation.to] : [operation.path],
  );
  for (const path of paths) {
    const refusal = refuse(path);
    if (refusal !== null) throw new Refusal(refusal);
  }
}

/** Two parts of an edit that make the same file, or one below the other. */
function refuseCollisions(changes: readonly FileChange[]): void {
  const seen = new Set<string>();
  for (const { path } of changes) {
    if (seen.has(path)) throw new Refusal(`${path}: the edit names it twice.`);
    seen.add(path);
  }
  const written = new Set(changes.filter(({ content }) => content !== null).map(({ path }) => path));
  for (const path of written) {
    const folder = foldersOf(path).find((one) => written.has(one));
    if (folder !== undefined) throw new Refusal(`"${path}" cannot be written: "${folder}" exists.`);
  }
}
