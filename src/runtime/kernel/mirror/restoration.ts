/** Makes the file system of a fresh kernel what the mirror of its predecessor says. */
import { S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } from '../file-modes.ts';
import type { FileSystem } from '../file-system/file-system.ts';
import {
  DirectoryInode,
  FifoInode,
  FileInode,
  type Inode,
  LinkInode,
  passNumber,
  SocketInode,
  withNumber,
} from '../file-system/inode.ts';
import type { Mirror } from './mirror.ts';
import type { FileContent, InodeRecord } from './records.ts';

export class Restoration {
  readonly #fs: FileSystem;
  /** By number. What the system is laid out of has the same numbers in every kernel. */
  readonly #inodes = new Map<number, Inode>();
  readonly #folders = new Map<DirectoryInode, ReadonlyMap<string, number>>();
  readonly #restored: Inode[] = [];

  /** The file system is as it was laid out, and nobody uses it yet. */
  constructor(fs: FileSystem) {
    this.#fs = fs;
    for (const inode of everyInode(fs.root)) this.#inodes.set(inode.number, inode);
  }

  /** Each inode comes once, with all that is known of it. */
  async add(records: Iterable<InodeRecord>): Promise<void> {
    for (const record of records) {
      const inode = this.#inodes.get(record.number) ?? make(record);
      if (inode === null) continue;
      this.#inodes.set(record.number, inode);
      this.#restored.push(inode);
      passNumber(record.number);
      if (inode instanceof FileInode && record.content) await this.#fill(inode, record.content);
      if (inode instanceof LinkInode) this.#fs.reserve(inode.room);
      if (inode instanceof DirectoryInode && record.entries) this.#folders.set(inode, record.entries);
      setAttributes(inode, record);
    }
  }

  /** Connects what was added. Names of what is unknown are left out: the mirror is told of a file and its folder one behind the other. */
  finish(mirror: Mirror): void {
    for (const [folder, entries] of this.#folders) this.#setEntries(folder, entries);
    countLinks(this.#fs.root);
    for (const inode of this.#restored) mirror.noteTold(inode);
  }

  async #fill(inode: FileInode, { size, parts }: FileContent): Promise<void> {
    inode.data.clear(this.#fs);
    for (const { position, bytes } of parts) {
      const data = bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes;
      inode.data.write(this.#fs, position, data);
    }
    inode.data.resize(this.#fs, size);
  }

  #setEntries(folder: DirectoryInode, entries: ReadonlyMap<string, number>): void {
    const before = folder.entries.size;
    folder.entries.clear();
    for (const [name, number] of entries) {
      const inode = this.#inodes.get(number);
      if (!inode) continue;
      folder.entries.set(name, inode);
      if (!(inode instanceof DirectoryInode)) continue;
      inode.parent = folder;
      inode.name = name;
    }
    this.#fs.reserveEntries(folder.entries.size - before);
  }
}

/** null: nothing is made of devices, which the system alone has. */
function make({ number, mode, target = '' }: InodeRecord): Inode | null {
  const permissions = mode & ~S_IFMT;
  const makers: Record<number, () => Inode> = {
    [S_IFREG]: () => new FileInode(permissions),
    [S_IFDIR]: () => new DirectoryInode(permissions, null, ''),
    [S_IFLNK]: () => new LinkInode(target),
    [S_IFIFO]: () => new FifoInode(permissions),
    [S_IFSOCK]: () => new SocketInode(permissions),
  };
  const maker = makers[mode & S_IFMT];
  return maker ? withNumber(number, maker) : null;
}

function setAttributes(inode: Inode, { mode, uid, gid, times }: InodeRecord): void {
  const [accessedMs, modifiedMs, changedMs, bornMs] = times;
  Object.assign(inode, { mode, uid, gid, accessedMs, modifiedMs, changedMs, bornMs });
}

/** Each entry of a folder, as often as it has names. */
function* everyInode(root: DirectoryInode): Generator<Inode> {
  const folders = [root];
  for (const folder of folders) {
    yield folder;
    for (const inode of folder.entries.values()) {
      if (inode instanceof DirectoryInode) folders.push(inode);
      else yield inode;
    }
  }
}

function countLinks(root: DirectoryInode): void {
  const all = [...everyInode(root)];
  for (const inode of all) inode.links = inode instanceof DirectoryInode ? 2 : 0;
  for (const inode of all) {
    if (!(inode instanceof DirectoryInode)) inode.links++;
    else if (inode.parent && inode.parent !== inode) inode.parent.links++;
  }
}
