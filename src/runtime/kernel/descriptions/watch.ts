/** A watched path: its events wait here until the process asks for them. */
import { anonymousStat, type CallSite, type Description, refuse } from '../description.ts';
import { S_IFCHR } from '../file-modes.ts';
import type { FileSystem, Watcher } from '../file-system/file-system.ts';
import type { Inode } from '../file-system/inode.ts';
import type { Stat, WatchEvent } from '../syscalls.ts';
import { WAIT, WaitQueue } from '../wait-queue.ts';

/** As inotify's queue: what comes when it is full is lost. */
const MAX_EVENTS = 16_384;
/** In all queues together. */
const MAX_ALL_EVENTS = 262_144;

let queuedEvents = 0;

/** Who reads the events of several watched paths. */
export interface WatchReader {
  /** Of all, the last event, until the reader has asked for the one behind. */
  last: { from: WatchDescription; event: WatchEvent } | null;
}

interface WatchOptions {
  recursive: boolean;
  label: string;
  reader: WatchReader;
}

export class WatchDescription implements Description {
  readonly kind = 'watch';
  readonly #fs: FileSystem;
  readonly #watcher: Watcher;
  readonly #events: WatchEvent[] = [];
  readonly #waiters = new WaitQueue();
  readonly #reader: WatchReader;

  constructor(fs: FileSystem, inode: Inode, { reader, ...options }: WatchOptions) {
    this.#fs = fs;
    this.#reader = reader;
    this.#watcher = { inode, ...options, notify: (event, isLast) => this.#notify(event, isLast) };
    fs.watch(this.#watcher);
  }

  next({ caller, fd }: CallSite): WatchEvent | Promise<WatchEvent> {
    if (this.#events.length === 0 && this.#reader.last?.from === this) this.#reader.last = null;
    return this.#waiters.run(caller, fd, () => {
      const event = this.#events.shift();
      if (!event) return WAIT;
      queuedEvents--;
      return event;
    });
  }

  #notify(event: WatchEvent, isLast: boolean): void {
    // As inotify: what was told last, and is not read yet, is not told twice.
    const { last } = this.#reader;
    const isSame = last?.from === this && last.event.type === event.type && last.event.name === event.name;
    if (isSame && !isLast) return;
    if (this.#events.length >= MAX_EVENTS || queuedEvents >= MAX_ALL_EVENTS) return;
    queuedEvents++;
    this.#reader.last = { from: this, event };
    this.#events.push(event);
    this.#waiters.wake();
  }

  read(): never {
    return refuse('EINVAL');
  }

  write(): never {
    return refuse('EBADF');
  }

  stat(): Stat {
    return anonymousStat(S_IFCHR | 0o600);
  }

  close(): void {
    this.#fs.unwatch(this.#watcher);
    queuedEvents -= this.#events.splice(0).length;
  }
}
