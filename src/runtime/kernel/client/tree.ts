/** Trees of files in the internal format of `@webcontainer/api`. */
import { writeWhole } from '../file-system/contents.ts';
import { addLink, makeDirectories, unlink } from '../file-system/entries.ts';
import type { FileSystem } from '../file-system/file-system.ts';
import { DirectoryInode, FileInode, type Inode, LinkInode } from '../file-system/inode.ts';
import { findDirectory, type Place } from '../file-system/lookup.ts';
import { SystemError } from '../syscalls.ts';
import type { ListedFile, Selection } from './client-interface.ts';
import { nodeError } from './errno.ts';
import { globMatcher } from './globs/matcher.ts';

/** A folder; a file with its text, its bytes, or its bytes as Latin-1 (`b`), executable or not said (`x`); a symbolic link. */
export type TreeNode =
  | { d: Record<string, TreeNode> }
  | { f: { c: string | Uint8Array; b?: boolean; x?: boolean } }
  | { f: { l: string } };

/** What is sent to the page as one message; Chromium drops messages of about two. */
export const MOST_BYTES = 2 ** 30;
/** A browser's decoder gives nothing for what is longer than V8's longest string. */
const LONGEST_TEXT = 0x1fffffe8;

const encoder = new TextEncoder();
const HASH = 0x23;
const BANG = 0x21;

/** Writes a tree below a folder. Scripts (`#!`) become executable, as the client's own format carries no modes. */
export function mountTree(fs: FileSystem, place: Place, path: string, tree: TreeNode): void {
  mountFolder({ fs, place, prefix: '' }, path, tree);
}

/** `prefix`: the path of `place`, for errors. */
interface Target {
  readonly fs: FileSystem;
  readonly place: Place;
  readonly prefix: string;
}

function mountFolder({ fs, place, prefix }: Target, path: string, tree: TreeNode): void {
  if (!('d' in tree)) return;
  within('mkdir', prefix + path, () => makeDirectories(fs, place, path, 0o777));
  const target = {
    fs,
    place: { ...place, cwd: findDirectory(place, path) },
    prefix: `${prefix}${withoutSlash(path)}/`,
  };
  for (const [name, node] of Object.entries(tree.d)) {
    // A tree says what is in its folder: nothing is written through a link to elsewhere.
    if (target.place.cwd.entries.get(name) instanceof LinkInode) unlink(fs, target.place, name);
    if ('d' in node) mountFolder(target, name, node);
    else within('l' in node.f ? 'symlink' : 'open', target.prefix + name, () => mountNode(target, name, node));
  }
}

const withoutSlash = (path: string) => path.replace(/\/+$/, '');

/** Errors tell what it was that could not be made. */
function within(syscall: string, path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof SystemError ? nodeError(error.code, syscall, path) : error;
  }
}

function mountNode({ fs, place }: Target, name: string, node: Exclude<TreeNode, { d: unknown }>): void {
  const before = place.cwd.entries.get(name);
  if ('l' in node.f) {
    if (before instanceof DirectoryInode) throw new SystemError('EEXIST');
    if (before instanceof FileInode) unlink(fs, place, name);
    addLink(fs, place.cwd, name, node.f.l);
  } else {
    const data = bytesOf(node.f);
    const executable = node.f.x === true || (data[0] === HASH && data[1] === BANG);
    const inode = writeWhole(fs, place, name, { data, mode: executable ? 0o777 : 0o666, own: true });
    if (executable) inode.mode |= 0o111;
  }
}

function bytesOf({ c: content, b: isLatin1 }: { c: string | Uint8Array; b?: boolean }): Uint8Array {
  // A view of the whole snapshot, which stays as long as one of its files does.
  if (content instanceof Uint8Array) return content;
  return isLatin1 ? fromLatin1(content) : encoder.encode(content);
}

