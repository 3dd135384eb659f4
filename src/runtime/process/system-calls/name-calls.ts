/**
 * The system calls that change names. Where the process knows the folders and keeps their names (`Kernel`: nobody else changes any until it
 * is told so), it knows what the kernel will say, and does not wait for it.
 */
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { statOfNewFolder } from '../../kernel/new-stats.ts';
import { type Syscalls, SystemError } from '../../kernel/syscalls.ts';
import type { Knowledge } from './knowledge.ts';
import { isPlainPath, Kind, type KnownPlace, type NamedInode } from './known-names.ts';

type NameCalls = { [Name in 'mkdir' | 'rmdir' | 'unlink' | 'rename' | 'link' | 'symlink' | 'mkdtemp']: Syscalls[Name] };

/** A deeper folder may be refused. */
const MAX_FOLDERS = 512;
const MAX_TARGET = 1024;

export function createNameCalls(knowledge: Knowledge): Omit<NameCalls, 'mkdir'> {
  return {
    unlink: (path) => unlink(wanting(knowledge), path),
    rmdir: (path) => removeFolder(wanting(knowledge), path),
    rename: (from, to) => rename(wanting(knowledge), from, to),
    link: (existing, path) => link(wanting(knowledge), existing, path),
    symlink: (target, path) => symlink(wanting(knowledge), target, path),
    mkdtemp: (prefix) => makeTemporary(wanting(knowledge), prefix),
  };
}

/** A process that changes names is about to ask for others. */
function wanting(knowledge: Knowledge): Knowledge {
  knowledge.names.isWanted = true;
  return knowledge;
}

/** The kind of an inode with this mode. */
export function kindOf(mode: number): number {
  const type = mode & S_IFMT;
  return type === S_IFREG ? Kind.file : type === S_IFLNK ? Kind.link : type === S_IFDIR ? Kind.folder : Kind.unknown;
}

/** The last call has found, made or removed what is there now: the folder has changed so many times with it. */
export function learnName(
  { names }: Pick<Knowledge, 'names'>,
  path: string,
  inode: NamedInode | null,
  changes = 0,
): KnownPlace | null {
  const place = names.learn(path, changes);
  place?.folder.put(place.name, inode);
  return place;
}

function unlink(knowledge: Knowledge, path: string): void {
  remove(knowledge, 'unlink', path, (place) => {
    const inode = knowledge.names.find(place, path);
    return inode && isRemovable(knowledge, inode) ? inode : null;
  });
}

const isRemovable = ({ changes }: Knowledge, { number, kind }: NamedInode): boolean =>
  (kind === Kind.file || kind === Kind.link) && changes.isOwn(number);

function removeFolder(knowledge: Knowledge, path: string): void {
  const { changes, names } = knowledge;
  remove(knowledge, 'rmdir', path, ({ folder, name }) => {
    const inode = folder.get(name);
    const isOwn = inode?.kind === Kind.folder && changes.isOwn(inode.number);
    return isOwn && names.folder(inode.number)?.isEmpty ? inode : null;
  });
}

/** `findCertain` gives what is at the place where the kernel will certainly remove it. */
function remove(
  { cache, names, files, ask, changes, now }: Knowledge,
  call: 'unlink' | 'rmdir',
  path: string,
  findCertain: (place: KnownPlace) => NamedInode | null,
): void {
  const place = changes.mayChange() ? names.locate(path) : null;
  const inode = place && findCertain(place);
  files.settle();
  if (place && inode && changes.change(call, [path], { number: 0, time: now() })) {
    cache.bump(inode.number);
    names.changed(place, null);
    return;
  }
  ask(call, [path]);
  learnName({ names }, path, null, 1);
}

function rename(knowledge: Knowledge, from: string, to: string): number {
  const { cache, names, files, ask, changes, stats } = knowledge;
  const source = changes.mayChange() ? names.locate(from) : null;
  const target = source && names.locate(to);
  const inode = source && names.find(source, from);
  const replaced = target && names.find(target, to);
  files.settle();
  if (source && target && inode && isMovable(knowledge, { source, target, inode, replaced })) {
    const time = knowledge.now();
    if (changes.change('rename', [from, to], { number: 0, time })) {
      stats.changed(inode.number, () => ({ ctimeMs: time }));
      if (replaced) cache.bump(replaced.number);
      names.changed(source, null);
      names.changed(target, inode);
      return inode.kind;
    }
  }
  const kind = ask('rename', [from, to]);
  learnRenamed(knowledge, { from, to, kind });
  return kind;
}

interface Move {
  source: KnownPlace;
  target: KnownPlace;
  inode: NamedInode;
  replaced: NamedInode | null | undefined;
}

/** A folder within its own folder neither comes to lie too deep nor in itself. */
function isMovable(knowledge: Knowledge, { source, target, inode, replaced }: Move): boolean {
  if (replaced === undefined || replaced?.number === inode.number) return false;
  if (inode.kind === Kind.folder)
    return replaced === null && source.folder === target.folder && knowledge.changes.isOwn(inode.number);
  return isRemovable(knowledge, inode) && (replaced === null || isRemovable(knowledge, replaced));
}

