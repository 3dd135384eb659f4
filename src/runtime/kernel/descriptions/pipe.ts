/** The two ends of a pipe. */
import type { ByteQueue } from '../byte-queue.ts';
import { anonymousStat, type CallSite, type Description, refuse } from '../description.ts';
import { S_IFIFO } from '../file-modes.ts';
import type { Stat } from '../syscalls.ts';

abstract class PipeEnd {
  readonly kind = 'pipe';
  protected readonly queue: ByteQueue;

  constructor(queue: ByteQueue) {
    this.queue = queue;
  }

  stat(): Stat {
    return anonymousStat(S_IFIFO | 0o600);
  }
}

export class PipeReader extends PipeEnd implements Description {
  read({ caller, fd }: CallSite, length: number, position: number | null): Uint8Array | Promise<Uint8Array> {
    if (position !== null) refuse('ESPIPE');
    return this.queue.read(caller, fd, length);
  }

  readable({ caller, fd }: CallSite): undefined | Promise<undefined> {
    return this.queue.readable(caller, fd);
  }

  /** Whether `readAvailable` gives something. */
  get isReadable(): boolean {
    return this.queue.isReadable;
  }

  /** Calls back when something has come that nobody waits for. */
  onUnread(listener: () => void): void {
    this.queue.onUnread = listener;
  }

  readAvailable(length: number): Uint8Array {
    return this.queue.readAvailable(length);
  }

  write(): never {
    return refuse('EBADF');
  }

  close(): void {
    this.queue.abandon();
  }
}

export class PipeWriter extends PipeEnd implements Description {
  read(): never {
    return refuse('EBADF');
  }

  write({ caller, fd }: CallSite, data: Uint8Array, position: number | null): number | Promise<number> {
    if (position !== null) refuse('ESPIPE');
    return this.queue.write(caller, fd, data);
  }

  writeAvailable(data: Uint8Array): number {
    return this.queue.writeAvailable(data);
  }

  /** As `write`, of what need not have room. */
  push(data: Uint8Array): void {
    this.queue.push(data);
  }

  close(): void {
    this.queue.end();
  }
}
