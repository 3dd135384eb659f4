/** A listening socket: connections wait here until they are accepted. */
import { anonymousStat, type CallSite, type Description, refuse } from '../description.ts';
import { S_IFSOCK } from '../file-modes.ts';
import type { Endpoint } from '../network/endpoints.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import { WAIT, WaitQueue } from '../wait-queue.ts';
import type { SocketDescription } from './socket.ts';

export interface Connection {
  socket: SocketDescription;
  local: Endpoint;
  remote: Endpoint;
}

/** Connections that wait to be accepted, as `somaxconn` of Linux. */
const MAX_PENDING = 4096;
/** At all listeners: who has connected may have closed its end, so nothing else counts them. */
const MAX_ALL_PENDING = 32_768;

let allPending = 0;

export class ListenerDescription implements Description {
  readonly kind = 'listener';
  /** null at a path. */
  local: Endpoint | null = null;
  readonly #pending: Connection[] = [];
  readonly #acceptors = new WaitQueue();
  readonly #onClose: () => void;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  /** A client connects. ECONNREFUSED when too many wait. */
  enqueue(connection: Connection): void {
    if (this.#pending.length >= MAX_PENDING || allPending >= MAX_ALL_PENDING) refuse('ECONNREFUSED');
    allPending++;
    this.#pending.push(connection);
    this.#acceptors.wake();
  }

  readable({ caller, fd }: CallSite): undefined | Promise<undefined> {
    return this.#acceptors.run(caller, fd, () => (this.#pending.length > 0 ? undefined : WAIT));
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** EAGAIN when nobody waits. */
  accept(): Connection {
    const connection = this.#pending.shift();
    if (!connection) throw new SystemError('EAGAIN');
    allPending--;
    return connection;
  }

  read(): never {
    return refuse('ENOTCONN');
  }

  write(): never {
    return refuse('ENOTCONN');
  }

  stat(): Stat {
    return anonymousStat(S_IFSOCK | 0o777);
  }

  close(): void {
    this.#onClose();
    allPending -= this.#pending.length;
    for (const { socket } of this.#pending.splice(0)) socket.reset();
  }
}
