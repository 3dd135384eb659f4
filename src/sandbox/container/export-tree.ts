import { decode } from '@msgpack/msgpack';
import { binaryHeads, type Container, type FileSystemTree, type SnapshotNode, textOrBytes } from './webcontainer.ts';

export interface ExportSelection {
  /** Globs of what is left out. */
  readonly excludes: readonly string[];
  /** How much of a file is of interest: the embedded sandbox sends so many bytes of it, the vendor's all. */
  readonly head: number;
}

/**
 * What is in a folder. The embedded sandbox gives it in binary: as JSON, the client takes bytes that are no text one by one. What the
 * vendor's binary format is, is not documented.
 */
export async function exportTree(
  { runtime, api }: Pick<Container, 'runtime' | 'api'>,
  folder: string,
  { excludes, head }: ExportSelection,
): Promise<FileSystemTree> {
  if (runtime === 'hosted') return api.export(folder, { format: 'json', excludes: [...excludes] });
  try {
    return await exportBinary({ api }, folder, { excludes, head });
  } catch (error) {
    // MessagePack's reader takes this name for an attack, and the client loses it: such a file is left out. The error may be the client's.
    if (!(error instanceof Error) || !error.message.includes(ATTACK)) throw error;
    return await exportBinary({ api }, folder, { excludes: [...excludes, ATTACK, `**/${ATTACK}`], head });
  }
}

const ATTACK = '__proto__';

/** The first bytes of a file, at most so many; the hosted runtime gives all. */
export async function readHead(
  { runtime, api }: Pick<Container, 'runtime' | 'api'>,
  path: string,
  bytes: number,
): Promise<Uint8Array> {
  if (runtime === 'hosted') return api.fs.readFile(path);
  const node = decode(await api.export(path, { format: binaryHeads(bytes) })) as SnapshotNode;
  return 'f' in node && 'c' in node.f ? node.f.c : new Uint8Array(0);
}

async function exportBinary(
  { api }: Pick<Container, 'api'>,
  folder: string,
  { excludes, head }: ExportSelection,
): Promise<FileSystemTree> {
  const bytes = await api.export(folder, { format: binaryHeads(head), excludes: [...excludes] });
  const root = decode(bytes) as SnapshotNode;
  return 'd' in root ? unpack(root.d) : {};
}

function unpack(folder: Readonly<Record<string, SnapshotNode>>): FileSystemTree {
  // Without prototype: a file may be named "__proto__".
  const tree: FileSystemTree = Object.create(null);
  for (const [name, node] of Object.entries(folder)) {
    if ('d' in node) tree[name] = { directory: unpack(node.d) };
    else if ('l' in node.f) tree[name] = { file: { symlink: node.f.l } };
    else tree[name] = { file: { contents: textOrBytes(node.f.c) } };
  }
  return tree;
}
