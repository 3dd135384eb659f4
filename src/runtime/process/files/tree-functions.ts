/** `rmSync` and the parts of `cpSync` that are native in Node: whole trees at once. */
import { S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFSOCK, type Stat, SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import type { BindingFunction } from './operation.ts';
import { pathFrom } from './values.ts';

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
        if (recursive === true) sys.call('remove', path, true);
        else if (sys.call('statOrNull', path, false)) sys.call('unlink', path);
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
      const options = {
        force: flag(force),
        dereference: flag(dereference),
        errorOnExist: flag(errorOnExist),
        verbatimSymlinks: flag(verbatimSymlinks),
        preserveTimes: flag(preserveTimes),
      };
      try {
        copyFolder(context, pathFrom(from), pathFrom(to), options);
      } catch (error) {
        raise(error, 'cp', pathFrom(from), pathFrom(to));
      }
    },
  };
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

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
  if (folder && !recursive) {
    throw failure('ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${prefix}`);
  }
  if (folder && isBelow(context, source, to)) {
    throw failure('ERR_FS_CP_EINVAL', `Cannot copy ${prefix} to a subdirectory of self ${to}`);
  }
  const kind = source.mode & S_IFMT;
  if (kind === S_IFSOCK) throw failure('ERR_FS_CP_SOCKET', `Cannot copy a socket file: ${to}`);
  if (kind === S_IFIFO) throw failure('ERR_FS_CP_FIFO_PIPE', `Cannot copy a FIFO pipe: ${to}`);
  const parent = parentOf(to);
  if (!sys.call('statOrNull', parent, true)) sys.call('mkdir', parent, 0o777, true);
}

function parentOf(path: string): string {
  const end = path.replace(/\/+$/, '').lastIndexOf('/');
  if (end < 0) return '.';
  return end === 0 ? '/' : path.slice(0, end);
}

/** Whether a path lies in the folder, through links too. */
function isBelow({ sys }: ProcessContext, folder: Stat, path: string): boolean {
  const absolute = path.startsWith('/') ? path : `${sys.call('getcwd')}/${path}`;
  for (let at = absolute; at !== '/'; at = parentOf(at)) {
    if (sys.call('statOrNull', at, true)?.ino === folder.ino) return true;
  }
  return false;
}

interface CopyOptions {
  force: boolean;
  dereference: boolean;
  errorOnExist: boolean;
  verbatimSymlinks: boolean;
  preserveTimes: boolean;
}

function copyFolder(context: ProcessContext, from: string, to: string, options: CopyOptions): void {
  const { sys } = context;
  const stat = sys.call('stat', from, true);
  if (!sys.call('statOrNull', to, true)) sys.call('mkdir', to, stat.mode & 0o777, true);
  for (const name of sys.call('readdir', from).names) {
    copyEntry(context, `${from}/${name}`, `${to}/${name}`, options);
  }
}

function copyEntry(context: ProcessContext, from: string, to: string, options: CopyOptions): void {
  const { sys } = context;
  const source = sys.call('stat', from, options.dereference);
  const target = sys.call('statOrNull', to, false);
  if (isDirectory(source)) {
    if (target && !isDirectory(target)) {
      throw failure('ERR_FS_CP_DIR_TO_NON_DIR', `Cannot overwrite non-directory ${to} with directory ${from}`);
    }
    copyFolder(context, from, to, options);
    return;
  }
  if (isDirectory(target)) {
    throw failure('ERR_FS_CP_NON_DIR_TO_DIR', `Cannot overwrite directory ${to} with non-directory ${from}`);
  }
  if (target && !options.force) {
    if (!options.errorOnExist) return;
    const message = `[ERR_FS_CP_EEXIST]: Target already exists: cp returned EEXIST (${to} already exists)`;
    throw failure('ERR_FS_CP_EEXIST', message);
  }
  if (target) sys.call('unlink', to);
  if ((source.mode & S_IFMT) === S_IFLNK) {
    sys.call('symlink', linkTarget(context, from, options.verbatimSymlinks), to);
  } else {
    sys.call('copyFile', from, to, 0);
    if (options.preserveTimes) copyTimes(context, from, to);
  }
}

/** Unless links are copied verbatim, the copy leads to the same place from wherever it lies. */
function linkTarget({ sys }: ProcessContext, path: string, verbatim: boolean): string {
  const target = sys.call('readlink', path);
  if (verbatim || target.startsWith('/')) return target;
  const folder = sys.call('realpath', parentOf(path));
  const parts: string[] = [];
  for (const part of `${folder}/${target}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function copyTimes({ sys }: ProcessContext, from: string, to: string): void {
  const { atimeMs, mtimeMs } = sys.call('stat', from, true);
  sys.call('utimes', to, atimeMs, mtimeMs, true);
}
