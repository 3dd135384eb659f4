import { decode } from '@msgpack/msgpack';
import { type Container, type FileSystemTree, textOrBytes } from './webcontainer.ts';

/** A node of the binary format, which is MessagePack: a folder, a file's bytes, or a link's target. */
type Packed = { readonly d: PackedFolder } | { readonly f: { readonly c: Uint8Array } | { readonly l: string } };
type PackedFolder = Readonly<Record<string, Packed>>;

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
  const packed = decode(await api.export(folder, { format: 'binary', excludes })) as Packed;
  return 'd' in packed ? unpack(packed.d) : {};
}

function unpack(folder: PackedFolder): FileSystemTree {
  // Without prototype: a file may be named "__proto__".
  const tree: FileSystemTree = Object.create(null);
  for (const [name, node] of Object.entries(folder)) {
    if ('d' in node) tree[name] = { directory: unpack(node.d) };
    else if ('l' in node.f) tree[name] = { file: { symlink: node.f.l } };
    else tree[name] = { file: { contents: textOrBytes(node.f.c) } };
  }
  return tree;
}
