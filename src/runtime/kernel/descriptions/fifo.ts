/** A FIFO that was opened by its path. */
import { type CallSite, refuse } from '../description.ts';
import type { Fifo, SideName } from '../fifo.ts';
import { O_ACCMODE, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from '../file-modes.ts';
import { statOf } from '../file-system/attributes.ts';
import type { OpenResult } from '../file-system/contents.ts';
import type { DirectoryInode, FifoInode } from '../file-system/inode.ts';
import type { Stat } from '../syscalls.ts';
import type { InodeDescription } from './file.ts';

const SIDES: Record<number, readonly SideName[]> = {
  [O_RDONLY]: ['reading'],
  [O_WRONLY]: ['writing'],
  [O_RDWR]: ['reading', 'writing'],
};

export class FifoDescription implements InodeDescription {
  readonly kind = 'pipe';
  readonly inode: FifoInode;
  readonly parent: DirectoryInode;
  readonly name: string;
  readonly #fifo: Fifo;
  readonly #sides: readonly SideName[];
  readonly #waits: boolean;
  /** What it waits for, until that has come: the other side, and how often it had been opened before. */
  readonly #awaited: { name: SideName; counted: number } | null;

  /** ENXIO where it is to be written at once and nobody reads. */
  constructor({ inode, parent, name }: OpenResult & { inode: FifoInode }, flags: number) {
    this.inode = inode;
    this.parent = parent;
    this.name = name;
    this.#fifo = inode.fifo;
    this.#sides = SIDES[flags & O_ACCMODE] ?? refuse('EINVAL');
    this.#waits = !(flags & O_NONBLOCK);
    const [side] = this.#sides;
    const other = side === 'reading' ? 'writing' : 'reading';
    if (side === 'writing' && !this.#waits && !this.#fifo.isOpenFor('reading')) refuse('ENXIO');
    this.#awaited = this.#sides.length > 1 ? null : { name: other, counted: this.#fifo.countOpened(other) };
    this.#fifo.join(this.#sides);
  }

  /** Whether it has, or has had, its other end. */
  get isMet(): boolean {
    return this.#awaited === null || this.#fifo.wasOpenFor(this.#awaited.name, this.#awaited.counted);
  }

  /** Waits for the other end. */
  met(site: CallSite): undefined | Promise<undefined> {
    return this.#awaited ? this.#fifo.await(this.#awaited.name, this.#awaited.counted, site) : undefined;
  }

  read({ caller, fd }: CallSite, length: number, position: number | null): Uint8Array | Promise<Uint8Array> {
    this.#check('reading', position);
    const { queue } = this.#fifo;
    return this.#waits ? queue.read(caller, fd, length) : queue.readAvailable(length);
  }

  readable({ caller, fd }: CallSite): undefined | Promise<undefined> {
    this.#check('reading', null);
    return this.#fifo.queue.readable(caller, fd);
  }

  get isReadable(): boolean {
    return this.#fifo.queue.isReadable;
  }

  onUnread(listener: () => void): void {
    this.#fifo.queue.onUnread = listener;
  }

  readAvailable(length: number): Uint8Array {
    this.#check('reading', null);
    return this.#fifo.queue.readAvailable(length);
  }

  write({ caller, fd }: CallSite, data: Uint8Array, position: number | null): number | Promise<number> {
    this.#check('writing', position);
    const { queue } = this.#fifo;
    return this.#waits ? queue.write(caller, fd, data) : queue.writeAvailable(data);
  }

  writeAvailable(data: Uint8Array): number {
    this.#check('writing', null);
    return this.#fifo.queue.writeAvailable(data);
  }

  /** As `write`, of what need not have room. */
  push(data: Uint8Array): void {
    this.#check('writing', null);
    this.#fifo.queue.push(data);
  }

  stat(): Stat {
    return statOf(this.inode);
  }

  close(): void {
    this.#fifo.leave(this.#sides);
  }

  #check(side: SideName, position: number | null): void {
    if (!this.#sides.includes(side)) refuse('EBADF');
    if (position !== null) refuse('ESPIPE');
  }
}
