import { encode } from '@msgpack/msgpack';
import type { TreeEntry } from '../sandbox.ts';
import { type Container, type FileSystemTree, type SnapshotNode, textOrBytes, toClientPath } from './webcontainer.ts';

/** Writes a tree of files, folders and links at a path relative to the project's folder, or absolute; makes it. */
export async function mountTree(container: MountPoint, at: string, entries: readonly TreeEntry[]): Promise<void> {
  const { runtime, api } = container;
  const path = toClientPath(api, at);
  await api.fs.mkdir(path, { recursive: true });
  const packable = entries.filter((entry) => !isUnpackable(entry));
  await api.mount(runtime === 'embedded' ? toSnapshot(packable) : toTree(packable), { mountPoint: path });
  for (const entry of entries.filter(isUnpackable)) await writeAlone(container, path, entry);
}

type MountPoint = Pick<Container, 'runtime' | 'api'>;

/** MessagePack's reader takes this name for an attack, and the client loses it. */
const isUnpackable = ({ path }: TreeEntry) => `/${path}/`.includes('/__proto__/');

async function writeAlone({ api }: MountPoint, root: string, entry: TreeEntry): Promise<void> {
  const path = `${root}/${entry.path}`;
  // The client makes no links: one with such a name is left out.
  if (entry.type === 'directory') await api.fs.mkdir(path, { recursive: true });
  if (entry.type !== 'file') return;
  await api.fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
  await api.fs.writeFile(path, entry.bytes);
}

/** The binary form. The client makes JSON of any other, for which a large project is too long. */
function toSnapshot(entries: readonly TreeEntry[]): Uint8Array {
  const root = nest<SnapshotNode>(
    entries,
    (d) => ({ d }),
    (entry) => ({ f: entry.type === 'link' ? { l: entry.target } : contentOf(entry) }),
  );
  const size = entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.bytes.length : 0), 0);
  return encode({ d: root }, { maxDepth: MAX_DEPTH, initialBufferSize: size + ENTRY_BYTES * (entries.length + 1) });
}

const contentOf = ({ bytes, executable }: Extract<TreeEntry, { type: 'file' }>) =>
  executable ? ({ c: bytes, x: true } as const) : { c: bytes };

const MAX_DEPTH = 4096;
/** Most entries with their names need no more: the buffer need not grow. */
const ENTRY_BYTES = 100;

/** The client's own form. */
function toTree(entries: readonly TreeEntry[]): FileSystemTree {
  return nest<FileSystemTree[string]>(
    entries,
    (directory) => ({ directory }),
    (entry) =>
      entry.type === 'link' ? { file: { symlink: entry.target } } : { file: { contents: textOrBytes(entry.bytes) } },
  );
}

type Folder<Node> = Record<string, Node>;
type Leaf = Exclude<TreeEntry, { type: 'directory' }>;

/** Objects without prototype: a file may be named "__proto__". */
function nest<Node>(
  entries: readonly TreeEntry[],
  toFolder: (folder: Folder<Node>) => Node,
  toLeaf: (entry: Leaf) => Node,
): Folder<Node> {
  const root: Folder<Node> = Object.create(null);
  const folders = new Map([['', root]]);
  const folder = (path: string): Folder<Node> => {
    const known = folders.get(path);
    if (known) return known;
    const [parent, name] = split(path);
    const made: Folder<Node> = Object.create(null);
    folder(parent)[name] = toFolder(made);
    folders.set(path, made);
    return made;
  };
  for (const entry of entries) {
    if (entry.type === 'directory') {
      folder(entry.path);
      continue;
    }
    const [parent, name] = split(entry.path);
    folder(parent)[name] = toLeaf(entry);
  }
  return root;
}

function split(path: string): [parent: string, name: string] {
  const at = path.lastIndexOf('/');
  return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 1)];
}
