/** System calls on paths. */
import { ByteQueue } from '../byte-queue.ts';
import { packStat } from '../channel/pack-stat.ts';
import { NEVER_KEPT } from '../channel/stamps.ts';
import { type CallSite, type Description, isShared } from '../description.ts';
import { DeviceDescription } from '../descriptions/device.ts';
import { FifoDescription } from '../descriptions/fifo.ts';
import { FileDescription, hasInode, openDescription } from '../descriptions/file.ts';
import { PipeReader } from '../descriptions/pipe.ts';
import { WatchDescription } from '../descriptions/watch.ts';
import { lock } from '../file-locks.ts';
import { O_ACCMODE, O_APPEND, O_NO_WAIT, O_NONBLOCK } from '../file-modes.ts';
import * as attributes from '../file-system/attributes.ts';
import * as contents from '../file-system/contents.ts';
import * as entries from '../file-system/entries.ts';
import { DeviceInode, FifoInode } from '../file-system/inode.ts';
import { find, findNamed, locate, realPath } from '../file-system/lookup.ts';
import type { Kernel } from '../kernel.ts';
import type { ProcessRecord } from '../processes/process-record.ts';
import {
  Change,
  type Entries,
  Look,
  MAX_LOOK_BYTES,
  type OpenedFile,
  type Stat,
  type Syscalls,
  SystemError,
} from '../syscalls.ts';
import type { CallContext, CallTable } from './call-table.ts';

