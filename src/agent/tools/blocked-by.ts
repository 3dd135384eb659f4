/** A file cannot stand where a folder is, nor below another file: why not; null when it can. */
export function blockedBy(paths: readonly string[], path: string): string | null {
  if (path.endsWith('/')) return `"${path}" names a folder.`;
  const other = paths.find((existing) => existing.startsWith(`${path}/`) || path.startsWith(`${existing}/`));
  return other === undefined ? null : `"${path}" cannot be written: "${other}" exists.`;
}
