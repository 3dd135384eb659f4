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

export class WatchDescription implements Description {
  readonly kind = 'watch';
  readonly #fs: FileSystem;
  readonly #watcher: Watcher;
  readonly #events: WatchEvent[] = [];
  readonly #waiters = new WaitQueue();

  constructor(fs: FileSystem, inode: Inode, options: { recursive: boolean; label: string }) {
    this.#fs = fs;
    this.#watcher = { inode, ...options, notify: (event) => this.#notify(event) };
    fs.watch(this.#watcher);
  }

  next({ caller, fd }: CallSite): WatchEvent | Promise<WatchEvent> {
    return this.#waiters.run(caller, fd, () => {
      const event = this.#events.shift();
      if (!event) return WAIT;
      queuedEvents--;
      return event;
    });
  }

  #notify(event: WatchEvent): void {
    if (this.#events.length >= MAX_EVENTS || queuedEvents >= MAX_ALL_EVENTS) return;
    queuedEvents++;
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
