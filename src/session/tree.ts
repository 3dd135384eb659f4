/** Content-addressed trees: git's own blob and tree hashes, and differences between trees. */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { contentAt, contentToBytes, sameContent } from './content.ts';
import type { Content, FileChange, Files } from './files.ts';
import type { TreeHash } from './values.ts';

/** A path or a set of paths that cannot be a tree; the message names the path. */
export class TreeError extends Error {
  override name = 'TreeError';
}

interface Folder {
  readonly entries: Map<string, Folder | Content>;
}

const encoder = new TextEncoder();

/** Characters of content whose hashes are remembered; beyond it the memory starts anew. */
const REMEMBERED = 32 * 1024 * 1024;
const hashesByContent = new Map<string, Uint8Array>();
const treesByFiles = new WeakMap<Files, TreeHash>();
let remembered = 0;

function hashObject(kind: 'blob' | 'tree', body: Uint8Array): Uint8Array {
  return sha1(concatBytes(encoder.encode(`${kind} ${body.length}\0`), body));
}

function blobHash(content: Content): Uint8Array {
  // A NUL cannot start base64, so the two kinds of key never meet but for a text that begins with "\0base64:".
  const key = typeof content === 'string' ? content : `\0base64:${content.base64}`;
  if (typeof content === 'string' && content.startsWith('\0base64:'))
    return hashObject('blob', encoder.encode(content));
  const known = hashesByContent.get(key);
  if (known) return known;
  const hash = hashObject('blob', contentToBytes(content));
  remembered += key.length;
  if (remembered > REMEMBERED) {
    hashesByContent.clear();
    remembered = key.length;
  }
  hashesByContent.set(key, hash);
  return hash;
}

/** Git's blob hash of a text, in hex. */
export function hashText(text: string): string {
  return bytesToHex(blobHash(text));
}

/** True for "src/a.js"; false for "/a", "a//b", "./a", "a/../b", "", and names with NUL. */
export function isTreePath(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function insert(root: Folder, path: string, content: Content): void {
  if (!isTreePath(path)) throw new TreeError(`"${path}" is not a relative path inside the project`);
  const parts = path.split('/');
  const name = parts.pop() ?? path;
  let folder = root;
  for (const part of parts) {
    const next = folder.entries.get(part) ?? { entries: new Map() };
    if (typeof next === 'string' || !('entries' in next)) {
      throw new TreeError(`"${path}" cannot be there: "${part}" is a file, not a folder`);
    }
    folder.entries.set(part, next);
    folder = next;
  }
  if (folder.entries.has(name)) throw new TreeError(`"${path}" is both a file and a folder`);
  folder.entries.set(name, content);
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function folderHash(folder: Folder): Uint8Array {
  const rows = [...folder.entries].map(([name, entry]) => {
    const isFolder = typeof entry !== 'string' && 'entries' in entry;
    return {
      // Git sorts a folder as if its name ended in a slash, by bytes.
      order: encoder.encode(isFolder ? `${name}/` : name),
      head: encoder.encode(`${isFolder ? '40000' : '100644'} ${name}\0`),
      hash: isFolder ? folderHash(entry) : blobHash(entry),
    };
  });
  rows.sort((one, other) => compareBytes(one.order, other.order));
  return hashObject('tree', concatBytes(...rows.flatMap((row) => [row.head, row.hash])));
}

/**
 * Git's tree hash of these files, every one a plain file (mode 100644).
 * Contents hashed before are not hashed again. Throws TreeError for paths that cannot be a tree.
 */
export function hashTree(files: Files): TreeHash {
  const known = treesByFiles.get(files);
  if (known !== undefined) return known;
  const root: Folder = { entries: new Map() };
  for (const [path, content] of Object.entries(files)) insert(root, path, content);
  const hash = bytesToHex(folderHash(root));
  treesByFiles.set(files, hash);
  return hash;
}

/** What makes `to` out of `from`, by path: removals first where a file gives way to a folder, so that order is safe. */
export function diffFiles(from: Files, to: Files): FileChange[] {
  const removed = Object.keys(from)
    .filter((path) => !Object.hasOwn(to, path))
    .map((path): FileChange => ({ path, content: null }));
  const written = Object.entries(to)
    .filter(([path, content]) => {
      const before = contentAt(from, path);
      return before === undefined || !sameContent(before, content);
    })
    .map(([path, content]): FileChange => ({ path, content }));
  const byPath = (one: FileChange, other: FileChange) => (one.path < other.path ? -1 : 1);
  return [...removed.sort(byPath), ...written.sort(byPath)];
}

/** `over` laid over the files: what is in its way (a file where it needs a folder, or the other way round) goes. */
export function overlayFiles(files: Files, over: Files): Files {
  const laid = Object.keys(over);
  if (laid.length === 0) return files;
  const inTheWay = (path: string) => laid.some((each) => each.startsWith(`${path}/`) || path.startsWith(`${each}/`));
  const kept = Object.entries(files).filter(([path]) => !inTheWay(path));
  return Object.fromEntries([...kept, ...Object.entries(over)]);
}
