/** A UDP socket: messages wait here until they are received. */
import { anonymousStat, type CallSite, type Description, refuse } from '../description.ts';
import { S_IFSOCK } from '../file-modes.ts';
import type { Endpoint } from '../network/endpoints.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import { WAIT, WaitQueue } from '../wait-queue.ts';

/** As Linux's default receive buffer. What comes when it is full is lost, as it is with UDP. */
const CAPACITY = 212_992;
/** What Linux counts for a message beside its bytes, roughly. */
const OVERHEAD = 576;
/** What all sockets together may hold: beyond it what comes is lost, too. */
const SHARED_CAPACITY = 64 * 1024 * 1024;

let held = 0;

export interface Datagram {
  data: Uint8Array;
  from: Endpoint;
}

export class DatagramDescription implements Description {
  readonly kind = 'socket';
  local: Endpoint | null = null;
  readonly #messages: Datagram[] = [];
  #size = 0;
  readonly #readers = new WaitQueue();
  /** Gives back the port, once it has one. */
  onClose: () => void = () => undefined;

  deliver(message: Datagram): void {
    const size = message.data.length + OVERHEAD;
    if (this.#size + size > CAPACITY || held + size > SHARED_CAPACITY) return;
    this.#hold(size);
    this.#messages.push(message);
    this.#readers.wake();
  }

  /** EAGAIN when there is none. */
  receive(): Datagram {
    const message = this.#messages.shift();
    if (!message) throw new SystemError('EAGAIN');
    this.#hold(-message.data.length - OVERHEAD);
    return message;
  }

  #hold(size: number): void {
    this.#size += size;
    held += size;
  }

  readable({ caller, fd }: CallSite): undefined | Promise<undefined> {
    return this.#readers.run(caller, fd, () => (this.#messages.length > 0 ? undefined : WAIT));
  }

  read(): never {
    return refuse('EOPNOTSUPP');
  }

  write(): never {
    return refuse('EDESTADDRREQ');
  }

  stat(): Stat {
    return anonymousStat(S_IFSOCK | 0o777);
  }

  close(): void {
    this.#messages.length = 0;
    this.#hold(-this.#size);
    this.onClose();
  }
}
