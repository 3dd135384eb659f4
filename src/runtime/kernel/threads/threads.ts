/** The threads of one process. */
import type { DescriptorTable } from '../description.ts';
import { SystemError } from '../syscalls.ts';
import { cancelWaiting } from '../wait-queue.ts';
import { PortTable } from './ports.ts';
import { MAIN_THREAD, ThreadRecord } from './thread-record.ts';

/** Of one process, also those that are yet to be started. */
const MAX_THREADS = 1024;

export class Threads {
  readonly main = new ThreadRecord(MAIN_THREAD, null);
  readonly ports = new PortTable();
  /** What the threads share among themselves. The kernel does not look into it. */
  memory: SharedArrayBuffer | null = null;
  readonly #others = new Map<number, ThreadRecord>();
  #nextId = MAIN_THREAD + 1;

  get size(): number {
    return 1 + this.#others.size;
  }

  *all(): Iterable<ThreadRecord> {
    yield this.main;
    yield* this.#others.values();
  }

  /** Of those that have a Worker. */
  get runningCount(): number {
    let count = 0;
    for (const { channel } of this.all()) if (channel) count++;
    return count;
  }

  /** Where there are too many it is not kept, and cannot start: who makes one knows it by its number also then. */
  create(parent: ThreadRecord): ThreadRecord {
    const thread = new ThreadRecord(this.#nextId++, parent);
    if (this.#others.size < MAX_THREADS) this.#others.set(thread.id, thread);
    return thread;
  }

  /** Undefined when it has ended, or never was. */
  find(id: number): ThreadRecord | undefined {
    return this.#others.get(id);
  }

  /** ESRCH. */
  get(id: number): ThreadRecord {
    const thread = this.find(id);
    if (!thread) throw new SystemError('ESRCH');
    return thread;
  }

  /** Ends a thread and those it started; what it left open is closed. */
  end(thread: ThreadRecord, descriptors: DescriptorTable): void {
    for (const child of [...thread.children]) this.end(child, descriptors);
    thread.stop();
    this.#others.delete(thread.id);
    this.ports.closeAll(thread);
    for (const fd of thread.opened) if (descriptors.has(fd)) descriptors.close(fd);
  }

  /** The process has ended. */
  stopAll(): void {
    for (const thread of this.#others.values()) thread.stop();
    this.#others.clear();
    this.main.stop();
  }

  /** Ends every thread's waiting calls on a descriptor. */
  cancelOn(fd: number): void {
    for (const thread of this.all()) cancelWaiting(thread, 'ECANCELED', fd);
  }

  /** A descriptor was closed, or belongs to another thread from now on. */
  disown(fd: number): void {
    for (const thread of this.#others.values()) thread.opened.delete(fd);
  }
}
