/** A listening socket: connections wait here until they are accepted. */
import { anonymousStat, type CallSite, type Description, refuse } from '../description.ts';
import { type Endpoint, S_IFSOCK, type Stat } from '../syscalls.ts';
import { WAIT, WaitQueue } from '../wait-queue.ts';
import type { SocketDescription } from './socket.ts';

export interface Connection {
  socket: SocketDescription;
  local: Endpoint;
  remote: Endpoint;
}

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

  /** A client connects. */
  enqueue(connection: Connection): void {
    this.#pending.push(connection);
    this.#acceptors.wake();
  }

  accept({ caller, fd }: CallSite): Connection | Promise<Connection> {
    return this.#acceptors.run(caller, fd, () => this.#pending.shift() ?? WAIT);
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
    for (const { socket } of this.#pending) socket.close();
  }
}
