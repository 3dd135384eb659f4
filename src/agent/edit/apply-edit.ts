/** The edit engine: applies an edit of any format to a set of files, all of it or nothing. */
import { contentAt } from '../../session/content.ts';
import type { FileChange, Files } from '../../session/files.ts';
import type { Edit, EditResult } from './edit.ts';
import type { Operation } from './operation.ts';
import { cleanPath, findPath, missingFile, refuseBlocked, textOf } from './paths.ts';
import { Refusal } from './refusal.ts';
import { locateReplacement } from './replace.ts';
import { readSource } from './source-text.ts';
import { type Span, spliceSpans } from './span.ts';
import { rewrite } from './whole.ts';

/** Throws nothing for an edit that does not fit: the result says why, and no file has changed. */
export function applyEdit(files: Files, edit: Edit): EditResult {
  return applyEdits(files, [edit]);
}

/** Why a path may not be touched: a sentence; null when it may. */
export type RefusePath = (path: string) => string | null;

/** Several edits as one: all of them against the files as they are, or none. `refuse` is asked about each path before anything is read. */
export function applyEdits(files: Files, edits: readonly Edit[], refuse: RefusePath = () => null): EditResult {
  try {
    const operations = edits.flatMap((edit) => readEdit(files, edit));
    if (operations.length === 0) throw new Refusal('The edit is empty.');
    for (const { path } of operations) {
      const refusal = refuse(path);
      if (refusal !== null) throw new Refusal(refusal);
    }
    return { ok: true, changes: operations.map((operation) => perform(files, operation)), notes: [] };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: `${error.message} Nothing was changed.` };
    throw error;
  }
}

function readEdit(files: Files, edit: Edit): Operation[] {
  switch (edit.format) {
    case 'replace': {
      const paths = new Set(edit.replacements.map(({ path }) => findPath(files, path) ?? cleanPath(path)));
      return [...paths].map((path) => ({
        kind: 'replace',
        path,
        replacements: edit.replacements.filter((one) => (findPath(files, one.path) ?? cleanPath(one.path)) === path),
      }));
    }
    case 'whole':
      return edit.files.map((file) => ({
        kind: 'write',
        path: findPath(files, file.path) ?? cleanPath(file.path),
        file,
      }));
    default:
      throw new Refusal(`The format "${edit.format}" is not known.`);
  }
}

function perform(files: Files, operation: Operation): FileChange {
  const { path } = operation;
  if (operation.kind === 'write') {
    const before = contentAt(files, path);
    if (before !== undefined) return { path, content: rewrite(textOf(files, path), operation.file) };
    refuseBlocked(Object.keys(files), path);
    return { path, content: rewrite(undefined, operation.file) };
  }
  if (contentAt(files, path) === undefined) throw new Refusal(missingFile(files, path));
  const source = readSource(textOf(files, path));
  const count = operation.replacements.length;
  const spans = operation.replacements.map((replacement, index): Span => {
    const label = count > 1 ? `replacement ${index + 1} of ${count}` : 'the replacement';
    try {
      return locateReplacement(source, replacement, label);
    } catch (error) {
      if (error instanceof Refusal) throw new Refusal(`${path}${count > 1 ? `, ${label}` : ''}: ${error.message}`);
      throw error;
    }
  });
  return { path, content: spliceSpans(source.text, spans) };
}