type FileCall =
  | 'open'
  | 'openFile'
  | 'writeFile'
  | 'appendAgain'
  | 'openAs'
  | 'listNames'
  | 'look'
  | 'changePath'
  | 'changeAgain'
  | 'seek'
  | 'awaitOpen'
  | 'mkfifo'
  | 'flock'
  | 'reopen'
  | 'readFile'
  | 'stat'
  | 'statOrNull'
  | 'fstat'
  | 'statfs'
  | 'readdir'
  | 'neighbours'
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
  openFile: (context, path, flags, mode, hasContent) => openFile(context, path, flags, mode, hasContent),
  writeFile: (context, path, data, flags, mode) => writeFile(context, { path, data, flags, mode }),
  appendAgain: ({ thread }, number, data) => {
    const { appended } = thread;
    if (appended?.inode.number !== number) throw new SystemError('EINVAL');
    // Nobody can see it any more.
    if (appended.inode.links === 0 && appended.inode.opened === 0) return;
    appended.write({ caller: thread, fd: null }, data, null);
  },
  changePath: (context, path, change, first, second) => {
    const named = findNamed(context.process, path, true);
    const { inode } = named;
    changeInode(context, named, change, first, second);
    // What belongs to the system is not certain to be changed again.
    return !inode.isFixed && noteKnown(context, named) ? inode.number : 0;
  },
  changeAgain: (context, number, ...change) => {
    const named = context.thread.known.get(number);
    if (!named) throw new SystemError('EINVAL');
    changeInode(context, named, ...change);
  },
  openAs: (context, fd, path, flags, mode) => openAs(context, { fd, path, flags, mode }),
  listNames: ({ process }, folder, most) => entries.listNames(process, folder, most),
  look: (context, fd, position, length) => look(context, fd, position, length),
  seek: ({ process }, fd, offset) => {
    const description = process.descriptors.get(fd);
    if (description instanceof FileDescription) description.seek(offset);
  },
  awaitOpen: ({ process, thread }, fd) => {
    const description = process.descriptors.get(fd);
    return description instanceof FifoDescription ? description.met({ caller: thread, fd }) : undefined;
  },
  mkfifo: ({ kernel, process }, path, mode) => entries.makeFifo(kernel.fs, process, path, mode),
  flock: ({ process, thread }, fd, operation) => {
    const description = process.descriptors.get(fd);
    const file = hasInode(description) ? description.inode : description;
    return lock({ caller: thread, fd }, { description, file, operation });
  },
  reopen: (context, fd, path, flags, inode) => reopen(context, { fd, path, flags, inode }),
  readFile: ({ kernel, process }, path, most) => {
    // It is not known what of it has been read: whoever asks has to open it.
    if (descriptorAt(process, path)) throw new SystemError('EINVAL');
    return contents.readWhole(kernel.fs, process, path, most);
  },
  stat: ({ process }, path, follow) => {
    const description = descriptorAt(process, path);
    if (description) return description.stat();
    return attributes.statOf(find(process, path, follow));
  },
  statOrNull: (context, path, follow) => statOrNull(context, path, follow),
  statfs: (context, path) => statfs(context, path),
  fstat: ({ process }, fd) => process.descriptors.get(fd).stat(),
  readdir: ({ process }, path) =>
    DESCRIPTOR_FOLDER.test(path) ? listDescriptors(process) : entries.readDirectory(process, path),
  neighbours: ({ kernel, process, thread }, folder, most, wanted, near, used) => {
    if (!thread.channel) return null;
    const transformOf = (source: Uint8Array) => kernel.transforms.find(source);
    const limits = { most, stamps: thread.channel.stamps, wanted, near, transformOf };
    return kernel.likelyFolders.list(process, { folder, used }, limits);
  },
  mkdir: ({ kernel, process }, path, mode, recursive) => {
    if (recursive) return entries.makeDirectories(kernel.fs, process, path, mode);
    const made = entries.makeDirectory(kernel.fs, process, path, mode);
    process.visited?.push(made.number);
    return null;
  },
  rmdir: ({ kernel, process }, path) => entries.removeDirectory(kernel.fs, process, path),
  unlink: ({ kernel, process }, path) => entries.unlink(kernel.fs, process, path),
  rename: ({ kernel, process }, from, to) => entries.rename(kernel.fs, process, from, to),
  link: ({ kernel, process }, existing, path) => entries.link(kernel.fs, process, existing, path),
  symlink: ({ kernel, process }, target, path) => {
    const made = entries.symlink(kernel.fs, process, target, path);
    process.visited?.push(made.number);
  },
  readlink: ({ process }, path) => entries.readLink(process, path),
  realpath: ({ process }, path) => realPath(process, path),
  access: ({ process }, path, mode) => attributes.checkAccess(find(process, path, true), mode),
  chmod: ({ kernel, process }, path, mode) => attributes.setMode(kernel.fs, findNamed(process, path, true), mode),
  fchmod: (context, fd, mode) => attributes.setMode(context.kernel.fs, namedAt(context, fd), mode),
  chown: ({ kernel, process }, path, uid, gid, follow) =>
    attributes.setOwner(kernel.fs, findNamed(process, path, follow), uid, gid),
  fchown: (context, fd, uid, gid) => attributes.setOwner(context.kernel.fs, namedAt(context, fd), uid, gid),
  utimes: ({ kernel, process }, path, atimeMs, mtimeMs, follow) =>
    attributes.setTimes(kernel.fs, findNamed(process, path, follow), atimeMs, mtimeMs),
  futimes: (context, fd, atimeMs, mtimeMs) =>
    attributes.setTimes(context.kernel.fs, namedAt(context, fd), atimeMs, mtimeMs),
  ftruncate: ({ process }, fd, length) => {
    const description = process.descriptors.get(fd);
    if (!(description instanceof FileDescription)) throw new SystemError('EINVAL');
    description.truncate(length);
  },
  copyFile: ({ kernel, process }, from, to, flags) => contents.copyFile(kernel.fs, process, { from, to }, flags),
  mkdtemp: (context, prefix) => makeTemporary(context, prefix),
  remove: ({ kernel, process }, path, force) => entries.removeTree(kernel.fs, process, path, force),
  watch: ({ kernel, process, thread }, path, recursive) => {
    const { inode, name } = locate(process, path, true);
    if (!inode) throw new SystemError('ENOENT');
    const label = name === '' || name === '.' || name === '..' ? (path.split('/').at(-1) ?? '') : name;
    return process.descriptors.add(
      new WatchDescription(kernel.fs, inode, { recursive, label, reader: thread.watching }),
      3,
    );
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

/** As `entryType` says of a link. */
const LINK_TYPE = 3;
/** Who looks for descriptors that were not closed counts them there. */
const DESCRIPTOR_FOLDER = /^\/(?:dev|proc\/self)\/fd\/*$/;

function listDescriptors(process: ProcessRecord): Entries {
  process.visited?.push(NEVER_KEPT);
  const names = process.descriptors.numbers().map(String);
  return { names, types: names.map(() => LINK_TYPE) };
}

function descriptorAt(process: ProcessRecord, path: string): Description | null {
  const number = DESCRIPTOR_PATH.exec(path)?.[1];
  if (number === undefined) return null;
  process.visited?.push(NEVER_KEPT);
  if (!process.descriptors.has(Number(number))) throw new SystemError('ENOENT');
  return process.descriptors.get(Number(number));
}

function open(context: CallContext, path: string, flags: number, mode: number): number | Promise<number> {
  const { kernel, process } = context;
  const existing = descriptorAt(process, path);
  if (existing) return process.descriptors.add(existing);
  const opened = contents.openInode(kernel.fs, process, path, flags, mode);
  if (opened.inode instanceof DeviceInode) {
    const standard = standardStreams[opened.inode.device];
    if (standard === undefined) return process.descriptors.add(new DeviceDescription(opened.inode));
    const stream = process.descriptors.get(standard);
    if (opened.inode.device === 'tty' && stream.kind !== 'tty') throw new SystemError('ENXIO');
    return process.descriptors.add(stream);
  }
  const { inode } = opened;
  if (inode instanceof FifoInode) return openFifo(context, new FifoDescription({ ...opened, inode }, flags), flags);
  const description = openDescription(kernel.fs, opened, flags);
  if (!description) throw new SystemError('ENXIO');
  return process.descriptors.add(description);
}

function openFifo({ process, thread }: CallContext, end: FifoDescription, flags: number): number | Promise<number> {
  const fd = process.descriptors.add(end);
  if (flags & O_NONBLOCK || end.isMet) return fd;
  return flags & O_NO_WAIT ? ~fd : meet({ process, thread }, end, fd);
}

async function meet(
  { process, thread }: Pick<CallContext, 'process' | 'thread'>,
  end: FifoDescription,
  fd: number,
): Promise<number> {
  try {
    await end.met({ caller: thread, fd });
    return fd;
  } catch (error) {
    // The thread has ended, or another has closed it.
    if (process.descriptors.has(fd) && process.descriptors.get(fd) === end) process.descriptors.close(fd);
    throw error;
  }
}

/** `TMPFS_MAGIC` of Linux. */
const TMPFS = 0x01021994;
const BLOCK = 4096;

function statfs({ kernel, process }: CallContext, path: string): number[] {
  find(process, path, true);
  const { bytes, freeBytes, entries: files, freeEntries } = kernel.fs.room;
  const free = Math.floor(freeBytes / BLOCK);
  return [TMPFS, BLOCK, Math.floor(bytes / BLOCK), free, free, files, freeEntries];
}

const NOTHING = new Uint8Array(0);

/** So much of a file goes along when it is opened for reading. */
const MAX_CONTENT = 32 * 1024;

function openFile(
  context: CallContext,
  ...[path, flags, mode, hasContent]: Parameters<Syscalls['openFile']>
): OpenedFile | Promise<OpenedFile> {
  const { kernel, process } = context;
  const fd = open(context, path, flags, mode);
  if (typeof fd !== 'number') return fd.then((opened) => [opened, false, null, 0, null]);
  const description = fd < 0 ? null : process.descriptors.get(fd);
  // What another descriptor reads too has its offset in the kernel.
  if (!(description instanceof FileDescription) || isShared(description)) return [fd, false, null, 0, null];
  const { inode } = description;
  const readOnly = (flags & O_ACCMODE) === 0;
  const sends = !hasContent && readOnly && inode.size <= MAX_CONTENT;
  process.visited?.push(inode.number);
  if (!readOnly) noteKnown(context, description);
  const content = sends ? contents.readAt(kernel.fs, inode, 0, inode.size) : null;
  const stamp = context.thread.channel?.stamps.sum([inode.number]) ?? 0;
  return [fd, true, packStat(attributes.statOf(inode)), stamp, content];
}

/** False for a call whose answer the process does not keep: then it does not know of the inode either. */
function noteKnown({ process, thread }: CallContext, { inode, parent, name }: Required<attributes.Named>): boolean {
  if (process.visited === null) return false;
  // Not a description, which may keep more than that in memory.
  thread.known.put(inode.number, { inode, parent, name });
  return true;
}

function changeInode(
  { kernel }: CallContext,
  named: attributes.Named,
  ...[change, first, second]: [number, number, number]
): void {
  if (change === Change.mode) attributes.setMode(kernel.fs, named, first);
  else if (change === Change.times) attributes.setTimes(kernel.fs, named, first, second);
  else if (change === Change.owner) attributes.setOwner(kernel.fs, named, first, second);
  else throw new SystemError('EINVAL');
}

function look({ process, thread }: CallContext, fd: number, position: number, length: number): Look {
  const description = process.descriptors.get(fd);
  if (!(description instanceof FileDescription) || length > MAX_LOOK_BYTES) throw new SystemError('EINVAL');
  const stamp = () => thread.channel?.stamps.sum([description.inode.number]) ?? 0;
  const before = stamp();
  const bytes = length === 0 ? NOTHING : description.read({ caller: thread, fd }, length, position);
  return new Look(description.stat(), bytes, before, stamp());
}

function openAs(
  { kernel, process }: CallContext,
  { fd, path, flags, mode }: { fd: number; path: string; flags: number; mode: number },
): void {
  process.descriptors.checkTaken(fd);
  const description = openDescription(kernel.fs, contents.openInode(kernel.fs, process, path, flags, mode), flags);
  if (!(description instanceof FileDescription)) throw new SystemError('EINVAL');
  process.descriptors.put(fd, description);
}

interface Reopening {
  fd: number;
  path: string;
  flags: number;
  inode: number;
}

function reopen({ kernel, process }: CallContext, { fd, path, flags, inode }: Reopening): boolean {
  process.descriptors.checkTaken(fd);
  const opened = openAt(kernel, process, path, flags);
  if (opened?.inode.number === inode) {
    const description = openDescription(kernel.fs, opened, flags);
    if (description) process.descriptors.put(fd, description);
    return description !== null;
  }
  const nothing = new ByteQueue();
  nothing.end();
  process.descriptors.put(fd, new PipeReader(nothing));
  return false;
}

function openAt(kernel: Kernel, process: ProcessRecord, path: string, flags: number): contents.OpenResult | null {
  try {
    return contents.openInode(kernel.fs, process, path, flags, 0);
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
}

interface WriteRequest {
  path: string;
  data: Uint8Array;
  flags: number;
  mode: number;
}

function writeFile(context: CallContext, { path, data, flags, mode }: WriteRequest): Stat | Promise<Stat> {
  const fd = open(context, path, flags & ~O_NO_WAIT, mode);
  if (typeof fd === 'number') return writeOpened(context, fd, data, flags);
  context.process.visited?.push(NEVER_KEPT);
  return fd.then((opened) => writeOpened(context, opened, data, flags));
}

function writeOpened(context: CallContext, ...[fd, data, flags]: [number, Uint8Array, number]): Stat | Promise<Stat> {
  const { process } = context;
  const description = process.descriptors.get(fd);
  // The path of a device may lead to any stream.
  const isFile = description instanceof FileDescription && !isShared(description);
  process.visited?.push(isFile ? description.inode.number : NEVER_KEPT);
  const finish = (): Stat => {
    const stat = description.stat();
    process.descriptors.close(fd);
    if (description instanceof FileDescription) noteKnown(context, description);
    if (isFile && flags & O_APPEND) context.thread.appended = description;
    return stat;
  };
  const fail = (error: unknown): never => {
    process.descriptors.close(fd);
    throw error instanceof SystemError ? new SystemError(error.code, 'write') : error;
  };
  let written: number | Promise<number>;
  try {
    // Whoever else takes them may keep them for long.
    const own = description instanceof FileDescription ? data : data.slice();
    written = description.write({ caller: context.thread, fd }, own, null);
  } catch (error) {
    return fail(error);
  }
  return typeof written === 'number' ? finish() : written.then(finish, fail);
}

function statOrNull({ process }: CallContext, path: string, follow: boolean): Stat | null {
  try {
    const description = descriptorAt(process, path);
    if (description) return description.stat();
    const { inode } = locate(process, path, follow);
    return inode ? attributes.statOf(inode) : null;
  } catch (error) {
    if (error instanceof SystemError && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

function namedAt({ process }: CallContext, fd: number): attributes.Named {
  const description = process.descriptors.get(fd);
  if (!hasInode(description)) throw new SystemError('EINVAL');
  return description;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function makeTemporary({ kernel, process }: CallContext, prefix: string): string {
  for (;;) {
    const random = crypto.getRandomValues(new Uint8Array(6));
    const path = prefix + Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join('');
    try {
      const made = entries.makeDirectory(kernel.fs, process, path, 0o700);
      process.visited?.push(made.number);
      return path;
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EEXIST') throw error;
    }
  }
}
