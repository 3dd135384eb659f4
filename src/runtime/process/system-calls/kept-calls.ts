/** The system calls that a process answers from what it knows (`file-cache.ts`, `known-names.ts`, `open-files.ts`), when it can. */

import { Behind, MAX_POSTED_BYTES } from '../../kernel/channel/sync-layout.ts';
import { isAccessible, X_OK } from '../../kernel/file-access.ts';
import type { Foreknowledge } from '../../kernel/launch.ts';
import {
  Change,
  type Entries,
  type Stat,
  type SyscallName,
  type Syscalls,
  SystemError,
} from '../../kernel/syscalls.ts';
import type { Answers, Outcome } from './file-cache.ts';
import type { Knowledge } from './knowledge.ts';
import { Kind } from './known-names.ts';
import { createNameCalls, kindOf, learnFolder, learnName, makeFolderHere, makeFoldersHere } from './name-calls.ts';
import { changeLinkTimes, changePath, createStatfs } from './path-attributes.ts';
import { MAX_CONTENT, open, writeFile } from './path-files.ts';
import type { Attempted } from './sys.ts';
import type { TrackedFile } from './tracked-file.ts';

/** Of `writeFile` nobody wants the answer, which is not there when it was not waited for. */
type KeptCalls = {
  [Name in SyscallName]?: (
    ...args: Parameters<Syscalls[Name]>
  ) => Name extends 'writeFile' ? void : ReturnType<Syscalls[Name]>;
};

/** As `Sys.attempt`. */
export type Attempts = {
  [Name in Attempted]: (...args: Parameters<Syscalls[Name]>) => ReturnType<Syscalls[Name]> | SystemError;
};

const NOTHING_THERE: Outcome<never> = { value: null, code: 'ENOENT' } as Outcome<never>;
/** No file gets longer, and the kernel says so. */
const MAX_SIZE = 2 ** 44;

export function createKeptCalls(knowledge: Knowledge, attempts = createAttempts(knowledge)): KeptCalls {
  const { cache, ask, files } = knowledge;
  return {
    stat: (path, follow) => unlessError(attempts.stat(path, follow)),
    statOrNull: (path, follow) => {
      const outcome = statOf(knowledge, path, follow);
      if (outcome.code === 'ENOENT' || outcome.code === 'ENOTDIR') return null;
      return result(outcome);
    },
    access: (path, mode) => unlessError(attempts.access(path, mode)),
    readdir: (path) => {
      const { names, types } = result(cache.entries.get(path) ?? listed(knowledge, path) ?? list(knowledge, path));
      return { names: names.slice(), types: types.slice() };
    },
    readlink: (path) =>
      result(cache.targets.get(path) ?? learn(knowledge, cache.targets, path, () => ask('readlink', [path]))),
    realpath: (path) =>
      result(cache.realPaths.get(path) ?? learn(knowledge, cache.realPaths, path, () => ask('realpath', [path]))),
    readFile: (path, most) => viewFile(knowledge, path, most).slice(),
    transform: (kind, source) => cache.takeTransform(kind, source) ?? ask('transform', [kind, source]),
    chmod: (path, mode) => changePath(knowledge, path, Change.mode, mode, 0),
    utimes: (path, atimeMs, mtimeMs, follow) => {
      if (follow) changePath(knowledge, path, Change.times, atimeMs, mtimeMs);
      else changeLinkTimes(knowledge, path, atimeMs, mtimeMs);
    },
    chown: (path, uid, gid, follow) => {
      if (follow) changePath(knowledge, path, Change.owner, uid, gid);
      else {
        files.settle();
        ask('chown', [path, uid, gid, follow]);
      }
    },
    statfs: createStatfs(knowledge),
    ...createNameCalls(knowledge),
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
      knowledge.home?.forget();
      cache.clear();
      knowledge.names.clear();
    },
    ...descriptorCalls(knowledge),
  };
}

export function createAttempts(knowledge: Knowledge): Attempts {
  return {
    access: (path, mode) => {
      if ((mode & X_OK) === 0 && isThere(knowledge, path)) return undefined;
      const { value, code } = statOf(knowledge, path, true);
      if (code !== null) return new SystemError(code);
      return isAccessible(value.mode, mode) ? undefined : new SystemError('EACCES');
    },
    stat: (path, follow) => {
      const { value, code } = statOf(knowledge, path, follow);
      return code === null ? value : new SystemError(code);
    },
  };
}

function unlessError<T>(answer: T | SystemError): T {
  if (answer instanceof SystemError) throw answer;
  return answer;
}

