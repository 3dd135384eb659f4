/** A flat list of paths as the rows of a tree: folders before files, each in order. */
export interface FileRow {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly isFile: boolean;
}

export function fileRows(paths: readonly string[], prefix = '', depth = 0): FileRow[] {
  const folders = new Map<string, string[]>();
  const files: FileRow[] = [];
  for (const path of paths) {
    const rest = path.slice(prefix.length);
    const slash = rest.indexOf('/');
    if (slash < 0) files.push({ path, name: rest, depth, isFile: true });
    else folders.set(rest.slice(0, slash), [...(folders.get(rest.slice(0, slash)) ?? []), path]);
  }
  const byName = (one: string, other: string) => one.localeCompare(other, 'en');
  const folderRows = [...folders]
    .sort(([one], [other]) => byName(one, other))
    .flatMap(([name, inside]) => [
      { path: `${prefix}${name}`, name, depth, isFile: false },
      ...fileRows(inside, `${prefix}${name}/`, depth + 1),
    ]);
  return [...folderRows, ...files.sort((one, other) => byName(one.name, other.name))];
}

/** The rows that are left when these folders are closed. */
export function visibleRows(rows: readonly FileRow[], closed: ReadonlySet<string>): readonly FileRow[] {
  return rows.filter(({ path }) => {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      if (closed.has(path.slice(0, at))) return false;
    }
    return true;
  });
}