/** The tree below a folder, without folders that are left out and have nothing in them; or a file. EFBIG. */
export function readTree(root: Inode, selection: Selection, content = contentOf): TreeNode {
  const bytesOf = fileReader(selection, content === contentOf ? LONGEST_TEXT : MOST_BYTES);
  if (root instanceof FileInode) return { f: content(bytesOf(root)) };
  const wanted = selector(selection);
  const read = (folder: DirectoryInode, prefix: string): TreeNode => {
    const entries: [string, TreeNode][] = [];
    for (const [name, inode] of sortedEntries(folder)) {
      const path = prefix + name;
      if (inode instanceof DirectoryInode) {
        if (!wanted.mayHoldAny(path)) continue;
        const child = read(inode, `${path}/`);
        if (wanted.has(path) || ('d' in child && Object.keys(child.d).length > 0)) entries.push([name, child]);
      } else if (wanted.has(path)) {
        if (inode instanceof LinkInode) entries.push([name, { f: { l: inode.target } }]);
        if (inode instanceof FileInode) entries.push([name, { f: content(bytesOf(inode)) }]);
      }
    }
    // fromEntries defines even "__proto__" as a property of its own.
    return { d: Object.fromEntries(entries) };
  };
  return read(asDirectory(root), '');
}

function asDirectory(inode: Inode): DirectoryInode {
  if (inode instanceof DirectoryInode) return inode;
  throw new SystemError('ENOTDIR');
}

/** The files and links below a folder, and the folders that have nothing in them; or the one file. EFBIG. */
export function listTree(root: Inode, rootPath: string, selection: Selection): ListedFile[] {
  const bytesOf = fileReader(selection, MOST_BYTES);
  const wanted = selector(selection);
  const listed: ListedFile[] = [];
  const add = (path: string, { mode }: Inode, content: Uint8Array) => listed.push({ path, mode, content });
  const read = (folder: DirectoryInode, prefix: string): void => {
    for (const [name, inode] of sortedEntries(folder)) {
      const path = prefix + name;
      if (inode instanceof DirectoryInode) {
        if (wanted.mayHoldAny(path)) read(inode, `${path}/`);
        if (inode.entries.size === 0 && wanted.has(path)) add(`${path}/`, inode, new Uint8Array(0));
      } else if (wanted.has(path)) {
        if (inode instanceof FileInode) add(path, inode, bytesOf(inode).slice());
        if (inode instanceof LinkInode) add(path, inode, encoder.encode(inode.target));
      }
    }
  };
  if (root instanceof FileInode) add(rootPath.split('/').at(-1) ?? '', root, bytesOf(root).slice());
  else read(asDirectory(root), '');
  return listed;
}

/** Reads files for one export; EFBIG when all of them together have more than `most` bytes, before they are read: a hole in a file takes no room. */
function fileReader({ head = Number.POSITIVE_INFINITY }: Selection, most: number): (inode: FileInode) => Uint8Array {
  let left = most;
  return ({ data, size }) => {
    const length = Math.min(size, head);
    left -= length;
    if (left < 0) throw new SystemError('EFBIG');
    return data.view(0, length);
  };
}

interface Selector {
  has(path: string): boolean;
  mayHoldAny(folder: string): boolean;
}

function selector({ includes = [], excludes = [] }: Selection): Selector {
  const included = globMatcher(includes);
  const matchesExclude = globMatcher(excludes);
  const folders = new Map<string, boolean>();
  // A folder that is left out takes all in it along.
  const excluded = (path: string): boolean => {
    const end = path.lastIndexOf('/');
    return (end >= 0 && excludedFolder(path.slice(0, end))) || matchesExclude(path);
  };
  const excludedFolder = (path: string): boolean => {
    const known = folders.get(path) ?? excluded(path);
    folders.set(path, known);
    return known;
  };
  return {
    has: (path) => !excluded(path) || included(path),
    mayHoldAny: (folder) => includes.length > 0 || !excluded(folder),
  };
}

function sortedEntries(directory: DirectoryInode) {
  return [...directory.entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are valid UTF-8. */
function contentOf(bytes: Uint8Array): { c: string | Uint8Array; b?: boolean } {
  try {
    return { c: strictDecoder.decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { c: toLatin1(bytes), b: true };
  }
}

function toLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
