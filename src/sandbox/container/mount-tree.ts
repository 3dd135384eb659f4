import type { TreeEntry } from '../sandbox.ts';
import { type Container, type FileSystemTree, textOrBytes, toClientPath } from './webcontainer.ts';

/** Writes a tree of files, folders and links at a path relative to the project's folder, or absolute; makes it. */
export async function mountTree(
  { api }: Pick<Container, 'api'>,
  at: string,
  entries: readonly TreeEntry[],
): Promise<void> {
  const path = toClientPath(api, at);
  await api.fs.mkdir(path, { recursive: true });
  await api.mount(toTree(entries), { mountPoint: path });
}

/** The client's nested form. Objects without prototype: a file may be named "__proto__". */
export function toTree(entries: readonly TreeEntry[]): FileSystemTree {
  const root: FileSystemTree = Object.create(null);
  const folders = new Map<string, FileSystemTree>([['', root]]);
  const folder = (path: string): FileSystemTree => {
    const known = folders.get(path);
    if (known) return known;
    const [parent, name] = split(path);
    const directory: FileSystemTree = Object.create(null);
    folder(parent)[name] = { directory };
    folders.set(path, directory);
    return directory;
  };
  for (const entry of entries) {
    if (entry.type === 'directory') {
      folder(entry.path);
      continue;
    }
    const [parent, name] = split(entry.path);
    folder(parent)[name] =
      entry.type === 'link' ? { file: { symlink: entry.target } } : { file: { contents: textOrBytes(entry.bytes) } };
  }
  return root;
}

function split(path: string): [parent: string, name: string] {
  const at = path.lastIndexOf('/');
  return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 1)];
}
