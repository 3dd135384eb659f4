/** What passes between the kernel and the Worker of a process, beside the synchronous calls. */

import type { Launch } from '../launch.ts';
import type { KernelEvent, SyscallName } from '../syscalls.ts';

/** First message to a new Worker (from the kernel, on the Worker itself). With `launch` null it boots as far as it can and waits. */
export interface BootMessage {
  type: 'boot';
  /** Shared memory of the synchronous calls: layout in `process/system-calls/kernel-sys.ts`. */
  sync: SharedArrayBuffer;
  /** Asynchronous calls and events. */
  port: MessagePort;
  /** Node's library for the image `node`: shared memory, see `process/library/packed-library.ts`. */
  library: SharedArrayBuffer | null;
  /** It will be a thread of a process, not its main thread. */
  isThread: boolean;
  /** What programs of late have needed: it is loaded at once, as a set of steps (`process/library/preload.ts`), a bit each. */
  steps: number;
  launch: Launch | null;
}

/** Second message to a prewarmed Worker: now it is a process. */
export interface LaunchMessage {
  type: 'launch';
  launch: Launch;
}

/** There is time to load what a program may need: all of it. */
export interface PreloadMessage {
  type: 'preload';
}

/** From the Worker on itself: it is booted and waits for its launch (`prewarmed`); it has loaded what it was told to load (`preloaded`). */
export interface ReadyMessage {
  type: 'prewarmed' | 'preloaded';
}

/** On the port, process to kernel. `sequence` counts the asynchronous calls: see `Syscalls` about order. */
export interface CallMessage {
  type: 'call';
  id: number;
  sequence: number;
  name: SyscallName;
  args: unknown[];
  /** Go before it: see `Word.noteCount`. */
  notes: number[];
}

/** On the port, kernel to process. */
export type KernelMessage =
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'failure'; id: number; code: string; message: string }
  | { type: 'event'; event: KernelEvent };
