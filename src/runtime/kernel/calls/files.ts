/** System calls on paths. */
import type { CallSite } from '../description.ts';
import { DeviceDescription } from '../descriptions/device.ts';
import { FileDescription, inodeOf, openDescription } from '../descriptions/file.ts';
import { WatchDescription } from '../descriptions/watch.ts';
import * as attributes from '../file-system/attributes.ts';
import * as contents from '../file-system/contents.ts';
import * as entries from '../file-system/entries.ts';
import { DeviceInode, type Inode } from '../file-system/inode.ts';
import { find, locate, realPath } from '../file-system/lookup.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import type { CallContext, CallTable } from './call-table.ts';

type FileCall =
  | 'open'
  | 'readFile'
  | 'stat'
  | 'statOrNull'
  | 'fstat'
  | 'readdir'
  | 'mkdir'
  | 'rmdir'
  | 'unlink'
  | 'rename'
  | 'link'
  | 'symlink'
  | 'readlink'
  | 'realpath'
  | 'access'
  | 'chmod'
  | 'fchmod'
  | 'chown'
  | 'fchown'
  | 'utimes'
  | 'futimes'
  | 'ftruncate'
  | 'copyFile'
  | 'mkdtemp'
  | 'remove'
  | 'watch'
  | 'nextWatchEvent';

export const fileCalls: CallTable<FileCall> = {
  open: (context, path, flags, mode) => open(context, path, flags, mode),
  readFile: ({ process }, path) => contents.readWhole(process, path),
  stat: ({ process }, path, follow) => {
    const number = DESCRIPTOR_PATH.exec(path)?.[1];
    if (number !== undefined) return process.descriptors.get(Number(number)).stat();
    return attributes.statOf(find(process, path, follow));
  },
  statOrNull: (context, path, follow) => statOrNull(context, path, follow),
  fstat: ({ process }, fd) => process.descriptors.get(fd).stat(),
  readdir: ({ process }, path) => entries.readDirectory(process, path),
  mkdir: ({ kernel, process }, path, mode, recursive) => {
    if (recursive) return entries.makeDirectories(kernel.fs, process, path, mode);
    entries.makeDirectory(kernel.fs, process, path, mode);
    return null;
  },
  rmdir: ({ kernel, process }, path) => entries.removeDirectory(kernel.fs, process, path),
  unlink: ({ kernel, process }, path) => entries.unlink(kernel.fs, process, path),
  rename: ({ kernel, process }, from, to) => entries.rename(kernel.fs, process, from, to),
  link: ({ kernel, process }, existing, path) => entries.link(kernel.fs, process, existing, path),
  symlink: ({ kernel, process }, target, path) => entries.symlink(kernel.fs, process, target, path),
  readlink: ({ process }, path) => entries.readLink(process, path),
  realpath: ({ process }, path) => realPath(process, path),
  access: ({ process }, path, mode) => attributes.checkAccess(find(process, path, true), mode),
  chmod: ({ kernel, process }, path, mode) => attributes.setMode(kernel.fs, find(process, path, true), mode),
  fchmod: (context, fd, mode) => attributes.setMode(context.kernel.fs, inodeAt(context, fd), mode),
  chown: ({ kernel, process }, path, uid, gid, follow) =>
    attributes.setOwner(kernel.fs, find(process, path, follow), uid, gid),
  fchown: (context, fd, uid, gid) => attributes.setOwner(context.kernel.fs, inodeAt(context, fd), uid, gid),
  utimes: ({ kernel, process }, path, atimeMs, mtimeMs, follow) =>
    attributes.setTimes(kernel.fs, find(process, path, follow), atimeMs, mtimeMs),
  futimes: (context, fd, atimeMs, mtimeMs) =>
    attributes.setTimes(context.kernel.fs, inodeAt(context, fd), atimeMs, mtimeMs),
  ftruncate: ({ process }, fd, length) => {
    const description = process.descriptors.get(fd);
    if (!(description instanceof FileDescription)) throw new SystemError('EINVAL');
    description.truncate(length);
  },
  copyFile: ({ kernel, process }, from, to, flags) => contents.copyFile(kernel.fs, process, { from, to }, flags),
  mkdtemp: (context, prefix) => makeTemporary(context, prefix),
  remove: ({ kernel, process }, path, force) => entries.removeTree(kernel.fs, process, path, force),
  watch: ({ kernel, process }, path, recursive) => {
    const { inode, name } = locate(process, path, true);
    if (!inode) throw new SystemError('ENOENT');
    const label = name === '' || name === '.' || name === '..' ? (path.split('/').at(-1) ?? '') : name;
    return process.descriptors.add(new WatchDescription(kernel.fs, inode, { recursive, label }), 3);
  },
  nextWatchEvent: ({ process, thread }, fd) => {
    const description = process.descriptors.get(fd);
    if (!(description instanceof WatchDescription)) throw new SystemError('EINVAL');
    const site: CallSite = { caller: thread, fd };
    return description.next(site);
  },
};

const standardStreams: Record<string, number> = { stdin: 0, stdout: 1, stderr: 2, tty: 0 };

/** A path that stands for a descriptor of the process that names it. */
const DESCRIPTOR_PATH = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/;

function open({ kernel, process }: CallContext, path: string, flags: number, mode: number): number {
  const number = DESCRIPTOR_PATH.exec(path)?.[1];
  if (number !== undefined) return process.descriptors.add(process.descriptors.get(Number(number)));
  const opened = contents.openInode(kernel.fs, process, path, flags, mode);
  if (opened.inode instanceof DeviceInode) {
    const standard = standardStreams[opened.inode.device];
    if (standard === undefined) return process.descriptors.add(new DeviceDescription(opened.inode));
    const stream = process.descriptors.get(standard);
    if (opened.inode.device === 'tty' && stream.kind !== 'tty') throw new SystemError('ENXIO');
    return process.descriptors.add(stream);
  }
  const description = openDescription(kernel.fs, opened, flags);
  if (!description) throw new SystemError('ENXIO');
  return process.descriptors.add(description);
}

function statOrNull({ process }: CallContext, path: string, follow: boolean): Stat | null {
  try {
    const number = DESCRIPTOR_PATH.exec(path)?.[1];
    if (number !== undefined) return process.descriptors.get(Number(number)).stat();
    const { inode } = locate(process, path, follow);
    return inode ? attributes.statOf(inode) : null;
  } catch (error) {
    if (error instanceof SystemError && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

function inodeAt({ process }: CallContext, fd: number): Inode {
  const inode = inodeOf(process.descriptors.get(fd));
  if (!inode) throw new SystemError('EINVAL');
  return inode;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function makeTemporary({ kernel, process }: CallContext, prefix: string): string {
  for (;;) {
    const random = crypto.getRandomValues(new Uint8Array(6));
    const path = prefix + Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join('');
    try {
      entries.makeDirectory(kernel.fs, process, path, 0o700);
      return path;
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EEXIST') throw error;
    }
  }
}
