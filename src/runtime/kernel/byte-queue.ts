/** A bounded queue of bytes: a pipe, or one direction of a socket. Writers wait while it is full, readers while it is empty. */

import { type Description, release, retain } from './description.ts';
import { joinBytes } from './join-bytes.ts';
import { SystemError } from './syscalls.ts';
import { type Caller, WAIT, WaitQueue } from './wait-queue.ts';

/** As a pipe of Linux. */
const PIPE_CAPACITY = 64 * 1024;
/** Somewhat more than a Unix socket of Linux holds. */
export const SOCKET_CAPACITY = 256 * 1024;
/** As Linux gives a connection over the loopback to begin with. */
export const CONNECTION_CAPACITY = 2.5 * 1024 * 1024;

/** What all queues may hold before each is cut down to a page, as Linux does it. */
const SHARED_BYTES = 256 * 1024 * 1024;
const PAGE = 4096;

/** Descriptors on their way in all queues: a queue that carries itself is never closed. */
const MAX_ATTACHED = 16_384;

let heldBytes = 0;
let attachedCount = 0;

/** Bytes in all queues; for those who look for leaks. */
export function countQueuedBytes(): number {
  return heldBytes;
}

/** What a queue belongs to: programs make and close connections far more often than pipes. */
export type QueueOwner = 'pipe' | 'connection';

let breakListener: (owner: QueueOwner) => void = () => undefined;

/** Calls the listener whenever a queue has lost its writers or its readers. */
export function onBreak(listener: (owner: QueueOwner) => void): void {
  breakListener = listener;
}

