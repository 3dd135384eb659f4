/**
 * How messages reach ports. Between two ports of one thread they pass in memory. Once one end is sent to another thread the
 * kernel knows the channel: messages go through it as bytes, and this thread takes what has arrived for its ports when it is
 * told so, or when it looks (`receive`), which needs no turn of the event loop.
 */
import type { PortMessage, Syscalls } from '../../kernel/syscalls.ts';
import type { Sys } from '../system-calls/sys.ts';
import type { Inbox } from './inbox.ts';
import { createPortState, type Message, type PortState, type Queued } from './message.ts';

/** Ids of one thread's ports start at its own multiple. */
const IDS_PER_THREAD = 2 ** 36;

/** The system calls of this thread; answers do not come through the event loop. */
export interface NetworkSys extends Pick<Sys, 'call' | 'callWith'> {
  /** As `call`, without waiting for the answer. */
  send<Name extends 'closePort' | 'postToPort'>(name: Name, ...args: Parameters<Syscalls[Name]>): void;
}

export interface NetworkSetup {
  sys: NetworkSys;
  inbox: Inbox;
  threadId: () => number;
}

export class PortNetwork {
  readonly #sys: NetworkSys;
  readonly #inbox: Inbox;
  readonly #threadId: () => number;
  /** Ports that the kernel knows and this thread owns. */
  readonly #known = new Map<number, PortState>();
  /** Objects that arrived before their message was looked at, and messages that wait for them. */
  readonly #objects = new Map<number, unknown[]>();
  readonly #awaiting = new Map<number, { message: Message; port: PortState }>();
  #seen = 0;
  #listening = false;
  #nextId = 1;

  constructor({ sys, inbox, threadId }: NetworkSetup) {
    this.#sys = sys;
    this.#inbox = inbox;
    this.#threadId = threadId;
  }

  openPair(): [PortState, PortState] {
    const pair: [PortState, PortState] = [createPortState(), createPortState()];
    [pair[0].sibling, pair[1].sibling] = [pair[1], pair[0]];
    return pair;
  }

  /** A port of a BroadcastChannel. */
  join(name: string): PortState {
    const port = createPortState(this.#newId());
    this.#sys.call('joinPort', port.id, name);
    this.#know(port);
    return port;
  }

  /** A port that another thread has made for this one, and given to it. */
  adopt(id: number): PortState {
    const port = createPortState(id);
    this.#know(port);
    return port;
  }

  /** The id of a port that the kernel will give to a new thread. */
  handOver(port: PortState): number {
    const opened: number[] = [];
    this.#export(port, opened);
    this.#forget(port);
    this.#sys.call('openPorts', opened[0] ?? 0, opened[1] ?? 0);
    return port.id;
  }

  post(port: PortState, message: Message): void {
    if (port.closed || (port.id === 0 && port.sibling === null)) {
      for (const inside of message.ports) this.close(inside);
    } else if (port.sibling) {
      arrive(port.sibling, message);
    } else {
      this.#send(port.id, message);
    }
  }

  /** Takes what lies in the kernel, if it has told of something new. */
  collect(): void {
    if (this.#known.size === 0 || this.#inbox.version === this.#seen) return;
    this.#takeAll();
  }

  #takeAll(): void {
    this.#seen = this.#inbox.version;
    for (const { port: id, message } of this.#sys.call('takeMessages')) {
      const port = this.#known.get(id);
      if (port) arrive(port, message && this.#unpack(port, message));
    }
  }

  /** The next message that can be read; undefined when there is none. */
  receive(port: PortState): Queued | undefined {
    this.collect();
    // Another thread does not wait until the kernel has looked at what it has sent.
    if (port.queue.length === 0 && port.id !== 0) this.#takeAll();
    const head = port.queue[0];
    if (head === undefined || head?.shared === null) return undefined;
    return port.queue.shift();
  }

  close(port: PortState): void {
    if (port.closed) return;
    port.closed = true;
    if (port.id !== 0) {
      this.#forget(port);
      this.#sys.send('closePort', port.id);
    } else if (port.sibling) {
      const { sibling } = port;
      port.sibling = null;
      sibling.sibling = null;
      arrive(sibling, null);
    }
    for (const queued of port.queue.splice(0)) for (const inside of queued?.ports ?? []) this.close(inside);
  }

  /** The objects of a message, from the kernel. */
  receiveObjects(key: number, objects: unknown[]): void {
    const waiting = this.#awaiting.get(key);
    if (!waiting) {
      this.#objects.set(key, objects);
      return;
    }
    this.#awaiting.delete(key);
    waiting.message.shared = objects;
    waiting.port.onArrival?.();
  }

  #newId(): number {
    return this.#threadId() * IDS_PER_THREAD + this.#nextId++;
  }

  #know(port: PortState): void {
    this.#known.set(port.id, port);
    if (this.#listening) return;
    this.#listening = true;
    this.#inbox.onArrival(() => this.collect());
  }

  #forget(port: PortState): void {
    this.#known.delete(port.id);
  }