function learnRenamed({ names }: Knowledge, { from, to, kind }: { from: string; to: string; kind: number }): void {
  const trail = isPlainPath(from) && isPlainPath(to) ? names.trail() : null;
  const isOneFolder = folderOf(from) === folderOf(to);
  const sourceEnd = names.endOf(from);
  const moved = trail?.[sourceEnd];
  // Two names of one file: nothing was changed. Behind links the target is met later than its path tells.
  if (!trail || moved === undefined || trail.lastIndexOf(moved) > sourceEnd) return;
  // What is replaced does not change its folder once more.
  const source = names.learn(from, isOneFolder ? 2 : 1);
  if (!source) return;
  source.folder.put(source.name, null);
  const target = names.learn(to, isOneFolder ? 0 : 1, names.endOf(from) + 1);
  target?.folder.put(target.name, { number: moved, kind });
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function link(knowledge: Knowledge, existing: string, path: string): number {
  const { names, files, ask, changes, stats } = knowledge;
  const target = changes.mayChange() ? names.locate(path) : null;
  const inode = names.at(existing);
  files.settle();
  if (target && inode && isRemovable(knowledge, inode) && names.find(target, path) === null) {
    const time = knowledge.now();
    if (changes.change('link', [existing, path], { number: 0, time })) {
      stats.changed(inode.number, ({ nlink }) => ({ nlink: nlink + 1, ctimeMs: time }));
      names.changed(target, inode);
      return inode.kind;
    }
  }
  const kind = ask('link', [existing, path]);
  const number = names.trail()?.[names.endOf(existing)];
  if (number === undefined || !names.learn(existing, folderOf(existing) === folderOf(path) ? 1 : 0)) return kind;
  const place = names.learn(path, folderOf(existing) === folderOf(path) ? 0 : 1, names.endOf(existing) + 1);
  place?.folder.put(place.name, { number, kind });
  return kind;
}

function symlink(knowledge: Knowledge, target: string, path: string): void {
  const { names, files, ask, changes } = knowledge;
  const place = changes.mayChange() && target !== '' && target.length <= MAX_TARGET ? names.locate(path) : null;
  files.settle();
  if (place && names.find(place, path) === null) {
    const number = changes.nextNumber();
    if (number > 0 && changes.change('symlink', [target, path], { number, time: knowledge.now() })) {
      names.changed(place, { number, kind: Kind.link });
      return;
    }
  }
  ask('symlink', [target, path]);
  learnMade(knowledge, path, Kind.link);
}

/** What the last call has made at the path is the last that it met. */
function learnMade({ names }: Knowledge, path: string, kind: number): KnownPlace | null {
  const number = names.trail()?.at(-1);
  return number === undefined ? null : learnName({ names }, path, { number, kind }, 1);
}

/** Makes a folder without waiting; false when it must be asked for. EEXIST. */
export function makeFolderHere(knowledge: Knowledge, path: string, mode: number): boolean {
  const { names, files, changes, stats } = knowledge;
  if (!changes.mayChange() || path.split('/').length > MAX_FOLDERS) return false;
  const place = names.locate(path);
  const inode = place && names.find(place, path);
  if (!place || inode === undefined) return false;
  if (inode) throw new SystemError('EEXIST');
  files.settle();
  const made = { number: changes.nextNumber(), time: knowledge.now() };
  const { number } = made;
  if (number === 0 || !changes.change('mkdir', [path, mode, false], made)) return false;
  stats.made(statOfNewFolder({ ...made, permissions: changes.permissionsOf(mode) & 0o1777 }));
  names.changed(place, { number, kind: Kind.folder });
  names.made(path, place, number);
  return true;
}

/** The kernel has made a folder there, by itself. */
export function learnFolder(knowledge: Knowledge, path: string): void {
  const place = learnMade(knowledge, path, Kind.folder);
  const inode = place?.folder.get(place.name);
  if (place && inode) knowledge.names.made(path, place, inode.number);
}

/** Makes what is missing of a path; the first folder made, null when it is all there, undefined when the kernel must be asked. */
export function makeFoldersHere(knowledge: Knowledge, path: string, mode: number): string | null | undefined {
  const { names, changes } = knowledge;
  // A folder that is made on the way changes where `..` leads behind it.
  if (!isPlainPath(path)) return undefined;
  const missing: string[] = [];
  for (let at = path; ; at = folderOf(at)) {
    if (at === '' || !changes.mayChange()) return undefined;
    const place = names.locate(at);
    const inode = place ? names.find(place, at) : undefined;
    if (inode?.kind === Kind.folder && missing.length === 0) return null;
    if (inode) return undefined;
    missing.push(at);
    if (inode === null) break;
  }
  const first = missing.at(-1) as string;
  while (missing.length > 0) {
    const next = missing.pop() as string;
    // What is left the kernel makes.
    if (!makeFolderHere(knowledge, next, mode))
      return next === first ? undefined : leaveToKernel(knowledge, path, mode, first);
  }
  return first;
}

function leaveToKernel({ ask, files }: Knowledge, path: string, mode: number, first: string): string {
  files.settle();
  ask('mkdir', [path, mode, true]);
  return first;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
// Taken when the Worker starts: the guest may replace it.
const getRandomValues = crypto.getRandomValues.bind(crypto);

function makeTemporary(knowledge: Knowledge, prefix: string): string {
  const { names, files, ask, changes } = knowledge;
  const place = changes.mayChange() ? names.locate(`${prefix}${LETTERS[0]}`) : null;
  if (place) {
    names.find(place, prefix);
    if (place.folder.isWhole) {
      const random = getRandomValues(new Uint8Array(6));
      const path = prefix + Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join('');
      if (names.at(path) === null && makeFolderHere(knowledge, path, 0o700)) return path;
    }
  }
  files.settle();
  const path = ask('mkdtemp', [prefix]);
  learnFolder(knowledge, path);
  return path;
}
