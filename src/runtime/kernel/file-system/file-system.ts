/** The file system as a whole: its root, its size, and who watches it. The operations are in the files beside this one. */
import { SystemError, type WatchEvent } from '../syscalls.ts';
import { DirectoryInode, type FileInode, type Inode } from './inode.ts';

/** Bytes that all files together may hold. */
const DEFAULT_CAPACITY = 2 * 1024 ** 3;

/** As `max_user_watches` of Linux, which says ENOSPC, too. */
const MAX_WATCHERS = 8192;

/** Names that all folders together may hold: each costs the kernel about half a kilobyte. */
const DEFAULT_ENTRIES = 1_000_000;

/** More than all processes together can have under way. */
const TIGHT_BYTES = 448 * 1024 ** 2;
/** And of names the one that keeps them. */
const TIGHT_ENTRIES = 32_768;

export interface Watcher {
  readonly inode: Inode;
  readonly recursive: boolean;
  /** What a change of the watched inode itself is called. */
  readonly label: string;
  /** `isLast`: also when it is the same as the one before. */
  notify(event: WatchEvent, isLast: boolean): void;
}

export class FileSystem {
  readonly root = new DirectoryInode(0o755, null, '');
  readonly #watchers = new Map<Inode, Set<Watcher>>();
  readonly #capacity: number;
  readonly #maxEntries: number;
  #watcherCount = 0;
  #used = 0;
  #entries = 0;
  /** Inodes with lower numbers are the system's. */
  firstOwn = 0;
  /** Told when the disk becomes nearly full, and when it is so no more. */
  onTight: () => void = () => undefined;
  /** Told every inode that changes, its entries included. */
  onChanged: (inode: Inode) => void = () => undefined;

  constructor(capacity = DEFAULT_CAPACITY, maxEntries = DEFAULT_ENTRIES) {
    this.#capacity = capacity;
    this.#maxEntries = maxEntries;
  }

  get watcherCount(): number {
    return this.#watcherCount;
  }

  /** What there is, and what is left of it. */
  get room(): { bytes: number; freeBytes: number; entries: number; freeEntries: number } {
    return {
      bytes: this.#capacity,
      freeBytes: this.#capacity - this.#used,
      entries: this.#maxEntries,
      freeEntries: this.#maxEntries - this.#entries,
    };
  }

  /** Accounts for names that come or go; throws ENOSPC. */
  reserveEntries(count: number): void {
    if (count > 0 && this.#entries + count > this.#maxEntries) throw new SystemError('ENOSPC');
    this.#account(() => {
      this.#entries += count;
    });
  }

  /** Accounts for a file that grows or shrinks; throws ENOSPC. */
  reserve(bytes: number): void {
    if (bytes > 0 && this.#used + bytes > this.#capacity) throw new SystemError('ENOSPC');
    this.#account(() => {
      this.#used += bytes;
    });
  }

  #account(change: () => void): void {
    const before = this.isTight;
    change();
    if (this.isTight !== before) this.onTight();
  }

  /** Whether what processes write without waiting might find no room. */
  get isTight(): boolean {
    return this.#capacity - this.#used < TIGHT_BYTES || this.#maxEntries - this.#entries < TIGHT_ENTRIES;
  }

  /** Forgets the data of a file that nothing refers to any more. */
  releaseIfUnused(inode: FileInode): void {
    if (inode.links > 0 || inode.opened > 0) return;
    inode.data.clear(this);
    this.gone(inode);
  }

  /** ENOSPC when there are too many. */
  watch(watcher: Watcher): void {
    if (this.#watcherCount >= MAX_WATCHERS)
      throw new SystemError('ENOSPC', 'System limit for number of file watchers reached');
    this.#watcherCount++;
    const set = this.#watchers.get(watcher.inode);
    if (set) set.add(watcher);
    else this.#watchers.set(watcher.inode, new Set([watcher]));
  }

  unwatch(watcher: Watcher): void {
    const set = this.#watchers.get(watcher.inode);
    if (set?.delete(watcher)) this.#watcherCount--;
    if (set?.size === 0) this.#watchers.delete(watcher.inode);
  }

  /** The content of a file changed, or what `stat` says of anything: its entry is `name` of `parent`. Called after every such change. */
  changed(inode: Inode, parent: DirectoryInode | null, name: string): void {
    this.onChanged(inode);
    if (this.#watchers.size === 0) return;
    // libuv knows no other change of a folder.
    const type = inode instanceof DirectoryInode ? 'rename' : 'change';
    this.#tell(inode, type, null);
    this.#tellAbove(type, parent, name);
  }

  /** The entry `name` of `parent` came or went. */
  entryChanged(inode: Inode, parent: DirectoryInode, name: string): void {
    this.onChanged(inode);
    this.onChanged(parent);
    if (this.#watchers.size > 0) this.#tellAbove('rename', parent, name);
  }

  /** The inode has got, or lost, one of its names. */
  linksChanged(inode: Inode): void {
    this.onChanged(inode);
    this.#tell(inode, 'change', null);
  }

  /** The inode has another name now. */
  moved(inode: Inode): void {
    this.#tell(inode, 'rename', null);
  }

  /** Nothing leads to the inode any more: Linux tells so, and then that it watches it no longer. */
  gone(inode: Inode): void {
    this.#tell(inode, 'rename', null);
    this.#tell(inode, 'rename', null, { isLast: true });
  }

  #tellAbove(type: WatchEvent['type'], parent: DirectoryInode | null, name: string): void {
    let path = name;
    for (let at = parent; at; at = at.parent) {
      this.#tell(at, type, path, { isDeep: at !== parent });
      path = `${at.name}/${path}`;
      if (at.parent === at) break;
    }
  }

  #tell(inode: Inode, type: WatchEvent['type'], name: string | null, { isDeep = false, isLast = false } = {}): void {
    for (const watcher of this.#watchers.get(inode) ?? []) {
      if (!isDeep || watcher.recursive) watcher.notify({ type, name: name ?? watcher.label }, isLast);
    }
  }
}
