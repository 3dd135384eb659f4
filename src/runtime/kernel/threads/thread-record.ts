/** A thread of a process, as the kernel keeps it. The main thread has one too: it owns ports as the others do. */

import { KnownInodes } from '../channel/known-inodes.ts';
import type { ProcessChannel } from '../channel/process-channel.ts';
import type { FileDescription } from '../descriptions/file.ts';
import type { WatchReader } from '../descriptions/watch.ts';
import type { Named } from '../file-system/attributes.ts';
import { type Caller, cancelWaiting, type Waiter } from '../wait-queue.ts';

import type { SharedEnvironment } from './shared-environment.ts';

export const MAIN_THREAD = 0;

export class ThreadRecord implements Caller {
  /** 0 is the main thread. */
  readonly id: number;
  /** Null for the main thread. It hears of this one's end, and ends it when it ends itself. */
  readonly parent: ThreadRecord | null;
  readonly waiting = new Set<Waiter>();
  readonly children = new Set<ThreadRecord>();
  /** Descriptors that this thread opened: those it has left at its end are closed. Not kept for the main thread. */
  readonly opened = new Set<number>();
  /** Null before it is started and after its end. */
  channel: ProcessChannel | null = null;
  terminate: () => void = () => undefined;
  ended = false;
  environment: SharedEnvironment | null = null;
  /** Of `push` and `writeAvailable`. */
  writes = 0;
  /** What `writeFile` has appended to last. */
  appended: FileDescription | null = null;
  /** By their numbers its posted calls change these. */
  readonly known = new KnownInodes<Named>();
  readonly watching: WatchReader = { last: null };
  /** Whether files that it has opened are closed at its end. */
  closesFiles = true;

  constructor(id: number, parent: ThreadRecord | null) {
    this.id = id;
    this.parent = parent;
    parent?.children.add(this);
  }

  /** Ends its Worker and whatever it waits for. */
  stop(): void {
    this.ended = true;
    this.parent?.children.delete(this);
    this.terminate();
    this.channel?.close();
    this.channel = null;
    cancelWaiting(this, 'EINTR');
  }
}
