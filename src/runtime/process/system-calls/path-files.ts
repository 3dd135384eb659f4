/** Files by their paths: opened, or written as a whole. */
import { unpackStat } from '../../kernel/channel/pack-stat.ts';
import { indexOf } from '../../kernel/channel/stamps.ts';
import { Behind, MAX_POSTED_BYTES } from '../../kernel/channel/sync-layout.ts';
import {
  O_ACCMODE,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NO_WAIT,
  O_TRUNC,
  S_IFMT,
  S_IFREG,
} from '../../kernel/file-modes.ts';
import { statOfNewFile } from '../../kernel/new-stats.ts';
import { type OpenedFile, type Stat, type Syscalls, SystemError } from '../../kernel/syscalls.ts';
import type { Knowledge } from './knowledge.ts';
import { Kind, type NamedInode } from './known-names.ts';
import { kindOf, learnName } from './name-calls.ts';
import { keepLead } from './path-attributes.ts';
import { written } from './tracked-file.ts';

/** A longer content is not kept. */
export const MAX_CONTENT = 64 * 1024;

const isRegular = ({ mode }: Stat): boolean => (mode & S_IFMT) === S_IFREG;

export function open(knowledge: Knowledge, path: string, wanted: number, mode: number): number {
  const { cache, files } = knowledge;
  // What is known to be a file waits for nothing.
  const flags = wanted & ~O_NO_WAIT;
  const readsOnly = (flags & ~O_CLOEXEC) === 0;
  if (readsOnly) checkKnown(knowledge, path);
  const again = openKnown(knowledge, path, flags) ?? openHere(knowledge, path, flags, mode);
  if (again !== undefined) return again;
  const hasContent = (flags & O_ACCMODE) === 0 && cache.contents.get(path)?.value != null;
  const opened = askToOpen(knowledge, [path, wanted, mode, hasContent]);
  if (opened instanceof SystemError) {
    const missing = readsOnly ? knowledge.dependencies() : null;
    if (missing && saysMissing(opened.code)) cache.stats.keep(path, { value: null, code: opened.code }, missing);
    throw opened;
  }
  const [fd, regular, packed, stamp, sent] = opened;
  if (!regular || !packed) return fd;
  // What was known may have changed before the file was opened.
  const content = sent ?? (hasContent ? cache.contents.get(path)?.value : null) ?? null;
  const stat = unpackStat(packed);
  const dependencies = knowledge.dependencies();
  learnOpened(knowledge, path, stat);
  if ((flags & O_ACCMODE) !== 0) {
    keepLead(knowledge, path, stat.ino, dependencies);
  } else if (dependencies) {
    cache.stats.keep(path, { value: stat, code: null }, dependencies);
    if (sent) cache.keepContent(path, sent, dependencies);
  }
  files.opened(fd, flags, { stat, stamp, content });
  return fd;
}

