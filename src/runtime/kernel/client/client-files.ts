/** The client's operations on files: the kernel's, with errors as Node's. */

import { readWhole, writeWhole } from '../file-system/contents.ts';
import { makeDirectories, makeDirectory, readDirectory, removeTree, rename } from '../file-system/entries.ts';
import type { FileSystem, Watcher } from '../file-system/file-system.ts';
import { DirectoryInode, FileInode, type Inode } from '../file-system/inode.ts';
import { find, type Place } from '../file-system/lookup.ts';
import type { Mirror } from '../mirror/mirror.ts';
import { SystemError } from '../syscalls.ts';
import type { FileEntry, KernelClient } from './client-interface.ts';
import { nodeError } from './errno.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { listTree, MOST_BYTES, mountTree, readTree, type TreeNode } from './tree.ts';

type FileMethod =
  | 'readFile'
  | 'writeFile'
  | 'readdir'
  | 'mkdir'
  | 'rm'
  | 'rename'
  | 'watch'
  | 'unwatch'
  | 'mount'
  | 'serialize'
  | 'listFiles';

/** `settle` is called before names change. */
export function createClientFiles(fs: FileSystem, mirror: Mirror, settle: () => void): Pick<KernelClient, FileMethod> {
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0o022 };
  const watchers = new Map<number, Watcher>();
  let lastWatcher = 0;
  return {
    readFile: (path) =>
      named('open', path, () => {
        const inode = find(place, path, true);
        // A folder can be opened, but not read.
        if (inode instanceof DirectoryInode) throw nodeError('EISDIR', 'read');
        if (inode instanceof FileInode && inode.size > MOST_BYTES) throw tooLarge(inode.size);
        return readWhole(fs, place, path).slice();
      }),
    writeFile: (path, data) =>
      named('open', path, () => {
        settle();
        writeWhole(fs, place, path, { data, own: true });
      }),
    readdir: (path) => named('scandir', path, () => listEntries(place, path)),
    mkdir: (path, recursive) =>
      named('mkdir', path, () => {
        settle();
        if (recursive) return makeDirectories(fs, place, path, 0o777) ?? undefined;
        makeDirectory(fs, place, path, 0o777);
        return undefined;
      }),
    rm: (path, options) => {
      settle();
      remove(fs, place, path, options);
    },
    rename: (from, to) => {
      settle();
      named('rename', from, () => rename(fs, place, from, to), to);
    },
    watch: (path, recursive, listener) =>
      named('watch', path, () => {
        const inode = find(place, path, true);
        const label = path.split('/').at(-1) ?? '';
        const tell = oneAtATime(listener);
        const watcher: Watcher = { inode, recursive, label, notify: ({ type, name }) => tell(type, name) };
        fs.watch(watcher);
        watchers.set(++lastWatcher, watcher);
        return lastWatcher;
      }),
    unwatch: (id) => {
      const watcher = watchers.get(id);
      if (watcher) fs.unwatch(watcher);
      watchers.delete(id);
    },
    mount: async (path, tree, number) => {
      const { parseTree } = await import('./snapshot.ts');
      settle();
      mirror.noteMount(tree, number);
      named('mount', path, () => mountTree(fs, place, path, parseTree(tree)));
    },
    serialize: async (path, format, selection) => {
      const { encodeSnapshot } = await import('./snapshot.ts');
      return named('scandir', path, () => {
        const inode = find(place, path, true);
        if (format === 'binary') return encodeSnapshot(inode, selection);
        return new TextEncoder().encode(toJson(readTree(inode, selection)));
      });
    },
    listFiles: (path, selection) => named('scandir', path, () => listTree(find(place, path, true), path, selection)),
  };
}

/** EFBIG when that is longer than a string can be. */
function toJson(tree: TreeNode): string {
  try {
    return JSON.stringify(tree);
  } catch (error) {
    throw error instanceof RangeError ? new SystemError('EFBIG') : error;
  }
}

/** As Node's own, which lets through twice as much. */
const tooLarge = (size: number): Error =>
  Object.assign(new RangeError(`File size (${size}) is greater than 1 GiB`), { code: 'ERR_FS_FILE_TOO_LARGE' });

function listEntries(place: Place, path: string): FileEntry[] {
  const { names, types } = readDirectory(place, path);
  return names.map((name, index) => ({ name, type: types[index] ?? 0 }));
}

function remove(fs: FileSystem, place: Place, path: string, options: { recursive: boolean; force: boolean }): void {
  const inode = named('lstat', path, () => findOrNull(place, path));
  if (!inode) {
    if (options.force) return;
    throw nodeError('ENOENT', 'lstat', path);
  }
  if (inode instanceof DirectoryInode && !options.recursive) throw isFolderError(path);
  named('rm', path, () => removeTree(fs, place, path, options.force));
}

function findOrNull(place: Place, path: string): Inode | null {
  try {
    return find(place, path, false);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The one that Node makes itself. */
function isFolderError(path: string): SystemError {
  const message = `Path is a directory: rm returned EISDIR (is a directory) ${path}`;
  return Object.assign(new SystemError('ERR_FS_EISDIR', message), { errno: 21, syscall: 'rm', path });
}

/** Runs an operation; its errors get the operation's name and paths, as Node's. */
function named<T>(syscall: string, path: string, operation: () => T, destination?: string): T {
  try {
    return operation();
  } catch (error) {
    // What has its own words keeps them.
    if (!(error instanceof SystemError) || 'syscall' in error) throw error;
    throw nodeError(error.code, syscall, path, destination);
  }
}
