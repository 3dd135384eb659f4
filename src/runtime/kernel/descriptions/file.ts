/** Open files and directories. */
import { type CallSite, type Description, refuse } from '../description.ts';
import { allowsReading, allowsWriting, O_APPEND } from '../file-modes.ts';
import { type Named, statOf } from '../file-system/attributes.ts';
import { type OpenResult, readAt, truncate, writeAt } from '../file-system/contents.ts';
import type { FileSystem } from '../file-system/file-system.ts';
import { DirectoryInode, FileInode } from '../file-system/inode.ts';
import type { Stat } from '../syscalls.ts';

/** Descriptions that lead to an inode: `fchmod` and its like work on these. */
export interface InodeDescription extends Description, Named {}

export function hasInode(description: Description): description is InodeDescription {
  return 'inode' in description;
}

export class FileDescription implements InodeDescription {
  readonly kind = 'file';
  readonly inode: FileInode;
  readonly #fs: FileSystem;
  /** Where it was opened. */
  readonly parent: DirectoryInode;
  readonly name: string;
  readonly #flags: number;
  #offset = 0;

  constructor(fs: FileSystem, opened: OpenResult & { inode: FileInode }, flags: number) {
    this.#fs = fs;
    this.inode = opened.inode;
    this.parent = opened.parent;
    this.name = opened.name;
    this.#flags = flags;
    this.inode.opened++;
  }

  read(_site: CallSite, length: number, position: number | null): Uint8Array {
    if (!allowsReading(this.#flags)) refuse('EBADF');
    const bytes = readAt(this.#fs, this.inode, position ?? this.#offset, length);
    if (position === null) this.#offset += bytes.length;
    return bytes;
  }

  write(_site: CallSite, data: Uint8Array, position: number | null): number {
    this.#checkWritable('EBADF');
    // Nothing is written: not even the times change.
    if (data.length === 0) return 0;
    const start = this.#flags & O_APPEND ? this.inode.size : (position ?? this.#offset);
    writeAt(this.#fs, this.inode, start, data);
    if (position === null) this.#offset = start + data.length;
    this.#changed();
    return data.length;
  }

  seek(offset: number): void {
    this.#offset = offset;
  }

  truncate(length: number): void {
    this.#checkWritable('EINVAL');
    if (length < 0) refuse('EINVAL');
    truncate(this.#fs, this.inode, length);
    this.#changed();
  }

  stat(): Stat {
    return statOf(this.inode);
  }

  close(): void {
    this.inode.opened--;
    this.#fs.releaseIfUnused(this.inode);
  }

  #checkWritable(code: string): void {
    if (!allowsWriting(this.#flags)) refuse(code);
  }

  #changed(): void {
    this.#fs.changed(this.inode, this.parent, this.name);
  }
}

class DirectoryDescription implements InodeDescription {
  readonly kind = 'directory';
  readonly inode: DirectoryInode;

  constructor(inode: DirectoryInode) {
    this.inode = inode;
  }

  read(): never {
    return refuse('EISDIR');
  }

  write(): never {
    return refuse('EBADF');
  }

  stat(): Stat {
    return statOf(this.inode);
  }

  close(): void {
    // A directory has no state of its own to give back.
  }
}

export function openDescription(fs: FileSystem, opened: OpenResult, flags: number): Description | null {
  const { inode } = opened;
  if (inode instanceof FileInode) return new FileDescription(fs, { ...opened, inode }, flags);
  if (inode instanceof DirectoryInode) return new DirectoryDescription(inode);
  return null;
}
