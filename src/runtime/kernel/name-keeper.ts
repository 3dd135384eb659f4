import type { FileSystem } from './file-system/file-system.ts';
import type { ThreadRecord } from './threads/thread-record.ts';

/** Which thread changes names without waiting: before another one changes any, it is told that it may no more. */
export class NameKeeper {
  readonly #fs: FileSystem;
  #keeper: ThreadRecord | null = null;

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** The thread is about to change names; while it waits for the answer it may become the one that need not wait. */
  take(thread: ThreadRecord, umask: number, waits: boolean): void {
    if (this.#keeper !== thread) this.settle();
    if (!waits) return;
    this.#keeper = thread;
    thread.channel?.own(this.#fs.firstOwn, umask);
  }

  /** All that threads have done to names is done now, and none does more before it has asked. */
  settle(): void {
    const keeper = this.#keeper;
    this.#keeper = null;
    keeper?.channel?.disown();
  }
}
