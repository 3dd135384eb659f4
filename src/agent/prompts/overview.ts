/** Lines of a list of files. */
const MOST_LINES = 120;
/** Characters that name what is in a folder that is not opened. */
const MOST_NAMES = 600;
/** Files that a text names, at most. */
const MOST_NAMED = 20;

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
    open.has(each) ? linesOf(each, open) : [`${each.path} (${each.count} files${contentsOf(each)})`],
  );
  return [...inner, ...shortList(folder)];
}

/** Of a folder with many folders: their names, as far as there is room. A folder of files alone says enough by its count. */
function contentsOf({ folders }: Folder): string {
  if (folders.size < 2) return '';
  const names = [...folders.keys()];
  let room = MOST_NAMES;
  const shown = names.filter((name) => {
    room -= name.length + 2;
    return room > 0;
  });
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return `, in folders ${shown.join(', ')}${more}`;
}

/** The files whose own name, or whose folder's, stands as a word in the text: of a large project they are where to begin. */
export function namedIn(text: string, paths: readonly string[]): readonly string[] {
  const words = new Set((text.match(/[A-Za-z_$][\w$-]{3,}/g) ?? []).map((word) => word.toLowerCase()));
  const isNamed = (path: string) => {
    const parts = path.split('/');
    const file = (parts.at(-1) ?? '').toLowerCase();
    const stem = file.replace(/\..*$/, '');
    const folder = (parts.at(-2) ?? '').toLowerCase();
    return words.has(stem) || (words.has(folder) && !COMMON.has(folder));
  };
  const named = [...paths].sort().filter(isNamed);
  // Words that name this many say nothing.
  return named.length <= MOST_NAMED ? named : [];
}

const COMMON: ReadonlySet<string> = new Set(['test', 'tests', 'spec', 'specs', 'source', 'docs', 'examples']);

/** Whether the list of files shows less than all of them. */
export const isLarge = (paths: readonly string[]): boolean => paths.length > MOST_LINES;

/** The project's own folder may hold a thousand files, too. */
function shortList({ files }: Folder): readonly string[] {
  if (files.length <= MOST_LINES) return files;
  return [...files.slice(0, MOST_LINES), `… and ${files.length - MOST_LINES} more files here`];
}
