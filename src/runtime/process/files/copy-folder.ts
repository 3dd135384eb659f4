/** A whole folder copied as `cpSync` does without a filter: what `std::filesystem` does in Node, its errors included. */
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';

export interface CopyOptions {
  force: boolean;
  dereference: boolean;
  errorOnExist: boolean;
  verbatimSymlinks: boolean;
  preserveTimes: boolean;
}

export function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** `strerror` of the C library. */
const TEXTS: Record<string, string> = {
  EACCES: 'Permission denied',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
};

/** An error as the C++ library's own: another text and a positive number. */
function libraryError(context: ProcessContext, code: string, path: string, syscall = 'cp'): Error {
  const error = new Error(`${code}, ${TEXTS[code] ?? code} '${path}'`);
  return Object.assign(error, { errno: -context.errnoOf(code), code, path, syscall });
}

/** Runs a step; its error names the folder that is copied to. */
function step(context: ProcessContext, path: string, action: () => void, syscall?: string): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw libraryError(context, error.code, path, syscall);
  }
}

/** Removes a file, or a folder with nothing in it, to put another thing in its place. */
export function clearPlace(context: ProcessContext, path: string): void {
  const isFolder = kindOf(context, path, false) === S_IFDIR;
  step(context, path, () => context.sys.call(isFolder ? 'rmdir' : 'unlink', path), 'unlink');
}

export function copyFolder(context: ProcessContext, from: string, to: string, options: CopyOptions): void {
  const { sys } = context;
  step(context, to, () => {
    if (sys.call('statOrNull', to, true)) return;
    // It would be made where a link leads that leads nowhere.
    if (kindOf(context, to, false) === S_IFLNK) throw new SystemError('EEXIST');
    sys.call('mkdir', to, 0o777, true);
  });
  for (const name of sys.call('readdir', from).names) copyEntry(context, { from, to, name }, options);
}

interface Entry {
  /** The folders. */
  from: string;
  to: string;
  name: string;
}

function copyEntry(context: ProcessContext, { from, to, name }: Entry, options: CopyOptions): void {
  const { sys } = context;
  const [source, target] = [`${from}/${name}`, `${to}/${name}`];
  switch (sys.call('stat', source, false).mode & S_IFMT) {
    case S_IFLNK:
      if (options.verbatimSymlinks) step(context, to, () => sys.call('symlink', sys.call('readlink', source), target));
      else copyLink(context, { from, to, name }, options);
      break;
    case S_IFDIR:
      if (kindOf(context, target, true) === S_IFREG) {
        throw failure('ERR_FS_CP_DIR_TO_NON_DIR', `Cannot overwrite non-directory ${target} with directory ${source}`);
      }
      copyFolder(context, source, target, options);
      break;
    case S_IFREG:
      copyFile(context, { from, to, name }, options);
      break;
  }
}

function kindOf({ sys }: ProcessContext, path: string, follow: boolean): number | undefined {
  const stat = sys.call('statOrNull', path, follow);
  return stat === null ? undefined : stat.mode & S_IFMT;
}

function copyFile(context: ProcessContext, { from, to, name }: Entry, options: CopyOptions): void {
  const { sys } = context;
  const [source, target] = [`${from}/${name}`, `${to}/${name}`];
  const existing = kindOf(context, target, true);
  if (existing !== undefined && existing !== S_IFREG) throw libraryError(context, 'EINVAL', to);
  if (!options.force && kindOf(context, target, false) !== undefined) {
    if (!options.errorOnExist) return;
    const message = `[ERR_FS_CP_EEXIST]: Target already exists: cp returned EEXIST (${target} already exists)`;
    throw failure('ERR_FS_CP_EEXIST', message);
  }
  step(context, to, () => {
    sys.call('copyFile', source, target, 0);
    if (options.preserveTimes) copyTimes(context, source, target);
  });
}

/** The copy leads to the same place from wherever it lies. It replaces a link, even when nothing is to be replaced. */
function copyLink(context: ProcessContext, { from, to, name }: Entry, options: CopyOptions): void {
  const { sys } = context;
  const path = `${to}/${name}`;
  const target = sys.call('readlink', `${from}/${name}`);
  if (kindOf(context, path, true) !== undefined) {
    if (kindOf(context, path, false) === S_IFLNK) {
      checkLink(context, { target, before: sys.call('readlink', path), path }, options);
      step(context, to, () => sys.call('unlink', path));
    } else if (kindOf(context, path, true) === S_IFREG) {
      if (!options.dereference || (!options.force && options.errorOnExist)) throw libraryError(context, 'EEXIST', path);
    }
  }
  step(context, to, () => sys.call('symlink', absoluteTarget(context, from, target), path));
}

function checkLink(
  context: ProcessContext,
  { target, before, path }: { target: string; before: string; path: string },
  { dereference }: CopyOptions,
): void {
  if (!dereference && kindOf(context, target, true) === S_IFDIR && isInside(before, target)) {
    throw failure('ERR_FS_CP_EINVAL', `Cannot copy ${target} to a subdirectory of self ${before}`);
  }
  // To remove the old link's folder would remove what the new one leads to.
  if (kindOf(context, path, true) === S_IFDIR && isInside(target, before)) {
    throw failure('ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY', `cannot overwrite ${before} with ${target}`);
  }
}

/** By their names alone; a folder is inside itself. */
function isInside(path: string, folder: string): boolean {
  return `${path.replace(/\/+$/, '')}/`.startsWith(`${folder.replace(/\/+$/, '')}/`);
}

function absoluteTarget({ sys }: ProcessContext, folder: string, target: string): string {
  if (target.startsWith('/')) return target;
  const parts: string[] = [];
  for (const part of `${sys.call('realpath', folder)}/${target}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function parentOf(path: string): string {
  const end = path.replace(/\/+$/, '').lastIndexOf('/');
  if (end < 0) return '.';
  return end === 0 ? '/' : path.slice(0, end);
}

export function copyTimes({ sys }: ProcessContext, from: string, to: string): void {
  const { atimeMs, mtimeMs } = sys.call('stat', from, true);
  sys.call('utimes', to, atimeMs, mtimeMs, true);
}
