/** Trees of files in the internal JSON format of `@webcontainer/api`. */
import picomatch from 'picomatch';
import { readAt, writeWhole } from './file-system/contents.ts';
import { addEntry, makeDirectories, unlink } from './file-system/entries.ts';
import type { FileSystem } from './file-system/file-system.ts';
import { DirectoryInode, FileInode, LinkInode } from './file-system/inode.ts';
import { findDirectory, type Place } from './file-system/lookup.ts';

/** A folder; a file with its text, or its bytes as Latin-1 (`b`); a symbolic link. */
export type TreeNode = { d: Record<string, TreeNode> } | { f: { c: string; b?: boolean } } | { f: { l: string } };

export interface Selection {
  includes?: string[];
  excludes?: string[];
}

const encoder = new TextEncoder();
const HASH = 0x23;
const BANG = 0x21;

/** Writes a tree below a folder. Scripts (`#!`) become executable, as the format carries no modes. */
export function mountTree(fs: FileSystem, place: Place, path: string, tree: TreeNode): void {
  if (!('d' in tree)) throw new TypeError('The root of a tree must be a folder');
  makeDirectories(fs, place, path, 0o777);
  const at: Place = { ...place, root: place.root, cwd: findDirectory(place, path), umask: place.umask };
  for (const [name, node] of Object.entries(tree.d)) mountNode(fs, at, name, node);
}

function mountNode(fs: FileSystem, place: Place, name: string, node: TreeNode): void {
  if ('d' in node) {
    mountTree(fs, place, name, node);
  } else if ('l' in node.f) {
    const before = place.cwd.entries.get(name);
    if (before && !(before instanceof DirectoryInode)) unlink(fs, place, name);
    addEntry(fs, place.cwd, name, new LinkInode(node.f.l));
  } else {
    const data = node.f.b ? fromLatin1(node.f.c) : encoder.encode(node.f.c);
    const script = data[0] === HASH && data[1] === BANG;
    const inode = writeWhole(fs, place, name, { data, mode: script ? 0o777 : 0o666, own: true });
    if (script) inode.mode |= 0o111;
  }
}

/** The tree below a folder. */
export function readTree(directory: DirectoryInode, selection: Selection): TreeNode {
  const wanted = selector(selection);
  const read = (folder: DirectoryInode, prefix: string): TreeNode => {
    const entries: [string, TreeNode][] = [];
    for (const [name, inode] of sortedEntries(folder)) {
      const path = prefix + name;
      if (inode instanceof DirectoryInode) {
        if (!wanted.folder(path)) continue;
        const child = read(inode, `${path}/`);
        if (!selection.includes || ('d' in child && Object.keys(child.d).length > 0)) entries.push([name, child]);
      } else if (wanted.file(path)) {
        if (inode instanceof LinkInode) entries.push([name, { f: { l: inode.target } }]);
        if (inode instanceof FileInode) entries.push([name, { f: contentOf(readAt(inode, 0, inode.size)) }]);
      }
    }
    // fromEntries defines even "__proto__" as a property of its own.
    return { d: Object.fromEntries(entries) };
  };
  return read(directory, '');
}

/** Relative path -> content of the regular files below a folder. */
export function readFiles(directory: DirectoryInode, selection: Selection): Record<string, Uint8Array> {
  const wanted = selector(selection);
  const files: [string, Uint8Array][] = [];
  const read = (folder: DirectoryInode, prefix: string): void => {
    for (const [name, inode] of sortedEntries(folder)) {
      const path = prefix + name;
      if (inode instanceof DirectoryInode && wanted.folder(path)) read(inode, `${path}/`);
      if (inode instanceof FileInode && wanted.file(path)) files.push([path, readAt(inode, 0, inode.size).slice()]);
    }
  };
  read(directory, '');
  return Object.fromEntries(files);
}

function selector({ includes, excludes }: Selection): { file(path: string): boolean; folder(path: string): boolean } {
  const included = includes && picomatch(includes, { dot: true });
  const excluded = excludes && excludes.length > 0 ? picomatch(excludes, { dot: true }) : () => false;
  return {
    file: (path) => !excluded(path) && (!included || included(path)),
    folder: (path) => !excluded(path),
  };
}

function sortedEntries(directory: DirectoryInode) {
  return [...directory.entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are valid UTF-8. */
function contentOf(bytes: Uint8Array): { c: string; b?: boolean } {
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
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
