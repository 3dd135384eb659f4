/**
 * The message ports of a process that are known to more than one of its threads. Messages wait here until the owner of the
 * port takes them; a port that is itself inside a message has no owner.
 */
import { SystemError } from '../syscalls.ts';
import type { ThreadRecord } from './thread-record.ts';
import type { PortMessage, TakenMessage } from './thread-requests.ts';

/** So many messages are handed out at once: whoever sends without end must not keep the kernel, or the receiver, to itself. */
export const MAX_TAKEN = 1000;
/** So many bytes of messages may wait in one process: natively as many as the machine has memory. */
export const MAX_WAITING = 1024 ** 3;
/** What a message takes beside its bytes, about. */
const RECORD = 512;

/** null: the other end was closed. */
type Queued = { message: PortMessage; shared: unknown[] | null } | null;

/** A message with the port it is sent from or given back to. */
export interface Parcel {
  to: number;
  message: PortMessage | null;
  shared: unknown[] | null;
}

interface Port {
  readonly id: number;
  sibling: Port | null;
  group: Group | null;
  owner: ThreadRecord | null;
  queue: Queued[];
}

const portsIn = (queued: Queued): readonly number[] => queued?.message.ports ?? [];

const sizeOf = (queued: Queued): number =>
  queued === null
    ? 0
    : queued.message.buffers.reduce((sum, { length }) => sum + length, RECORD + queued.message.data.length);

/** Ports of one BroadcastChannel name. */
interface Group {
  name: string;
  members: Set<Port>;
}

export class PortTable {
  readonly #ports = new Map<number, Port>();
  readonly #groups = new Map<string, Group>();
  /** Ports that have messages for their owner. */
  readonly #inboxes = new Map<ThreadRecord, Set<Port>>();
  #nextKey = 1;
  #waiting = 0;

  /** Bytes of the messages that nobody has taken, about. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Two ends of a channel, both the thread's. */
  open(owner: ThreadRecord, one: number, other: number): void {
    const first = this.#create(owner, one);
    const second = this.#create(owner, other);
    first.sibling = second;
    second.sibling = first;
  }

  /** A port that hears every other one of the same name. */
  join(owner: ThreadRecord, id: number, name: string): void {
    const port = this.#create(owner, id);
    const group = this.#groups.get(name) ?? { name, members: new Set() };
    this.#groups.set(name, group);
    group.members.add(port);
    port.group = group;
  }

  /** Sends from a port to its other end. Messages to a closed one are lost, with the ports in them. */
  post(thread: ThreadRecord, { to: from, message, shared }: Parcel): void {
    const port = this.#at(from);
    this.#ship(thread, message);
    const receivers = port.group ? [...port.group.members].filter((other) => other !== port) : [port.sibling];
    if (receivers[0] === null) this.#discard(message && { message, shared });
    for (const receiver of receivers) if (receiver) this.#deliver(receiver, message && { message, shared });
  }

  /** What has arrived for the thread; {@link MAX_TAKEN} when more may be left. `share` is given the objects of a message, under their key. */
  take(thread: ThreadRecord, share: (key: number, objects: unknown[]) => void): TakenMessage[] {
    const taken: TakenMessage[] = [];
    const ready = [...(this.#inboxes.get(thread) ?? [])];
    this.#inboxes.delete(thread);
    for (const port of ready) {
      for (const queued of port.queue.splice(0, MAX_TAKEN - taken.length)) {
        this.#waiting -= sizeOf(queued);
        if (queued?.shared) {
          const key = this.#nextKey++;
          share(key, queued.shared);
          taken.push({ port: port.id, message: { ...queued.message, shared: key } });
        } else taken.push({ port: port.id, message: queued?.message ?? null });
        for (const id of portsIn(queued)) ready.push(this.#own(thread, id));
      }
      if (port.queue.length > 0) this.#notify(port);
    }
    return taken;
  }

  /** The port is the thread's from now on. */
  adopt(thread: ThreadRecord, id: number): void {
    const port = this.#own(thread, id);
    if (port.queue.length > 0) this.#notify(port);
  }

  /** Gives a message back that the thread has taken, as the port moves on: the next owner takes it first. */
  giveBack(thread: ThreadRecord, { to: id, message, shared }: Parcel): void {
    this.#ship(thread, message);
    const queued = message && { message, shared };
    this.#at(id).queue.unshift(queued);
    this.#waiting += sizeOf(queued);
  }

  /** And the ports in messages that nobody will read, which may hold others in a chain that is longer than the stack. */
  close(id: number): void {
    const ids = [id];
    for (const next of ids) for (const queued of this.#closeOne(next)) ids.push(...portsIn(queued));
  }

  /** What was not read. */
  #closeOne(id: number): readonly Queued[] {
    const port = this.#ports.get(id);
    if (!port) return [];
    this.#ports.delete(id);
    if (port.group) this.#leave(port.group, port);
    if (port.owner) this.#inboxes.get(port.owner)?.delete(port);
    if (port.sibling) {
      port.sibling.sibling = null;
      this.#deliver(port.sibling, null);
    }
    const unread = port.queue.splice(0);
    for (const queued of unread) this.#waiting -= sizeOf(queued);
    return unread;
  }

  /** Closes all ports of a thread that has ended. */
  closeAll(thread: ThreadRecord): void {
    for (const port of [...this.#ports.values()]) if (port.owner === thread) this.close(port.id);
    this.#inboxes.delete(thread);
  }

  /** Until the message is taken nobody owns the ports in it. */
  #ship(thread: ThreadRecord, message: PortMessage | null): void {
    if (message === null) return;
    const { opened, ports } = message;
    for (let index = 0; index + 1 < opened.length; index += 2) {
      this.open(thread, opened[index] as number, opened[index + 1] as number);
    }
    for (const id of ports) {
      const port = this.#at(id);
      // What waits there is for its next owner.
      if (port.owner) this.#inboxes.get(port.owner)?.delete(port);
      port.owner = null;
    }
  }

  #own(thread: ThreadRecord, id: number): Port {
    const port = this.#at(id);
    port.owner = thread;
    return port;
  }

  #create(owner: ThreadRecord, id: number): Port {
    if (this.#ports.has(id)) throw new SystemError('EEXIST');
    const port: Port = { id, sibling: null, group: null, owner, queue: [] };
    this.#ports.set(id, port);
    return port;
  }

  #at(id: number): Port {
    const port = this.#ports.get(id);
    if (!port) throw new SystemError('EBADF');
    return port;
  }

  #deliver(port: Port, queued: Queued): void {
    port.queue.push(queued);
    this.#waiting += sizeOf(queued);
    this.#notify(port);
  }

  #notify(port: Port): void {
    if (!port.owner) return;
    const inbox = this.#inboxes.get(port.owner) ?? new Set();
    this.#inboxes.set(port.owner, inbox);
    inbox.add(port);
    port.owner.channel?.ring();
  }

  #leave(group: Group, port: Port): void {
    group.members.delete(port);
    if (group.members.size === 0) this.#groups.delete(group.name);
  }

  #discard(queued: Queued): void {
    for (const id of portsIn(queued)) this.close(id);
  }
}
