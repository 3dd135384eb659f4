/** What the file system consists of. */
import { now } from '../clock.ts';
import { Fifo } from '../fifo.ts';
import { S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, S_IFSOCK } from '../file-modes.ts';
import { FileData } from './file-data.ts';

export type DeviceName = 'null' | 'zero' | 'full' | 'urandom' | 'stdin' | 'stdout' | 'stderr' | 'tty';

let nextNumber = 1;
/** The number of the inode that is made next, where it was reserved. */
let assigned: number | null = null;

function takeNumber(): number {
  const number = assigned ?? nextNumber++;
  assigned = null;
  return number;
}

/** Keeps so many numbers, from the answer on, for whoever asks. */
export function reserveNumbers(count: number): number {
  nextNumber += count;
  return nextNumber - count;
}

/** From now on nobody gets this number, or a lower one. */
export function passNumber(number: number): void {
  nextNumber = Math.max(nextNumber, number + 1);
}

/** What the action makes gets the number, which was reserved and is not used yet. */
export function withNumber<T>(number: number, action: () => T): T {
  assigned = number;
  try {
    return action();
  } finally {
    assigned = null;
  }
}

abstract class InodeBase {
  readonly number = takeNumber();
  mode: number;
  links = 1;
  uid = 0;
  gid = 0;
  accessedMs = now();
  modifiedMs = this.accessedMs;
  changedMs = this.accessedMs;
  bornMs = this.accessedMs;
  /** Part of the system: it stays where it is and as it is, or no process could be started any more. */
  isFixed = false;
  /** It can be opened by its path, and its folder does not list it. */
  isUnlisted = false;

  constructor(mode: number) {
    this.mode = mode;
  }
}

export class FileInode extends InodeBase {
  readonly data = new FileData();
  /** As a whole, by some process: the next one is likely to read it, too. */
  wasRead = false;
  /** Open descriptions of it: its data lives until it has neither links nor these. */
  opened = 0;
  constructor(permissions: number) {
    super(S_IFREG | permissions);
  }
  get size(): number {
    return this.data.size;
  }
}

export class DirectoryInode extends InodeBase {
  readonly entries = new Map<string, Inode>();
  /** Itself at the root; null once removed. */
  #parent: DirectoryInode | null;
  /** What ".." means: the last parent, also once removed, as in Linux. */
  above: DirectoryInode;
  name: string;
  constructor(permissions: number, parent: DirectoryInode | null, name: string) {
    super(S_IFDIR | permissions);
    this.#parent = this.above = parent ?? this;
    this.name = name;
    this.links = 2;
  }

  get parent(): DirectoryInode | null {
    return this.#parent;
  }

  set parent(parent: DirectoryInode | null) {
    this.#parent = parent;
    if (parent) this.above = parent;
  }
}

export class LinkInode extends InodeBase {
  readonly target: string;
  constructor(target: string) {
    super(S_IFLNK | 0o777);
    this.target = target;
  }

  /** Bytes that it takes of the disk. */
  get room(): number {
    return this.target.length;
  }
}

export class DeviceInode extends InodeBase {
  readonly device: DeviceName;
  constructor(device: DeviceName) {
    super(S_IFCHR | 0o666);
    this.device = device;
  }
}

/** A socket that is bound to a path. */
export class SocketInode extends InodeBase {
  constructor(permissions: number) {
    super(S_IFSOCK | permissions);
  }
}

export class FifoInode extends InodeBase {
  readonly fifo = new Fifo();
  constructor(permissions: number) {
    super(S_IFIFO | permissions);
  }
}

export type Inode = FileInode | DirectoryInode | LinkInode | DeviceInode | SocketInode | FifoInode;
