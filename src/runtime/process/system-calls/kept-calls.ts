/** The system calls that a process answers from what it knows (`file-cache.ts`, `open-files.ts`), when it can. */

import { unpackStat } from '../../kernel/channel/pack-stat.ts';
import { indexOf } from '../../kernel/channel/stamps.ts';
import { Behind, MAX_POSTED_BYTES } from '../../kernel/channel/sync-layout.ts';
import type { FileWrite } from '../../kernel/channel/write-behind.ts';
import { isAccessible } from '../../kernel/file-access.ts';
import { O_ACCMODE, O_APPEND, O_CLOEXEC, O_EXCL, O_TRUNC, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import {
  Change,
  type DescriptorKind,
  type Entries,
  type Foreknowledge,
  type Stat,
  type SyscallName,
  type Syscalls,
  SystemError,
} from '../../kernel/syscalls.ts';
import type { Answers, Dependencies, FileCache, Outcome } from './file-cache.ts';
import type { KnownFolders } from './known-folders.ts';
import type { OpenFiles } from './open-files.ts';
import type { TrackedFile } from './tracked-file.ts';

/** Asks the kernel. */
export type Ask = <Name extends SyscallName>(
  name: Name,
  args: Parameters<Syscalls[Name]>,
) => ReturnType<Syscalls[Name]>;

export interface Knowledge {
  cache: FileCache;
  folders: KnownFolders;
  files: OpenFiles;
  ask: Ask;
  /** As `ask`; bytes that it answers are valid until the next call. */
  askToLook: Ask;
  /** What the kernel has said before it was asked: the first answer, and those for standard streams until they are closed. */
  cwd: string | null;
  kinds: Map<number, DescriptorKind>;
  /** Whether nobody could tell that the process does not wait for what cannot fail. */
  mayPost(): boolean;
  /** Writes to a file without waiting for it; false when it must be waited for. The caller moves the stamps of the file. */
  postWrite(write: FileWrite): boolean;
  /** Makes a call that cannot fail without waiting for it; false when it must be waited for. */
  post<Name extends SyscallName>(name: Name, args: Parameters<Syscalls[Name]>): boolean;
  /** On what the kernel's last answer depends; null when it must not be kept. */
  dependencies(): Dependencies | null;
}

/** Of `writeFile` nobody wants the answer, which is not there when it was not waited for. */
type KeptCalls = {
  [Name in SyscallName]?: (
    ...args: Parameters<Syscalls[Name]>
  ) => Name extends 'writeFile' ? void : ReturnType<Syscalls[Name]>;
};

const MAX_CONTENT = 64 * 1024;
/** No file gets longer, and the kernel says so. */
const MAX_SIZE = 2 ** 44;

export function createKeptCalls(knowledge: Knowledge): KeptCalls {
  const { cache, ask, folders } = knowledge;
  const statOf = (path: string, follow: boolean): Outcome<Stat> => {
    const answers = follow ? cache.stats : cache.linkStats;
    return (
      answers.get(path) ??
      folders.statOf(path, follow) ??
      learn(knowledge, answers, path, () => ask('stat', [path, follow]))
    );
  };
  return {
    stat: (path, follow) => result(statOf(path, follow)),
    statOrNull: (path, follow) => {
      const outcome = statOf(path, follow);
      if (outcome.code === 'ENOENT' || outcome.code === 'ENOTDIR') return null;
      return result(outcome);
    },
    access: (path, mode) => {
      if (!isAccessible(result(statOf(path, true)).mode, mode)) throw new SystemError('EACCES');
    },
    readdir: (path) => {
      const { names, types } = result(
        cache.entries.get(path) ?? learn<Entries>(knowledge, cache.entries, path, () => ask('readdir', [path])),
      );
      return { names: names.slice(), types: types.slice() };
    },
    readlink: (path) =>
      result(cache.targets.get(path) ?? learn(knowledge, cache.targets, path, () => ask('readlink', [path]))),
    realpath: (path) =>
      result(cache.realPaths.get(path) ?? learn(knowledge, cache.realPaths, path, () => ask('realpath', [path]))),
    readFile: (path, most) => viewFile(knowledge, path, most).slice(),
    chmod: (path, mode) => changePath(knowledge, path, Change.mode, mode, 0),
    utimes: (path, atimeMs, mtimeMs, follow) => {
      if (follow) changePath(knowledge, path, Change.times, atimeMs, mtimeMs);
      else changeLink(knowledge, 'utimes', [path, atimeMs, mtimeMs, follow]);
    },
    chown: (path, uid, gid, follow) => {
      if (follow) changePath(knowledge, path, Change.owner, uid, gid);
      else changeLink(knowledge, 'chown', [path, uid, gid, follow]);
    },
    mkdir: (path, mode, recursive) => makeFolder(knowledge, path, mode, recursive),
    getcwd: () => {
      const { cwd } = knowledge;
      knowledge.cwd = null;
      return cwd ?? ask('getcwd', []);
    },
    chdir: (path) => {
      knowledge.files.settle();
      ask('chdir', [path]);
      knowledge.cwd = null;
      cache.clear();
    },
    ...descriptorCalls(knowledge),
  };
}

function descriptorCalls(knowledge: Knowledge): KeptCalls {
  const { ask, files } = knowledge;
  return {
    open: (path, flags, mode) => open(knowledge, path, flags, mode),
    writeFile: (path, data, flags, mode) => writeFile(knowledge, path, data, flags, mode),
    close: (fd) => {
      knowledge.kinds.delete(fd);
      if (!files.close(fd)) ask('close', [fd]);
    },
    fstat: (fd) => files.stat(fd) ?? ask('fstat', [fd]),
    write: (fd, data, position) => write(knowledge, fd, data, position),
    read: (fd, length, position) => {
      const target = files.isReadHere(fd) ? new Uint8Array(length) : null;
      const count = target ? files.readInto(fd, target, position) : undefined;
      return target && count !== undefined ? target.subarray(0, count) : ask('read', [fd, length, position]);
    },
    ftruncate: (fd, length) => {
      if (length < 0 || length > MAX_SIZE || !postChange(knowledge, 'ftruncate', [fd, length]))
        ask('ftruncate', [fd, length]);
    },
    fchmod: (fd, mode) => {
      if (!postChange(knowledge, 'fchmod', [fd, mode])) ask('fchmod', [fd, mode]);
    },
    fchown: (fd, uid, gid) => {
      if (!postChange(knowledge, 'fchown', [fd, uid, gid])) ask('fchown', [fd, uid, gid]);
    },
    futimes: (fd, atimeMs, mtimeMs) => {
      const isTime = Number.isFinite(atimeMs) && Number.isFinite(mtimeMs);
      if (!isTime || !postChange(knowledge, 'futimes', [fd, atimeMs, mtimeMs])) ask('futimes', [fd, atimeMs, mtimeMs]);
    },
    descriptorKind: (fd) => (files.isRegular(fd) ? 'file' : (knowledge.kinds.get(fd) ?? ask('descriptorKind', [fd]))),
  };
}

/** Keeps what the kernel has answered before it was asked. */
export function keepForeknowledge(knowledge: Knowledge, { answers, cwd, kinds }: Foreknowledge): void {
  const { cache } = knowledge;
  knowledge.cwd = cwd;
  for (const [fd, kind] of kinds.entries()) if (kind !== null) knowledge.kinds.set(fd, kind);
  for (const { kind, path, value, code, indices, sum } of answers) {
    const dependencies = { indices: Int32Array.from(indices), sum };
    if (kind === 'content') {
      if (value instanceof Uint8Array) cache.keepContent(path, value, dependencies);
      continue;
    }
    const outcome = code === null ? { value: value as Stat, code } : { value: null, code };
    (kind === 'stat' ? cache.stats : cache.linkStats).keep(path, outcome, dependencies);
  }
}

/** The opposite of {@link keepForeknowledge}. */
export function forgetForeknowledge(knowledge: Knowledge): void {
  knowledge.cache.clear();
  knowledge.cwd = null;
  knowledge.kinds.clear();
}

/** Asks the kernel, and keeps what it answers, an error too. */
function learn<T>(knowledge: Knowledge, answers: Answers<T>, path: string, askKernel: () => T): Outcome<T> {
  const outcome = attempt(askKernel);
  const dependencies = knowledge.dependencies();
  if (dependencies) answers.keep(path, outcome, dependencies);
  return outcome;
}

/** What an action gives, or the code of the SystemError that it throws. */
export function attempt<T>(action: () => T): Outcome<T> {
  try {
    return { value: action(), code: null };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { value: null, code: error.code };
  }
}

const isRegular = ({ mode }: Stat): boolean => (mode & S_IFMT) === S_IFREG;

function result<T>(outcome: Outcome<T>): T {
  if (outcome.code !== null) throw new SystemError(outcome.code);
  return outcome.value;
}

/** The content of a file, valid until the next call; it must not be changed. */
export function viewFile(knowledge: Knowledge, path: string, most?: number): Uint8Array {
  const { cache, askToLook } = knowledge;
  const known = cache.contents.get(path) ?? readManifest(knowledge, path);
  if (known && (known.value === null || most === undefined || known.value.length <= most)) return result(known);
  const outcome = attempt(() => askToLook('readFile', most === undefined ? [path] : [path, most]));
  const dependencies = knowledge.dependencies();
  // That a file is too large is true for this caller alone.
  if (dependencies && outcome.code !== null && outcome.code !== 'EFBIG')
    cache.contents.keep(path, outcome, dependencies);
  const content = result(outcome);
  if (dependencies && content.length <= MAX_CONTENT) cache.keepContent(path, content.slice(), dependencies);
  return content;
}

/** Whoever writes into a folder makes sure that it is there, every time. */
function makeFolder(knowledge: Knowledge, ...args: Parameters<Syscalls['mkdir']>): string | null {
  const { cache, ask, files } = knowledge;
  const [path, , recursive] = args;
  if (recursive && cache.folders.get(path)) return null;
  files.settle();
  const first = ask('mkdir', args);
  const dependencies = recursive && first === null ? knowledge.dependencies() : null;
  if (dependencies) cache.folders.keep(path, { value: true, code: null }, dependencies);
  return first;
}

/** A package.json comes with what is known of its folder, or is missing there. */
function readManifest({ cache, folders }: Knowledge, path: string): Outcome<Uint8Array> | undefined {
  if (!path.endsWith('/package.json')) return undefined;
  const stat = folders.statOf(path, true);
  return stat && stat.code !== null ? stat : cache.contents.get(path);
}

function open(knowledge: Knowledge, path: string, flags: number, mode: number): number {
  const { ask, cache, files } = knowledge;
  const again = openKnown(knowledge, path, flags);
  if (again !== undefined) return again;
  const hasContent = (flags & O_ACCMODE) === 0 && cache.contents.get(path)?.value != null;
  const [fd, regular, packed, stamp, sent] = ask('openFile', [path, flags, mode, hasContent]);
  if (!regular || !packed) return fd;
  // What was known may have changed before the file was opened.
  const content = sent ?? (hasContent ? cache.contents.get(path)?.value : null) ?? null;
  const stat = unpackStat(packed);
  const dependencies = knowledge.dependencies();
  if ((flags & O_ACCMODE) !== 0) {
    keepLead(knowledge, path, stat.ino, dependencies);
  } else if (dependencies) {
    cache.stats.keep(path, { value: stat, code: null }, dependencies);
    if (sent) cache.keepContent(path, sent, dependencies);
  }
  files.opened(fd, flags, { stat, stamp, content });
  return fd;
}

/** Opens a file of which everything is known, without the kernel, if there is a number for it. */
function openKnown({ cache, files }: Knowledge, path: string, flags: number): number | undefined {
  if ((flags & ~O_CLOEXEC) !== 0) return undefined;
  const stat = cache.stats.get(path)?.value;
  if (!stat || !isRegular(stat)) return undefined;
  const stamp = cache.stampAt(indexOf(stat.ino));
  // Behind the stamp: what changes after it is noticed when the file is read.
  const content = cache.contents.get(path)?.value;
  if (!content || cache.stats.get(path)?.value !== stat) return undefined;
  return files.openAgain(path, flags, { stat, stamp, content });
}

function write(knowledge: Knowledge, ...args: Parameters<Syscalls['write']>): number {
  const [fd, data, position] = args;
  const { ask, cache, files } = knowledge;
  const file = files.tracked(fd);
  if (file?.isWritable !== true || file.appends) {
    if (files.isUnknown(fd)) files.settle();
    if (!file?.isWritable || !knowledge.postWrite({ kind: Behind.write, target: fd, position, data }))
      return ask('write', args);
    cache.bump(file.inode);
    return data.length;
  }
  const start = position ?? file.offset;
  const isPosted = postTracked(knowledge, file, fd, { data, start });
  const written = isPosted ? data.length : ask('write', [fd, data, start]);
  file.wrote(written === data.length ? data : data.subarray(0, written), start, !isPosted);
  if (position === null) file.moveTo(start + written);
  return written;
}

/** A gap would take more room than the bytes, and there must be enough. */
function postTracked(
  { files, mayPost, postWrite }: Knowledge,
  file: TrackedFile,
  target: number,
  { data, start }: { data: Uint8Array; start: number },
): boolean {
  if (data.length > MAX_POSTED_BYTES || !mayPost()) return false;
  if (file.hasPlaceAt(start) === undefined) files.look(target, file, 0, 0);
  return file.hasPlaceAt(start) === true && postWrite({ kind: Behind.write, target, position: start, data });
}

/** Changes something of a file that this process alone has open for writing, so that it is certain to succeed. */
function postChange<Name extends 'ftruncate' | 'fchmod' | 'fchown' | 'futimes'>(
  { cache, files, post }: Knowledge,
  name: Name,
  args: Parameters<Syscalls[Name]>,
): boolean {
  const [fd] = args;
  const file = files.tracked(fd);
  if (files.isUnknown(fd)) files.settle();
  if (!file?.isWritable || !post(name, args)) return false;
  cache.bump(file.inode);
  return true;
}

/** Appends to the file that was appended to before, without waiting; false when it must be done otherwise. */
function appendAgain(
  { cache, postWrite }: Knowledge,
  ...[path, data, flags]: Parameters<Syscalls['writeFile']>
): boolean {
  const { appended } = cache;
  if (appended?.path !== path || appended.flags !== flags || !cache.isTrue(appended)) return false;
  if (!postWrite({ kind: Behind.appendAgain, target: appended.inode, position: null, data })) return false;
  cache.bump(appended.inode);
  return true;
}

/** That a path leads to an inode depends on the folders on the way, not on what the inode holds; null when it is not certain. */
function wayTo({ cache }: Knowledge, inode: number, all: Dependencies): Dependencies | null {
  const own = indexOf(inode);
  const indices = all.indices.slice(0, all.indices.findLastIndex((index) => index !== own) + 1);
  // Where a folder has the same number among the stamps, its changes would be missed.
  if (indices.includes(own)) return null;
  let sum = 0;
  for (const index of indices) sum = (sum + cache.stampAt(index)) | 0;
  // Behind the sum: what has changed since the kernel answered may be in it.
  return cache.isTrue(all) ? { indices, sum } : null;
}

/** The kernel holds the inode now; returns the way to it by the path by which it was found. */
function keepLead(knowledge: Knowledge, path: string, inode: number, all: Dependencies | null): Dependencies | null {
  const { cache } = knowledge;
  cache.known.put(inode, true);
  const way = all && wayTo(knowledge, inode, all);
  if (way) cache.leads.keep(path, { value: inode, code: null }, way);
  return way;
}

function changeLink<Name extends 'utimes' | 'chown'>(
  { ask, files }: Knowledge,
  name: Name,
  args: Parameters<Syscalls[Name]>,
): void {
  files.settle();
  ask(name, args);
}

/** Changes attributes of a file, without waiting for it where the kernel holds the inode to which the path leads. */
function changePath(
  knowledge: Knowledge,
  path: string,
  ...change: [change: number, first: number, second: number]
): void {
  const { ask, cache, files, post } = knowledge;
  const inode = cache.leads.get(path)?.value;
  const isTime = Number.isFinite(change[1]) && Number.isFinite(change[2]);
  if (inode && isTime && cache.known.get(inode) && post('changeAgain', [inode, ...change])) {
    cache.bump(inode);
    return;
  }
  files.settle();
  const found = ask('changePath', [path, ...change]);
  if (found > 0) keepLead(knowledge, path, found, knowledge.dependencies());
}

/** What `stat` says then is of no use to anybody but the cache. */
function writeFile(knowledge: Knowledge, ...args: Parameters<Syscalls['writeFile']>): void {
  const [path, data, flags] = args;
  const { cache } = knowledge;
  if (flags & O_APPEND && appendAgain(knowledge, ...args)) return;
  const stat = knowledge.ask('writeFile', args);
  const dependencies = knowledge.dependencies();
  if (flags & O_APPEND) cache.appended = null;
  const way = isRegular(stat) ? keepLead(knowledge, path, stat.ino, dependencies) : null;
  if (dependencies) {
    if (way && flags & O_APPEND && !(flags & (O_EXCL | O_TRUNC)))
      cache.appended = { path, flags, inode: stat.ino, ...way };
    cache.stats.keep(path, { value: stat, code: null }, dependencies);
    const whole = (flags & O_TRUNC) !== 0 && (flags & O_APPEND) === 0;
    if (whole && data.length <= MAX_CONTENT && stat.size === data.length) {
      cache.keepContent(path, data.slice(), dependencies);
    }
  }
}