/** What was found out about a queue changes what becomes of the next write. */
export function noteBreak(owner: QueueOwner): void {
  breakListener(owner);
}

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** Descriptors that travel with the byte at an offset, which counts from the first byte that was ever read. */
  #attached: { at: number; description: Description }[] = [];
  #bytesRead = 0;
  #ended = false;
  #abandoned = false;
  readonly #readers = new WaitQueue();
  readonly #writers = new WaitQueue();
  readonly #capacity: number;
  readonly #owner: QueueOwner;
  /** May throw instead of the end of the data, and in place of EPIPE: how a socket learns that its peer reset it. */
  onEnd: () => void = () => undefined;
  onBroken: () => void = () => undefined;
  /** Called, at once, when those who wait to read or write might go on. */
  onReadable: () => void = () => undefined;
  onWritable: () => void = () => undefined;
  /** Called when something has come, or the end, and nobody waits for it. */
  onUnread: () => void = () => undefined;

  constructor(capacity = PIPE_CAPACITY, owner: QueueOwner = 'pipe') {
    this.#capacity = capacity;
    this.#owner = owner;
  }

  get size(): number {
    return this.#size;
  }

  /** No more will be written. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** Whether a read has not to wait. */
  get isReadable(): boolean {
    return this.#size > 0 || this.#ended;
  }

  /** Counted from the first byte of all. */
  get bytesWritten(): number {
    return this.#bytesRead + this.#size;
  }

  /** At most `length` bytes; empty when the writers are gone and everything has been read. */
  read(caller: Caller, fd: number | null, length: number): Uint8Array | Promise<Uint8Array> {
    return this.#readers.run(caller, fd, () => {
      if (this.#size === 0 && length > 0) {
        if (!this.#ended) return WAIT;
        this.onEnd();
        return new Uint8Array(0);
      }
      return this.#readBytes(length);
    });
  }

  /** As `readAvailable`, with the descriptors that came with the first byte; it stops before the next that come with any. */
  receiveAvailable(length: number): { bytes: Uint8Array; passed: Description[] } {
    if (this.#size === 0 && !this.#ended) throw new SystemError('EAGAIN');
    if (this.#size === 0) this.onEnd();
    const passed = this.#takeAttached(this.#bytesRead);
    const next = this.#attached[0]?.at ?? Number.POSITIVE_INFINITY;
    const bytes = this.#take(Math.min(length, next - this.#bytesRead));
    this.#wakeWriters();
    return { bytes, passed };
  }

  /** As `write`; the description travels with the first byte, also when its sender closes it meanwhile. */
  async send(caller: Caller, fd: number | null, data: Uint8Array, attachment: Description): Promise<number> {
    retain(attachment);
    try {
      return await this.write(caller, fd, data, attachment);
    } finally {
      release(attachment);
    }
  }

  /** Waits until a read would not. */
  readable(caller: Caller, fd: number | null): undefined | Promise<undefined> {
    return this.#readers.run(caller, fd, () => (this.#size > 0 || this.#ended ? undefined : WAIT));
  }

  /** As `read`, but EAGAIN where it would wait. */
  readAvailable(length: number): Uint8Array {
    if (this.#size === 0 && !this.#ended) throw new SystemError('EAGAIN');
    if (this.#size === 0) this.onEnd();
    return this.#readBytes(length);
  }

  #readBytes(length: number): Uint8Array {
    const bytes = this.#take(length);
    // Who does not receive them loses them, as with a plain read of a Unix socket.
    for (const description of this.#takeAttached(this.#bytesRead - 1)) release(description);
    this.#wakeWriters();
    return bytes;
  }

  /** Takes what there is room for; EAGAIN when that is nothing, or when others wait already. */
  writeAvailable(data: Uint8Array, attachment?: Description): number {
    if (this.#abandoned || this.#ended) this.#refuse();
    if (this.#writers.length > 0 || this.#size >= this.#room()) throw new SystemError('EAGAIN');
    return this.#put(data, 0, attachment);
  }

  /** Writes everything, waiting for room as often as needed. EPIPE when nobody will read. */
  write(caller: Caller, fd: number | null, data: Uint8Array, attachment?: Description): number | Promise<number> {
    let written = 0;
    const attempt = () => {
      if (this.#abandoned || this.#ended) this.#refuse();
      written += this.#put(data, written, attachment);
      return written < data.length ? WAIT : written;
    };
    const tryHard = () => {
      // Readers that were waiting may have made room again.
      for (;;) {
        const before = written;
        const result = attempt();
        if (result !== WAIT || written === before) return result;
      }
    };
    return this.#writers.run(caller, fd, tryHard);
  }

  /** Appends everything, also beyond the capacity, unless nobody will read it. */
  push(data: Uint8Array): void {
    if (this.#abandoned || this.#ended) return;
    this.#add(data);
    this.#wakeReaders();
  }

  #wakeReaders(): void {
    if (this.#readers.length === 0) this.onUnread();
    this.#readers.wake();
    this.onReadable();
  }

  #wakeWriters(): void {
    this.#writers.wake();
    this.onWritable();
  }

  #refuse(): never {
    this.onBroken();
    throw new SystemError('EPIPE');
  }

  /** Appends a copy of what there is room for. */
  #put(data: Uint8Array, from: number, attachment?: Description): number {
    const part = data.slice(from, from + Math.max(0, this.#room() - this.#size));
    if (part.length > 0) {
      if (attachment && from === 0) this.#attach(attachment);
      this.#add(part);
      this.#wakeReaders();
    }
    return part.length;
  }

  /** No more will be written: readers see the end after what is left. */
  end(): void {
    this.#ended = true;
    noteBreak(this.#owner);
    this.#wakeReaders();
    this.#wakeWriters();
  }

  /** The opposite of `end`: somebody may write again. */
  resume(): void {
    this.#ended = false;
  }

  /** Nobody reads as yet; what is there stays. */
  leave(): void {
    this.#abandoned = true;
    noteBreak(this.#owner);
    this.#wakeWriters();
  }

  /** The opposite of `leave`. */
  attend(): void {
    this.#abandoned = false;
  }

  /** Nobody will read any more. */
  abandon(): void {
    this.#abandoned = true;
    noteBreak(this.#owner);
    this.#chunks = [];
    this.#resize(-this.#size);
    for (const description of this.#takeAttached(Number.POSITIVE_INFINITY)) release(description);
    this.#wakeWriters();
  }

  #attach(description: Description): void {
    if (attachedCount >= MAX_ATTACHED) throw new SystemError('ETOOMANYREFS');
    attachedCount++;
    this.#attached.push({ at: this.bytesWritten, description: retain(description) });
  }

  /** The descriptors that belong to bytes up to this offset. */
  #takeAttached(offset: number): Description[] {
    const taken: Description[] = [];
    while (this.#attached[0] && this.#attached[0].at <= offset) {
      const first = this.#attached.shift();
      attachedCount--;
      if (first) taken.push(first.description);
    }
    return taken;
  }

  #room(): number {
    return heldBytes > SHARED_BYTES ? Math.min(PAGE, this.#capacity) : this.#capacity;
  }

  #resize(bytes: number): void {
    this.#size += bytes;
    heldBytes += bytes;
  }

  /** Small pieces are joined: each array costs more than its bytes. */
  #add(part: Uint8Array): void {
    const last = this.#chunks.at(-1);
    if (last && last.length + part.length <= PAGE) this.#chunks[this.#chunks.length - 1] = joinBytes([last, part]);
    else this.#chunks.push(part);
    this.#resize(part.length);
  }

  #take(length: number): Uint8Array {
    const bytes = this.#takeBytes(length);
    this.#bytesRead += bytes.length;
    return bytes;
  }

  #takeBytes(length: number): Uint8Array {
    const first = this.#chunks[0];
    if (!first) return new Uint8Array(0);
    if (first.length > length) {
      this.#chunks[0] = first.subarray(length);
      this.#resize(-length);
      return first.subarray(0, length);
    }
    const parts: Uint8Array[] = [];
    let taken = 0;
    for (let chunk: Uint8Array | undefined = first; chunk && taken + chunk.length <= length; chunk = this.#chunks[0]) {
      parts.push(chunk);
      taken += chunk.length;
      this.#chunks.shift();
    }
    this.#resize(-taken);
    return parts.length === 1 ? first : joinBytes(parts);
  }
}
