/** The folder of a path, '' for the project's own. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Joins and normalises; null when the path leaves the project. */
export function joinPath(...parts: readonly string[]): string | null {
  const result: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') result.push(part);
    else if (result.pop() === undefined) return null;
  }
  return result.join('/');
}
