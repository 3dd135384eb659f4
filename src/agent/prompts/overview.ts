/** Lines of a list of files. */
const MOST_LINES = 120;

interface Folder {
  readonly path: string;
  readonly files: string[];
  readonly folders: Map<string, Folder>;
  count: number;
}

/**
 * The files of a project in few lines: every path while there are few; else folders with how many files they hold, opened from the top
 * down, those of few entries first, as far as the lines reach.
 */
export function describePaths(paths: readonly string[]): string {
  const sorted = [...paths].sort();
  if (sorted.length <= MOST_LINES) return sorted.join('\n');
  const root = folderOf(sorted);
  const open = new Set<Folder>([root]);
  let lines = sizeOf(root);
  let waiting = [...root.folders.values()];
  while (waiting.length > 0) {
    const next: Folder[] = [];
    for (const folder of waiting.sort((one, other) => sizeOf(one) - sizeOf(other))) {
      if (lines + sizeOf(folder) - 1 > MOST_LINES) continue;
      lines += sizeOf(folder) - 1;
      open.add(folder);
      next.push(...folder.folders.values());
    }
    waiting = next;
  }
  return linesOf(root, open).join('\n');
}

const sizeOf = ({ files, folders }: Folder): number => files.length + folders.size;

function folderOf(paths: readonly string[]): Folder {
  const root: Folder = { path: '', files: [], folders: new Map(), count: 0 };
  for (const path of paths) {
    let folder = root;
    folder.count += 1;
    for (const name of path.split('/').slice(0, -1)) {
      const inner: Folder = folder.folders.get(name) ?? {
        path: `${folder.path}${name}/`,
        files: [],
        folders: new Map(),
        count: 0,
      };
      folder.folders.set(name, inner);
      folder = inner;
      folder.count += 1;
    }
    folder.files.push(path);
  }
  return root;
}

function linesOf(folder: Folder, open: ReadonlySet<Folder>): string[] {
  const inner = [...folder.folders.values()].flatMap((each) =>
    open.has(each) ? linesOf(each, open) : [`${each.path} (${each.count} files)`],
  );
  return [...inner, ...shortList(folder)];
}

/** The project's own folder may hold a thousand files, too. */
function shortList({ files }: Folder): readonly string[] {
  if (files.length <= MOST_LINES) return files;
  return [...files.slice(0, MOST_LINES), `… and ${files.length - MOST_LINES} more files here`];
}