function askToOpen({ ask }: Knowledge, args: Parameters<Syscalls['openFile']>): OpenedFile | SystemError {
  try {
    return ask('openFile', args);
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
}

/** `stat` says the same of whatever cannot be opened for that. */
const saysMissing = (code: string | null | undefined): code is 'ENOENT' | 'ENOTDIR' =>
  code === 'ENOENT' || code === 'ENOTDIR';

/** ENOENT, ENOTDIR, where it is known that nothing can be opened there. */
function checkKnown({ cache, folders, names }: Knowledge, path: string): void {
  const known = cache.contents.get(path) ?? cache.stats.get(path) ?? folders.knownStat(path);
  if (saysMissing(known?.code)) throw new SystemError(known.code);
  if (known === undefined && names.at(path) === null) throw new SystemError('ENOENT');
}

/** Opens a file of which everything is known, without the kernel, if there is a number for it. */
function openKnown(knowledge: Knowledge, path: string, flags: number): number | undefined {
  const { cache, files, folders } = knowledge;
  if ((flags & ~O_CLOEXEC) !== 0) return undefined;
  const statNow = () => cache.stats.get(path)?.value ?? folders.knownStat(path)?.value;
  const isKnown = cache.contents.get(path) ?? (folders.noteRead(path) ? cache.contents.get(path) : undefined);
  let stat = isKnown?.value ? statNow() : undefined;
  if (stat && files.freeNumber === undefined) {
    files.provideNumber();
    stat = statNow();
  }
  // From here on nothing is asked.
  if (!stat || !isRegular(stat)) return undefined;
  const stamp = cache.stampAt(indexOf(stat.ino));
  // Behind the stamp: what changes after it is noticed when the file is read.
  const content = cache.contents.get(path)?.value;
  if (!content || statNow() !== stat) return undefined;
  return files.openAgain(path, flags, { stat, stamp, content });
}

/** The last call has opened or made a file there. */
function learnOpened(knowledge: Knowledge, path: string, { ino, mode }: Stat): void {
  const { names } = knowledge;
  if (!names.isWanted) return;
  const found = names.trail()?.slice(names.endOf(path));
  // The lookup has met it, and the call has named it once more.
  if (!found || found.length > 2 || !found.every((number) => number === ino)) return;
  learnName(knowledge, path, { number: ino, kind: kindOf(mode) }, found.length === 1 ? 1 : 0);
}

const OPENS_HERE = O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_CLOEXEC;

/** Opens or makes a file without waiting, where it is known what is there and which number its descriptor gets. ENOENT, EEXIST. */
function openHere(knowledge: Knowledge, path: string, flags: number, mode: number): number | undefined {
  const { cache, files, names, changes } = knowledge;
  // Whoever only reads is told of contents, not of names.
  if ((flags & O_ACCMODE) !== 0) names.isWanted = true;
  else if (!names.isWanted) return undefined;
  if ((flags & ~OPENS_HERE) !== 0 || !changes.mayChange()) return undefined;
  const known = names.locate(path);
  const found = known && names.find(known, path);
  if (!known || found === undefined) return undefined;
  checkOpening(found, flags);
  files.settle();
  files.provideNumber();
  // From here on nothing is asked.
  const place = changes.mayChange() ? names.locate(path) : null;
  const inode = place?.folder.get(place.name);
  if (!place || inode === undefined) return undefined;
  checkOpening(inode, flags);
  const makes = inode === null;
  if (!makes && (inode.kind !== Kind.file || !changes.isOwn(inode.number))) return undefined;
  const fd = files.freeNumber;
  if (fd === undefined) return undefined;
  const number = makes ? changes.nextNumber() : inode.number;
  const time = knowledge.now();
  if (number === 0 || !changes.change('openAs', [fd, path, flags, mode], { number: makes ? number : 0, time }))
    return undefined;
  if (makes) names.changed(place, { number, kind: Kind.file });
  const isEmpty = makes || (flags & O_TRUNC) !== 0;
  const stat = isEmpty ? filled(knowledge, { number, time, mode: makes ? mode : null }, 0) : undefined;
  // What was closed may have been the last of its file.
  if (!isEmpty) cache.bumpWhole();
  const file = files.openedAgain(fd, flags, number);
  if (stat) file.know(stat, cache.stampAt(indexOf(number)));
  else if (isEmpty) file.knowEmpty();
  return fd;
}

/** ENOENT, EEXIST. */
function checkOpening(inode: NamedInode | null, flags: number): void {
  if (inode === null && !(flags & O_CREAT)) throw new SystemError('ENOENT');
  if (inode !== null && flags & O_CREAT && flags & O_EXCL) throw new SystemError('EEXIST');
}

/** A file holds so many bytes now, and no others; `mode` of one that was made. What `stat` says of it, if that is known. */
function filled(
  { changes, stats }: Knowledge,
  { number, time, mode }: { number: number; time: number; mode: number | null },
  size: number,
): Stat | undefined {
  if (mode === null) return stats.changed(number, (before) => written(before, size, time));
  return stats.made(statOfNewFile({ number, time, permissions: changes.permissionsOf(mode) }, size));
}

/** Appends to the file that was appended to before, without waiting; false when it must be done otherwise. */
function appendAgain(
  { cache, now, postWrite, stats }: Knowledge,
  ...[path, data, flags]: Parameters<Syscalls['writeFile']>
): boolean {
  const { appended } = cache;
  if (appended?.path !== path || appended.flags !== flags || !cache.isTrue(appended)) return false;
  const time = now();
  if (!postWrite({ kind: Behind.appendAgain, target: appended.inode, position: null, time, data })) return false;
  stats.changed(appended.inode, (before) => written(before, before.size + data.length, time));
  return true;
}

/** Writes a file that is not there, or is emptied, with all that it holds, without waiting. */
function writeHere(knowledge: Knowledge, ...[path, data, flags, mode]: Parameters<Syscalls['writeFile']>): boolean {
  const { changes, files, names } = knowledge;
  names.isWanted = true;
  const isWhole = (flags & (O_CREAT | O_APPEND)) === O_CREAT && (flags & O_ACCMODE) !== 0;
  if (data.length > MAX_POSTED_BYTES || !isWhole || (flags & ~OPENS_HERE) !== 0 || !changes.mayChange()) return false;
  const place = names.locate(path);
  const inode = place && names.find(place, path);
  if (!place || inode === undefined) return false;
  if (inode !== null && !isEmptied(knowledge, inode, flags)) return false;
  files.settle();
  const made = { number: inode === null ? changes.nextNumber() : 0, time: knowledge.now() };
  if ((inode === null && made.number === 0) || !changes.change('writeFile', [path, data, flags, mode], made))
    return false;
  const number = inode?.number ?? made.number;
  filled(knowledge, { number, time: made.time, mode: inode === null ? mode : null }, data.length);
  if (inode === null) names.changed(place, { number, kind: Kind.file });
  return true;
}

/** Whether it is certain that a file is opened, and nothing is left of what it holds. */
const isEmptied = ({ changes }: Knowledge, { kind, number }: NamedInode, flags: number): boolean =>
  kind === Kind.file && changes.isOwn(number) && (flags & (O_TRUNC | O_EXCL)) === O_TRUNC;

/** What `stat` says then is of no use to anybody but the cache. */
export function writeFile(knowledge: Knowledge, ...args: Parameters<Syscalls['writeFile']>): void {
  const [path, data, flags] = args;
  const { cache } = knowledge;
  if (flags & O_APPEND && appendAgain(knowledge, ...args)) return;
  if (writeHere(knowledge, ...args)) return;
  const stat = knowledge.ask('writeFile', args);
  const dependencies = knowledge.dependencies();
  if (flags & O_APPEND) cache.appended = null;
  learnOpened(knowledge, path, stat);
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
