/** `rmSync` and the parts of `cpSync` that are native in Node: whole trees at once. */
import { S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK } from '../../kernel/file-modes.ts';
import { type Stat, SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import type { Sys } from '../system-calls/sys.ts';
import { clearPlace, copyFolder, copyTimes, failure, parentOf } from './copy-folder.ts';
import type { BindingFunction } from './operation.ts';
import { pathFrom } from './values.ts';

const isLink = (stat: Stat | null): boolean => stat !== null && (stat.mode & S_IFMT) === S_IFLNK;
const isDirectory = (stat: Stat | null): boolean => stat !== null && (stat.mode & S_IFMT) === S_IFDIR;

export function treeFunctions(context: ProcessContext): Record<string, BindingFunction> {
  const { sys } = context;
  const raise = (error: unknown, syscall: string, path: string, destination?: string): never => {
    if (!(error instanceof SystemError)) throw error;
    throw context.createErrnoError(error.code, syscall, path, destination);
  };
  return {
    rmSync: (target, _maxRetries, recursive) => {
      const path = pathFrom(target);
      try {
        if (!isRemovable(context, path, recursive === true)) return;
        if (recursive === true) sys.call('remove', path, true);
        else sys.call('unlink', path);
      } catch (error) {
        raise(error, 'rm', path);
      }
    },
    cpSyncCheckPaths: (from, to, dereference, recursive) =>
      checkPaths(context, pathFrom(from), pathFrom(to), {
        dereference: dereference === true,
        recursive: recursive === true,
      }),
    cpSyncOverrideFile: (from, to, mode, preserveTimes) => {
      const [source, target] = [pathFrom(from), pathFrom(to)];
      clearPlace(context, target);
      try {
        sys.call('copyFile', source, target, Number(mode ?? 0));
        if (preserveTimes === true) copyTimes(context, source, target);
      } catch (error) {
        raise(error, 'cp', source, target);
      }
    },
    cpSyncCopyDir: (from, to, force, dereference, errorOnExist, verbatimSymlinks, preserveTimes) => {
      const flag = (value: unknown) => value === true;
      copyFolder(context, pathFrom(from), pathFrom(to), {
        force: flag(force),
        dereference: flag(dereference),
        errorOnExist: flag(errorOnExist),
        verbatimSymlinks: flag(verbatimSymlinks),
        preserveTimes: flag(preserveTimes),
      });
    },
  };
}

/**
 * Whether something is there that is to be removed. Node looks behind a link first: one that leads nowhere stays, one that leads to a
 * folder counts as a folder.
 */
function isRemovable({ sys }: ProcessContext, path: string, recursive: boolean): boolean {
  const own = sys.call('statOrNull', path, false);
  if (recursive && path.endsWith('/') && isDirectory(own)) emptyBehindLink(sys, path);
  if (!isLink(own)) return own !== null;
  const target = kindBehind(sys, path);
  if (!recursive && target === 'folder') throw failure('ERR_FS_EISDIR', `Path is a directory: ${path}`);
  return target !== 'nothing';
}

/** A link with a slash behind it: what lies in the folder is removed, then the folder turns out to be none. */
function emptyBehindLink(sys: Sys, path: string): void {
  if (!isLink(sys.call('statOrNull', withoutSlashes(path), false))) return;
  for (const name of sys.call('readdir', path).names) sys.call('remove', path + name, true);
  throw Object.assign(new Error(`ENOTDIR, Not a directory: ${path} '${path}'`), {
    errno: 20,
    code: 'ENOTDIR',
    path,
    syscall: 'rm',
  });
}

function kindBehind(sys: Sys, path: string): 'folder' | 'nothing' | 'other' {
  try {
    const stat = sys.call('statOrNull', path, true);
    return stat === null ? 'nothing' : isDirectory(stat) ? 'folder' : 'other';
  } catch (error) {
    // Links that lead in a circle.
    if (error instanceof SystemError) return 'other';
    throw error;
  }
}

const withoutSlashes = (path: string): string => path.replace(/\/+$/, '');

interface CheckOptions {
  dereference: boolean;
  recursive: boolean;
}

/** Node looks behind a link to be copied where it is not to follow it; where it is, it takes any for one to a folder. */
function checkPaths(context: ProcessContext, from: string, to: string, { dereference, recursive }: CheckOptions): void {
  const { sys } = context;
  const source = statSource(context, from, dereference);
  const target = statOrNothing(sys, to, dereference);
  const folder = isDirectory(source) || isLink(source);
  if (target) {
    if (isSame(sys, from, to)) throw failure('ERR_FS_CP_EINVAL', `src and dest cannot be the same ${to}`);
    if (folder && !isDirectory(target)) {
      throw failure('ERR_FS_CP_DIR_TO_NON_DIR', `Cannot overwrite non-directory ${to} with directory ${from}`);
    }
    if (!folder && isDirectory(target)) {
      throw failure('ERR_FS_CP_NON_DIR_TO_DIR', `Cannot overwrite directory ${to} with non-directory ${from}`);
    }
  }
  const prefix = from.endsWith('/') ? from : `${from}/`;
  if (
    (folder && to.startsWith(prefix)) ||
    isBesideItself(sys, from, to) ||
    (recursive && copiesItself(sys, from, to, dereference))
  ) {
    throw failure('ERR_FS_CP_EINVAL', `Cannot copy ${prefix} to a subdirectory of self ${to}`);
  }
  if (folder && !recursive) {
    throw failure('ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${prefix}`);
  }
  const kind = source.mode & S_IFMT;
  if (kind === S_IFSOCK) throw failure('ERR_FS_CP_SOCKET', `Cannot copy a socket file: ${to}`);
  if (kind === S_IFIFO) throw failure('ERR_FS_CP_FIFO_PIPE', `Cannot copy a FIFO pipe: ${to}`);
  makeParent(sys, to);
}

function statSource(context: ProcessContext, path: string, dereference: boolean): Stat {
  try {
    return context.sys.call('stat', path, !dereference);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw context.createErrnoError(error.code, dereference ? 'stat' : 'lstat', path);
  }
}

/** What stands in the way of it shows when the copy is made. */
function makeParent(sys: Sys, path: string): void {
  const parent = parentOf(path);
  try {
    if (!sys.call('statOrNull', parent, true)) sys.call('mkdir', parent, 0o777, true);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

/** Null also where a file stands in the place of a folder. */
function statOrNothing(sys: Sys, path: string, follow: boolean): Stat | null {
  try {
    return sys.call('statOrNull', path, follow);
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
}

function isSame(sys: Sys, one: string, other: string): boolean {
  const stat = statOrNothing(sys, one, true);
  return stat !== null && stat.ino === statOrNothing(sys, other, true)?.ino;
}

/** Node compares with the folder of the target alone, and not where a relative path has one folder in it. */
function isBesideItself(sys: Sys, from: string, to: string): boolean {
  const folder = folderIn(to);
  const above = folderIn(folder);
  return folderIn(from) !== folder && above !== '' && above !== folder && isSame(sys, from, folder);
}

/** The path without its last part; "" when it has no other. */
const folderIn = (path: string): string => (/^\/[^/]*$/.test(path) ? '/' : path.replace(/\/*[^/]*$/, ''));

/** Through links, too: native Node copies then until the path is too long. */
function copiesItself(sys: Sys, from: string, to: string, dereference: boolean): boolean {
  const folder = statOrNothing(sys, from, dereference);
  if (!folder || !isDirectory(folder)) return false;
  const absolute = to.startsWith('/') ? to : `${sys.call('getcwd')}/${to}`;
  for (let at = absolute; at !== '/'; at = parentOf(at)) {
    if (statOrNothing(sys, at, true)?.ino === folder.ino) return true;
  }
  return false;
}
