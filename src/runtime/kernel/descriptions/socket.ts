/** One end of a connection: two bounded queues, one for each direction. */
import { ByteQueue } from '../byte-queue.ts';
import { anonymousStat, type CallSite, type Description } from '../description.ts';
import { type Endpoint, S_IFSOCK, type Stat } from '../syscalls.ts';

export class SocketDescription implements Description {
  readonly kind = 'socket';
  local: Endpoint | null = null;
  remote: Endpoint | null = null;
  readonly #incoming: ByteQueue;
  readonly #outgoing: ByteQueue;

  constructor(incoming: ByteQueue, outgoing: ByteQueue) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  read({ caller, fd }: CallSite, length: number): Uint8Array | Promise<Uint8Array> {
    return this.#incoming.read(caller, fd, length);
  }

  write({ caller, fd }: CallSite, data: Uint8Array): number | Promise<number> {
    return this.#outgoing.write(caller, fd, data);
  }

  /** Writes, passing a description along with the first byte. */
  send({ caller, fd }: CallSite, data: Uint8Array, passed: Description): Promise<number> {
    return this.#outgoing.send(caller, fd, data, passed);
  }

  /** Reads, with what was passed along. */
  receive({ caller, fd }: CallSite, length: number): ReturnType<ByteQueue['receive']> {
    return this.#incoming.receive(caller, fd, length);
  }

  stat(): Stat {
    return anonymousStat(S_IFSOCK | 0o777);
  }

  /** The peer reads to the end. */
  shutdown(): void {
    this.#outgoing.end();
  }

  close(): void {
    this.#outgoing.end();
    this.#incoming.abandon();
  }
}

const SOCKET_CAPACITY = 256 * 1024;

/** Two connected ends. */
export function createSocketPair(): [SocketDescription, SocketDescription] {
  const there = new ByteQueue(SOCKET_CAPACITY);
  const back = new ByteQueue(SOCKET_CAPACITY);
  return [new SocketDescription(there, back), new SocketDescription(back, there)];
}
