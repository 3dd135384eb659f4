/** `rmSync` and the parts of `cpSync` that are native in Node: whole trees at once. */
import { S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK } from '../../kernel/file-modes.ts';
import { type Stat, SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import type { Sys } from '../system-calls/sys.ts';
import { copyFolder, copyTimes, failure, parentOf } from './copy-folder.ts';
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
      try {
        sys.call('unlink', target);
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

function checkPaths(context: ProcessContext, from: string, to: string, { dereference, recursive }: CheckOptions): void {
  const { sys } = context;
  const source = sys.call('statOrNull', from, dereference);
  if (!source) throw context.createErrnoError('ENOENT', dereference ? 'stat' : 'lstat', from);
  const target = sys.call('statOrNull', to, dereference);
  const folder = isDirectory(source);
  if (target) {
    if (target.ino === source.ino) throw failure('ERR_FS_CP_EINVAL', `src and dest cannot be the same ${to}`);
    if (folder && !isDirectory(target)) {
      throw failure('ERR_FS_CP_DIR_TO_NON_DIR', `Cannot overwrite non-directory ${to} with directory ${from}`);
    }
    if (!folder && isDirectory(target)) {
      throw failure('ERR_FS_CP_NON_DIR_TO_DIR', `Cannot overwrite directory ${to} with non-directory ${from}`);
    }
  }
  const prefix = from.endsWith('/') ? from : `${from}/`;
  if (folder && isBelow(context, source, to)) {
    throw failure('ERR_FS_CP_EINVAL', `Cannot copy ${prefix} to a subdirectory of self ${to}`);
  }
  if (folder && !recursive) {
    throw failure('ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${prefix}`);
  }
  const kind = source.mode & S_IFMT;
  if (kind === S_IFSOCK) throw failure('ERR_FS_CP_SOCKET', `Cannot copy a socket file: ${to}`);
  if (kind === S_IFIFO) throw failure('ERR_FS_CP_FIFO_PIPE', `Cannot copy a FIFO pipe: ${to}`);
  const parent = parentOf(to);
  if (!sys.call('statOrNull', parent, true)) sys.call('mkdir', parent, 0o777, true);
}

/** Whether a path lies in the folder, through links too. */
function isBelow({ sys }: ProcessContext, folder: Stat, path: string): boolean {
  const absolute = path.startsWith('/') ? path : `${sys.call('getcwd')}/${path}`;
  for (let at = absolute; at !== '/'; at = parentOf(at)) {
    if (sys.call('statOrNull', at, true)?.ino === folder.ino) return true;
  }
  return false;
}
