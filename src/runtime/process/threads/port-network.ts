/**
 * How messages reach ports. Between two ports of one thread they pass in memory. Once one end is sent to another thread the
 * kernel knows the channel: it moves ports between threads, and tells of their ends. Messages pass in memory that the two
 * threads share where they can (`direct-channel.ts`), else through the kernel as bytes. This thread takes what has arrived for
 * its ports once a turn of its loop, or when it looks (`receive`).
 */

import type { Launch } from '../../kernel/launch.ts';
import { MAX_TAKEN } from '../../kernel/threads/ports.ts';
import type { PortMessage } from '../../kernel/threads/thread-requests.ts';
import type { EventLoop, LoopSource } from '../context.ts';
import type { Sys } from '../system-calls/sys.ts';
import { DirectChannel } from './direct-channel.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createPortState, type Message, type PortState, type Queued } from './message.ts';
import { MessageMemory, NO_SLOT, type Side } from './message-memory.ts';

/** Ids of one thread's ports start at its own multiple. */
const IDS_PER_THREAD = 2 ** 36;
/** An id ends with the place of the channel in the shared memory, and which of its ends the port is. */
const IDS_PER_CHANNEL = 2 * (NO_SLOT + 1);

/** The system calls of this thread; answers do not come through the event loop. */
export type NetworkSys = Pick<Sys, 'call' | 'callWith' | 'send'>;

export interface NetworkSetup {
  sys: NetworkSys;
  /** Where the kernel tells of messages. */
  inbox: Inbox;
  loop: Pick<EventLoop, 'watch'>;
  /** Null before this thread is launched. */
  launch: () => Pick<Launch, 'thread' | 'memory'> | null;
}

export class PortNetwork implements LoopSource {
  readonly #sys: NetworkSys;
  readonly #inbox: Inbox;
  readonly #loop: Pick<EventLoop, 'watch'>;
  readonly #launch: NetworkSetup['launch'];
  #memory: MessageMemory | null = null;
  /** Where other threads tell of messages. */
  #bell: Inbox | null = null;
  /** Ports that the kernel knows and this thread owns. */
  readonly #known = new Map<number, PortState>();
  /** Objects that arrived before their message was looked at, and messages that wait for them. */
  readonly #objects = new Map<number, unknown[]>();
  readonly #awaiting = new Map<number, { message: Message; port: PortState }>();
  #seen = 0;
  #heard = 0;
  #listening = false;
  #nextId = 1;

  constructor({ sys, inbox, loop, launch }: NetworkSetup) {
    this.#sys = sys;
    this.#inbox = inbox;
    this.#loop = loop;
    this.#launch = launch;
  }

  openPair(): [PortState, PortState] {
    const pair: [PortState, PortState] = [createPortState(), createPortState()];
    [pair[0].sibling, pair[1].sibling] = [pair[1], pair[0]];
    return pair;
  }