function descriptorCalls(knowledge: Knowledge): KeptCalls {
  const { ask, files } = knowledge;
  return {
    open: (path, flags, mode) => open(knowledge, path, flags, mode),
    writeFile: (path, data, flags, mode) => writeFile(knowledge, path, data, flags, mode),
    close: (fd) => {
      knowledge.kinds.delete(fd);
      const isFile = files.isRegular(fd);
      if (files.close(fd)) return;
      if (!isFile) ask('close', [fd]);
      else if (!knowledge.post('discard', [fd])) ask('discard', [fd]);
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

/** Whether it is certain that a file or a folder is at the path. */
function isThere({ names }: Knowledge, path: string): boolean {
  const kind = names.at(path)?.kind;
  return kind === Kind.file || kind === Kind.folder;
}

/** As `Sys.exists`. */
export function exists(knowledge: Knowledge, path: string): boolean {
  if (isThere(knowledge, path)) return true;
  try {
    return statOf(knowledge, path, true).code === null;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

function list(knowledge: Knowledge, path: string): Outcome<Entries> {
  const { ask, cache, folders } = knowledge;
  const outcome = learn<Entries>(knowledge, cache.entries, path, () => ask('readdir', [path]));
  if (outcome.value) folders.listed(path, outcome.value.names.length);
  return outcome;
}

function listed({ cache, folders }: Knowledge, path: string): Outcome<Entries> | undefined {
  const found = folders.list(path);
  if (found === undefined) return undefined;
  const outcome = { value: found.entries, code: null };
  cache.entries.keep(path, outcome, found.dependencies);
  return outcome;
}

function statOf(knowledge: Knowledge, path: string, follow: boolean): Outcome<Stat> {
  const { cache, folders } = knowledge;
  const answers = follow ? cache.stats : cache.linkStats;
  return (
    answers.get(path) ??
    knownStat(knowledge, path, follow) ??
    folders.statOf(path, follow) ??
    learnStat(knowledge, answers, path, follow)
  );
}

/** What is known by the name, and by the number to which that leads. */
function knownStat({ cache, files, names }: Knowledge, path: string, follow: boolean): Outcome<Stat> | undefined {
  const named = names.at(path);
  if (named === null) return NOTHING_THERE;
  const isItself = named && (named.kind === Kind.file || named.kind === Kind.folder || !follow);
  const inode = isItself ? named.number : follow ? cache.leads.get(path)?.value : undefined;
  const stat = inode ? files.statOf(inode) : undefined;
  return stat && { value: stat, code: null };
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
  knowledge.names.clear();
  knowledge.stats.clear();
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

function learnStat(knowledge: Knowledge, answers: Answers<Stat>, path: string, follow: boolean): Outcome<Stat> {
  const outcome = learn(knowledge, answers, path, () => knowledge.ask('stat', [path, follow]));
  const { names, stats } = knowledge;
  if (!names.isWanted) return outcome;
  const dependencies = outcome.value && knowledge.dependencies();
  if (outcome.value && dependencies) stats.learn(outcome.value, dependencies);
  const found = names.trail()?.slice(names.endOf(path));
  if (outcome.code === 'ENOENT' && found?.length === 0) learnName(knowledge, path, null);
  // Behind a link it is another one.
  else if (outcome.value && found?.length === 1 && found[0] === outcome.value.ino)
    learnName(knowledge, path, { number: outcome.value.ino, kind: kindOf(outcome.value.mode) });
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

function result<T>(outcome: Outcome<T>): T {
  if (outcome.code !== null) throw new SystemError(outcome.code);
  return outcome.value;
}

/** The content of a file, valid until the next call; it must not be changed. */
export function viewFile(knowledge: Knowledge, path: string, most?: number): Uint8Array {
  const { cache, askToLook } = knowledge;
  const known = cache.contents.get(path) ?? readManifest(knowledge, path) ?? readNeighbours(knowledge, path);
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
  const [path, mode, recursive] = args;
  if (recursive && cache.folders.get(path)) return null;
  if (recursive) {
    const made = makeFoldersHere(knowledge, path, mode);
    if (made !== undefined) return made;
  } else if (makeFolderHere(knowledge, path, mode)) {
    return null;
  }
  files.settle();
  const first = ask('mkdir', args);
  if (!recursive) learnFolder(knowledge, path);
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

/** Whoever reads several files of a folder is told more of them at once. */
const readNeighbours = ({ cache, folders }: Knowledge, path: string): Outcome<Uint8Array> | undefined =>
  folders.noteRead(path) ? cache.contents.get(path) : undefined;

function write(knowledge: Knowledge, ...args: Parameters<Syscalls['write']>): number {
  const [fd, data, position] = args;
  const { ask, cache, files } = knowledge;
  const file = files.tracked(fd);
  // No bytes change nothing, not even the times.
  if (data.length === 0 && file?.isWritable) return 0;
  if (file?.isWritable !== true || file.appends) {
    if (files.isUnknown(fd)) files.settle();
    const time = knowledge.now();
    if (!file?.isWritable || !knowledge.postWrite({ kind: Behind.write, target: fd, position, time, data }))
      return ask('write', args);
    cache.bump(file.inode);
    return data.length;
  }
  const start = position ?? file.offset;
  const time = knowledge.now();
  const isPosted = postTracked(knowledge, file, fd, { data, start, time });
  const written = isPosted ? data.length : ask('write', [fd, data, start]);
  file.wrote(written === data.length ? data : data.subarray(0, written), start, isPosted ? time : null);
  if (position === null) file.moveTo(start + written);
  return written;
}

/** A gap would take more room than the bytes, and there must be enough. */
function postTracked(
  { files, mayPost, postWrite }: Knowledge,
  file: TrackedFile,
  target: number,
  { data, start, time }: { data: Uint8Array; start: number; time: number },
): boolean {
  if (data.length > MAX_POSTED_BYTES || !mayPost()) return false;
  if (file.hasPlaceAt(start) === undefined) files.look(target, file, 0, 0);
  return file.hasPlaceAt(start) === true && postWrite({ kind: Behind.write, target, position: start, time, data });
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
