/**
 * The bytes of trees of files, as `@webcontainer/api` passes them: JSON, or MessagePack, which is what `@webcontainer/snapshot` makes.
 * Loaded when it is first needed: MessagePack's reader throws and catches an error as it is loaded, for which the engine parses again
 * all of the script that it stands in.
 */
import { decode, encode } from '@msgpack/msgpack';
import type { Inode } from '../file-system/inode.ts';
import type { Selection } from './client-interface.ts';
import { readTree, type TreeNode } from './tree.ts';

const MAX_DEPTH = 4096;

/** What a tree has for a name, and no folder. */
const NO_NAME = /^$|^\.{1,2}$|[/\0]/;

/** A tree in one of the two formats; TypeError when it is neither. */
export function parseTree(bytes: Uint8Array): TreeNode {
  // A MessagePack map never begins with the byte of a brace.
  const tree: unknown =
    bytes[0] === '{'.charCodeAt(0) ? JSON.parse(new TextDecoder().decode(bytes)) : decodeSnapshot(bytes);
  if (!isRecord(tree) || !isRecord(tree.d)) throw new TypeError('The root of a tree must be a folder');
  checkNodes(tree.d);
  return tree as TreeNode;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** TypeError before anything is written: half a tree helps nobody. */
function checkNodes(root: Record<string, unknown>): void {
  const folders = [root];
  for (const folder of folders) {
    for (const [name, node] of Object.entries(folder)) {
      if (NO_NAME.test(name))
        throw new TypeError(`In a tree of files nothing can have the name ${JSON.stringify(name)}`);
      if (isRecord(node) && isRecord(node.d)) folders.push(node.d);
      else if (!isRecord(node) || !isRecord(node.f) || !isFile(node.f))
        throw new TypeError(`In a tree of files ${JSON.stringify(name)} is neither a folder nor a file nor a link`);
    }
  }
}

const isFile = ({ c, l }: Record<string, unknown>): boolean =>
  typeof (l ?? c) === 'string' || (l === undefined && c instanceof Uint8Array);

function decodeSnapshot(bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    throw new TypeError('This is neither a tree of files nor a binary snapshot', { cause: error });
  }
}

/** A binary snapshot of a folder, which `parseTree` reads. */
export function encodeSnapshot(inode: Inode, selection: Selection): Uint8Array {
  return encode(
    readTree(inode, selection, (bytes) => ({ c: bytes })),
    { maxDepth: MAX_DEPTH },
  );
}
