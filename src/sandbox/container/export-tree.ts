import { DecodeError, decode } from '@msgpack/msgpack';
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
  const snapshot = await api.export(folder, { format: 'binary', excludes });
  try {
    const root = decode(snapshot) as SnapshotNode;
    return 'd' in root ? unpack(root.d) : {};
  } catch (error) {
    // The name "__proto__" is an attack to MessagePack's reader. The client leaves such a file out.
    if (error instanceof DecodeError) return api.export(folder, { format: 'json', excludes });
    throw error;
  }
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