  /** A port of a BroadcastChannel. */
  join(name: string): PortState {
    const port = createPortState(this.#newId(NO_SLOT));
    this.#sys.call('joinPort', port.id, name);
    this.#know(port);
    return port;
  }

  /** A port that another thread has made for this one, and given to it. */
  adopt(id: number): PortState {
    const port = createPortState(id);
    const place = id % IDS_PER_CHANNEL;
    const memory = this.#sharedMemory();
    const slot = place >> 1;
    if (memory && slot !== NO_SLOT) port.channel = new DirectChannel(memory, slot, (place & 1) as Side);
    this.#know(port);
    this.#drain(port);
    return port;
  }

  /** The id of a port that the kernel will give to a new thread. */
  handOver(port: PortState): number {
    if (!this.#sharedMemory()) this.#share(new MessageMemory());
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
      this.#send(port, message);
    }
  }

  /** Whether the port ever got a message; true where nobody counts them. */
  hasReceived({ channel }: PortState): boolean {
    this.collectDirect();
    return channel === null || channel.expected > 0;
  }

  look(): void {
    this.collect();
  }

  arm(wake: () => void): boolean {
    if (this.#known.size === 0) return true;
    return this.#inbox.arm(this.#seen, wake) && (this.#bell === null || this.#bell.arm(this.#heard, wake));
  }

  /** Takes what lies in the shared memory and in the kernel, where that has been told of something new. */
  collect(): void {
    if (this.#known.size === 0) return;
    this.collectDirect();
    if (this.#inbox.version !== this.#seen) this.#take();
  }

  /** Takes what lies in the shared memory. */
  collectDirect(): void {
    if (this.#bell === null || this.#bell.version === this.#heard) return;
    this.#heard = this.#bell.version;
    for (const port of this.#known.values()) this.#drain(port);
  }

  /** Takes what lies in the kernel; returns how many messages came. */
  #take(): number {
    this.#seen = this.#inbox.version;
    const taken = this.#sys.call('takeMessages');
    for (const { port: id, message } of taken) {
      const port = this.#known.get(id);
      if (!port) continue;
      if (message === null) this.#arriveLast(port);
      else if (port.channel === null) arrive(port, this.#unpack(port, message));
      else {
        port.early.set(message.number, this.#unpack(port, message));
        this.#drain(port);
      }
    }
    return taken.length;
  }

  /** The other end was closed: what it has sent before comes first. */
  #arriveLast(port: PortState): void {
    this.#drain(port);
    for (const number of [...port.early.keys()].sort((one, other) => one - other)) {
      const message = port.early.get(number);
      if (message) arrive(port, message);
    }
    port.early.clear();
    port.channel?.otherClosed();
    arrive(port, null);
  }

  /** Takes what lies in the shared memory for the port, as far as all that was sent before is there. */
  #drain(port: PortState): void {
    const { channel, early } = port;
    if (channel === null) return;
    let { expected } = channel;
    for (let message = channel.take(); message !== null; message = channel.take()) {
      early.set(message.number, message);
    }
    for (let message = early.get(expected); message !== undefined; message = early.get(expected)) {
      early.delete(expected);
      channel.expected = expected + 1;
      expected = channel.expected;
      arrive(port, message);
    }
  }

  /** The next message that can be read; undefined when there is none. */
  receive(port: PortState): Queued | undefined {
    this.collect();
    // Another thread does not wait until the kernel has looked at what it has sent.
    while (port.queue.length === 0 && port.id !== 0) if (this.#take() < MAX_TAKEN) break;
    const { head } = port.queue;
    if (head === undefined || head?.shared === null) return undefined;
    return port.queue.shift();
  }

  close(port: PortState): void {
    if (port.closed) return;
    port.closed = true;
    if (port.id !== 0) {
      this.#forget(port);
      port.channel?.close();
      this.#sys.send('closePort', port.id);
    } else if (port.sibling) {
      const { sibling } = port;
      port.sibling = null;
      sibling.sibling = null;
      arrive(sibling, null);
    }
    for (const queued of port.queue.takeAll()) for (const inside of queued?.ports ?? []) this.close(inside);
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

  /** The memory for messages between the threads of this process, which the first of them makes. */
  #sharedMemory(): MessageMemory | null {
    if (this.#memory === null) {
      const buffer = this.#launch()?.memory;
      if (buffer) this.#use(new MessageMemory(buffer));
    }
    return this.#memory;
  }

  #share(memory: MessageMemory): void {
    this.#use(memory);
    // Whoever is started later is started by a call that comes behind this one.
    this.#sys.callWith('shareMemory', [memory.buffer], throwError);
  }

  #use(memory: MessageMemory): void {
    this.#memory = memory;
    this.#bell = createInbox(...memory.bellOf(this.#threadId));
  }

  /** There are ports that other threads may have the other end of. */
  get isInUse(): boolean {
    return this.#known.size > 0;
  }

  get #threadId(): number {
    return this.#launch()?.thread?.id ?? 0;
  }

  #newId(slot: number): number {
    return this.#threadId * IDS_PER_THREAD + this.#nextId++ * IDS_PER_CHANNEL + 2 * slot;
  }

  #know(port: PortState): void {
    this.#known.set(port.id, port);
    port.channel?.belongTo(this.#threadId);
    if (this.#listening) return;
    this.#listening = true;
    this.#loop.watch(this);
  }

  #forget(port: PortState): void {
    this.#known.delete(port.id);
    port.channel?.belongTo(null);
  }

  #send(port: PortState, message: Message): void {
    const { id, channel } = port;
    if (channel) message.number = channel.nextNumber();
    if (channel?.send(message)) return;
    const packed = this.#pack(message);
    if (message.shared?.length) this.#sys.callWith('postToPort', [id, packed, message.shared], throwError);
    else this.#sys.send('postToPort', id, packed, null);
  }

  /** The kernel shall know the port and hold its messages. New channels are added to `opened`, for the message that carries it. */
  #export(port: PortState, opened: number[]): void {
    if (port.id === 0) this.#exportPair(port, opened);
    else this.#giveBackAll(port);
  }

  #exportPair(port: PortState, opened: number[]): void {
    const { sibling } = port;
    if (port.queue.length > 0 || sibling === null) {
      this.#openNow(port, sibling);
      this.#giveBackAll(port);
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
    if (sibling === null) this.close(other);
  }

  /** Both ends are known to the kernel from now on; this thread keeps both until they are sent. */
  #number(port: PortState, other: PortState): void {
    const memory = this.#sharedMemory();
    const slot = memory?.allocate() ?? NO_SLOT;
    const id = this.#newId(slot);
    for (const [side, end] of [port, other].entries()) {
      end.id = id + side;
      end.sibling = null;
      if (memory && slot !== NO_SLOT) end.channel = new DirectChannel(memory, slot, side as Side);
      end.channel?.skip(end.queue.length);
      for (const [number, queued] of end.queue.takeAll().entries()) {
        if (queued) queued.number = number;
        end.queue.push(queued);
      }
      this.#know(end);
    }
  }

  /** What was taken and not delivered waits for the port's next owner; what lies in the shared memory goes with the port. */
  #giveBackAll(port: PortState): void {
    const waiting: Queued[] = [...port.queue.takeAll(), ...port.early.values()];
    port.early.clear();
    const [first] = waiting;
    if (first && port.channel) port.channel.expected = first.number;
    for (const queued of waiting.reverse()) this.#giveBack(port.id, queued);
  }

  #giveBack(id: number, queued: Queued): void {
    const packed = queued && this.#pack(queued);
    if (queued?.shared?.length) this.#sys.callWith('giveBackMessage', [id, packed, queued.shared], throwError);
    else this.#sys.call('giveBackMessage', id, packed, null);
  }

  #pack({ number, data, hosts, buffers, ports }: Message): PortMessage {
    const opened: number[] = [];
    for (const port of ports) {
      this.#export(port, opened);
      this.#forget(port);
    }
    const contents = buffers.map((buffer) => new Uint8Array(buffer));
    return { number, data, hosts, buffers: contents, ports: ports.map(({ id }) => id), opened, shared: 0 };
  }

  #unpack(port: PortState, { number, data, hosts, buffers, ports, shared: key }: PortMessage): Message {
    const message: Message = {
      number,
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
