import type { FileChange, Files } from './files.ts';

/** The files after the changes; `files` itself when there are none. */
export function applyChanges(files: Files, changes: readonly FileChange[]): Files {
  if (changes.length === 0) return files;
  const result = new Map(Object.entries(files));
  for (const { path, content } of changes) {
    if (content === null) result.delete(path);
    else result.set(path, content);
  }
  return Object.fromEntries(result);
}