  #send(id: number, message: Message): void {
    const packed = this.#pack(message);
    if (message.shared?.length) this.#sys.callWith('postToPort', [id, packed, message.shared], throwError);
    else this.#sys.send('postToPort', id, packed, null);
  }

  /** The kernel shall know the port and hold its messages. New channels are added to `opened`, for the message that carries it. */
  #export(port: PortState, opened: number[]): void {
    if (port.id === 0) this.#exportPair(port, opened);
    else for (const queued of port.queue.splice(0).reverse()) this.#giveBack(port.id, queued);
  }

  #exportPair(port: PortState, opened: number[]): void {
    const { sibling } = port;
    const waiting = port.queue.splice(0);
    if (waiting.length > 0 || sibling === null) {
      this.#openNow(port, sibling);
      for (const queued of waiting.reverse()) this.#giveBack(port.id, queued);
      return;
    }
    this.#number(port, sibling);
    opened.push(port.id, sibling.id);
  }

  /** For a port with messages in it, or one whose other end is closed. */
  #openNow(port: PortState, sibling: PortState | null): void {
    const other = sibling ?? createPortState();
    this.#number(port, other);
    this.#sys.call('openPorts', port.id, other.id);
    if (sibling !== null) return;
    this.#forget(other);
    this.#sys.call('closePort', other.id);
  }

  /** Both ends are known to the kernel from now on; this thread keeps both until they are sent. */
  #number(port: PortState, other: PortState): void {
    for (const end of [port, other]) {
      end.id = this.#newId();
      end.sibling = null;
      this.#know(end);
    }
  }

  #giveBack(id: number, queued: Queued): void {
    const packed = queued && this.#pack(queued);
    if (queued?.shared?.length) this.#sys.callWith('giveBackMessage', [id, packed, queued.shared], throwError);
    else this.#sys.call('giveBackMessage', id, packed, null);
  }

  #pack({ data, hosts, buffers, ports }: Message): PortMessage {
    const opened: number[] = [];
    for (const port of ports) {
      this.#export(port, opened);
      this.#forget(port);
    }
    const contents = buffers.map((buffer) => new Uint8Array(buffer));
    return { data, hosts, buffers: contents, ports: ports.map(({ id }) => id), opened, shared: 0 };
  }

  #unpack(port: PortState, { data, hosts, buffers, ports, shared: key }: PortMessage): Message {
    const message: Message = {
      data,
      hosts,
      buffers: buffers.map((bytes) => bytes.buffer as ArrayBuffer),
      ports: ports.map((id) => this.adopt(id)),
      shared: key === 0 ? [] : (this.#objects.get(key) ?? null),
    };
    this.#objects.delete(key);
    if (message.shared === null) this.#awaiting.set(key, { message, port });
    return message;
  }
}

function arrive(port: PortState, queued: Queued): void {
  port.queue.push(queued);
  port.onArrival?.();
}

function throwError(error: Error | null): void {
  if (error) throw error;
}
