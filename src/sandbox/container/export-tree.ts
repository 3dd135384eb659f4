import { decode } from '@msgpack/msgpack';
import { type Container, type FileSystemTree, type SnapshotNode, textOrBytes } from './webcontainer.ts';

/**
 * What is in a folder without what the globs match. The embedded sandbox gives it in binary: as JSON, the client takes bytes that are
 * no text one by one. What the vendor's binary format is, is not documented.
 */
export async function exportTree(
  { runtime, api }: Pick<Container, 'runtime' | 'api'>,
  folder: string,
  excludes: string[],
): Promise<FileSystemTree> {
  if (runtime === 'hosted') return api.export(folder, { format: 'json', excludes });
  try {
    return await exportBinary({ api }, folder, excludes);
  } catch (error) {
    // MessagePack's reader takes this name for an attack, and the client loses it: such a file is left out. The error may be the client's.
    if (!(error instanceof Error) || !error.message.includes(ATTACK)) throw error;
    return await exportBinary({ api }, folder, [...excludes, ATTACK, `**/${ATTACK}`]);
  }
}

const ATTACK = '__proto__';

async function exportBinary(
  { api }: Pick<Container, 'api'>,
  folder: string,
  excludes: string[],
): Promise<FileSystemTree> {
  const root = decode(await api.export(folder, { format: 'binary', excludes })) as SnapshotNode;
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
