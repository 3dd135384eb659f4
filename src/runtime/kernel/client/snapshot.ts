/**
 * The bytes of trees of files, as `@webcontainer/api` passes them: JSON, or MessagePack, which is what `@webcontainer/snapshot` makes.
 * Loaded when it is first needed: MessagePack's reader throws and catches an error as it is loaded, for which the engine parses again
 * all of the script that it stands in.
 */
import { decode, encode } from '@msgpack/msgpack';
import type { DirectoryInode } from '../file-system/inode.ts';
import { readTree, type Selection, type TreeNode } from './tree.ts';

const MAX_DEPTH = 4096;

/** A tree in one of the two formats; TypeError when it is neither. */
export function parseTree(bytes: Uint8Array): TreeNode {
  // A MessagePack map never begins with the byte of a brace.
  const tree: unknown =
    bytes[0] === '{'.charCodeAt(0) ? JSON.parse(new TextDecoder().decode(bytes)) : decodeSnapshot(bytes);
  if (typeof tree !== 'object' || tree === null || !('d' in tree)) {
    throw new TypeError('The root of a tree must be a folder');
  }
  return tree as TreeNode;
}

function decodeSnapshot(bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    throw new TypeError('This is neither a tree of files nor a binary snapshot', { cause: error });
  }
}

/** A binary snapshot of a folder, which `parseTree` reads. */
export function encodeSnapshot(directory: DirectoryInode, selection: Selection): Uint8Array {
  return encode(
    readTree(directory, selection, (bytes) => ({ c: bytes })),
    { maxDepth: MAX_DEPTH },
  );
}
