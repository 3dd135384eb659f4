/** One end of a connection: two bounded queues, one for each direction. */
import { ByteQueue, CONNECTION_CAPACITY, noteBreak, SOCKET_CAPACITY } from '../byte-queue.ts';
import { anonymousStat, type CallSite, type Description } from '../description.ts';
import { S_IFSOCK } from '../file-modes.ts';
import type { Endpoint } from '../network/endpoints.ts';
import { type Stat, SystemError } from '../syscalls.ts';

interface SocketSetup {
  incoming: ByteQueue;
  outgoing: ByteQueue;
  isTcp: boolean;
  connection: number;
}

export class SocketDescription implements Description {
  readonly kind = 'socket';
  local: Endpoint | null = null;
  remote: Endpoint | null = null;
  /** Both ends have the same number. */
  readonly connection: number;
  readonly #incoming: ByteQueue;
  readonly #outgoing: ByteQueue;
  #peer: SocketDescription | null = null;
  /** What the next read past the data, or the next write, fails with; once, as a socket's pending error does. */
  #error: string | null = null;
  #resets = false;
  #closed = false;
  /** Over TCP the write that finds out that the peer has closed still succeeds; the next one fails. */
  #tellsLate: boolean;

  constructor({ incoming, outgoing, isTcp, connection }: SocketSetup) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#tellsLate = isTcp;
    this.connection = connection;
    incoming.onEnd = () => this.#throwError();
    outgoing.onBroken = () => this.#throwError();
  }

  /** Calls back, at once, when there may be something to read (the end, too), and when there may be room to write. */
  watch(readable: () => void, writable: () => void): void {
    this.#incoming.onReadable = readable;
    this.#outgoing.onWritable = writable;
  }

  /** Whether `readAvailable` gives something. */
  get isReadable(): boolean {
    return this.#incoming.isReadable;
  }

  /** What was sent here and not read, and whether more may come. */
  takeRest(): { bytes: Uint8Array; isEnded: boolean } {
    const bytes = this.#incoming.size > 0 ? this.#incoming.readAvailable(this.#incoming.size) : new Uint8Array(0);
    return { bytes, isEnded: this.#incoming.isEnded };
  }

  /** Connects the two ends. */
  meet(peer: SocketDescription): void {
    this.#peer = peer;
    peer.#peer = this;
  }

  read({ caller, fd }: CallSite, length: number): Uint8Array | Promise<Uint8Array> {
    return this.#incoming.read(caller, fd, length);
  }

  readable({ caller, fd }: CallSite): undefined | Promise<undefined> {
    return this.#incoming.readable(caller, fd);
  }

  /** Calls back when something has come that nobody waits for. */
  onUnread(listener: () => void): void {
    this.#incoming.onUnread = listener;
  }

  readAvailable(length: number): Uint8Array {
    return this.#incoming.readAvailable(length);
  }

  write({ caller, fd }: CallSite, data: Uint8Array): number | Promise<number> {
    return this.#isLost() ? data.length : this.#outgoing.write(caller, fd, data);
  }

  /** May pass a description along with the first byte. */
  writeAvailable(data: Uint8Array, passed?: Description): number {
    return this.#isLost() ? data.length : this.#outgoing.writeAvailable(data, passed);
  }

  /** As `writeAvailable`, of what waited for room: it fails when the peer has closed meanwhile. */
  writeMore(data: Uint8Array): number {
    return this.#outgoing.writeAvailable(data);
  }

  /** As `write`, of what need not have room. */
  push(data: Uint8Array): void {
    this.#outgoing.push(data);
  }

  #isLost(): boolean {
    if (!this.#tellsLate || this.#error !== null || this.#peer === null || !this.#peer.#closed) return false;
    this.#tellsLate = false;
    noteBreak('connection');
    return true;
  }

  /** Writes, passing a description along with the first byte. */
  send({ caller, fd }: CallSite, data: Uint8Array, passed: Description): Promise<number> {
    return this.#outgoing.send(caller, fd, data, passed);
  }

  /** Reads, with what was passed along. */
  receiveAvailable(length: number): ReturnType<ByteQueue['receiveAvailable']> {
    return this.#incoming.receiveAvailable(length);
  }

  stat(): Stat {
    return anonymousStat(S_IFSOCK | 0o777);
  }

  /** The peer reads to the end. */
  shutdown(): void {
    this.#outgoing.end();
  }

  /** The next `close` tells the peer ECONNRESET instead of an end. */
  resetOnClose(): void {
    this.#resets = true;
  }

  /** Ends the connection at once; the peer still reads what it was sent before. */
  reset(): void {
    this.resetOnClose();
    this.close();
  }

  /** As in Linux, closing with unread data resets the connection. */
  close(): void {
    this.#closed = true;
    if (this.#peer && (this.#resets || this.#incoming.size > 0)) this.#peer.#error = 'ECONNRESET';
    this.#outgoing.end();
    this.#incoming.abandon();
  }

  /** The pending error, which is none any more: SO_ERROR. */
  takeError(): string | null {
    const code = this.#error;
    this.#error = null;
    return code;
  }

  #throwError(): void {
    const code = this.takeError();
    if (code === null) return;
    this.#tellsLate = false;
    throw new SystemError(code);
  }
}

let connections = 0;

/** Two connected ends. */
export function createSocketPair(type: 'tcp' | 'unix'): [SocketDescription, SocketDescription] {
  const capacity = type === 'tcp' ? CONNECTION_CAPACITY : SOCKET_CAPACITY;
  const there = new ByteQueue(capacity, 'connection');
  const back = new ByteQueue(capacity, 'connection');
  const shared = { isTcp: type === 'tcp', connection: ++connections };
  const one = new SocketDescription({ incoming: there, outgoing: back, ...shared });
  const other = new SocketDescription({ incoming: back, outgoing: there, ...shared });
  one.meet(other);
  return [one, other];
}
