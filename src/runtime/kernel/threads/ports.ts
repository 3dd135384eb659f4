/**
 * The message ports of a process that are known to more than one of its threads. Messages wait here until the owner of the
 * port takes them; a port that is itself inside a message has no owner.
 */
import { type PortMessage, SystemError, type TakenMessage } from '../syscalls.ts';
import type { ThreadRecord } from './thread-record.ts';

/** null: the other end was closed. */
type Queued = { message: PortMessage; shared: unknown[] | null } | null;

interface Port {
  readonly id: number;
  sibling: Port | null;
  /** Ports of one BroadcastChannel name. */
  group: Set<Port> | null;
  owner: ThreadRecord | null;
  queue: Queued[];
}

export class PortTable {
  readonly #ports = new Map<number, Port>();
  readonly #groups = new Map<string, Set<Port>>();
  /** Ports that have messages for their owner. */
  readonly #inboxes = new Map<ThreadRecord, Set<Port>>();
  #nextKey = 1;

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
    const group = this.#groups.get(name) ?? new Set();
    this.#groups.set(name, group);
    group.add(port);
    port.group = group;
  }

  /** `shared` are the objects that travel as themselves. Messages to a closed port are lost, with the ports in them. */
  post(from: number, message: PortMessage, shared: unknown[] | null): void {
    const port = this.#at(from);
    for (const id of message.ports) this.#at(id).owner = null;
    const receivers = port.group ? [...port.group].filter((other) => other !== port) : [port.sibling];
    if (receivers[0] === null) this.#discard({ message, shared });
    for (const receiver of receivers) if (receiver) this.#deliver(receiver, { message, shared });
  }

  /** Everything that has arrived for the thread. `share` is given the objects of a message, under their key. */
  take(thread: ThreadRecord, share: (key: number, objects: unknown[]) => void): TakenMessage[] {
    const taken: TakenMessage[] = [];
    for (const port of this.#inboxes.get(thread) ?? []) {
      for (const queued of port.queue.splice(0)) {
        if (queued?.shared) {
          const key = this.#nextKey++;
          share(key, queued.shared);
          taken.push({ port: port.id, message: { ...queued.message, shared: key } });
        } else taken.push({ port: port.id, message: queued?.message ?? null });
      }
    }
    this.#inboxes.delete(thread);
    return taken;
  }

  /** The thread has received the port in a message. */
  adopt(thread: ThreadRecord, id: number): void {
    const port = this.#at(id);
    port.owner = thread;
    if (port.queue.length > 0) this.#notify(port);
  }

  /** Gives a message back that the thread has taken, as the port moves on: the next owner takes it first. */
  giveBack(id: number, message: PortMessage | null, shared: unknown[] | null): void {
    for (const inside of message?.ports ?? []) this.#at(inside).owner = null;
    this.#at(id).queue.unshift(message && { message, shared });
  }

  close(id: number): void {
    const port = this.#ports.get(id);
    if (!port) return;
    this.#ports.delete(id);
    port.group?.delete(port);
    if (port.owner) this.#inboxes.get(port.owner)?.delete(port);
    if (port.sibling) {
      port.sibling.sibling = null;
      this.#deliver(port.sibling, null);
    }
    for (const queued of port.queue) this.#discard(queued);
  }

  /** Closes all ports of a thread that has ended. */
  closeAll(thread: ThreadRecord): void {
    for (const port of [...this.#ports.values()]) if (port.owner === thread) this.close(port.id);
    this.#inboxes.delete(thread);
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
    this.#notify(port);
  }

  #notify(port: Port): void {
    if (!port.owner) return;
    const inbox = this.#inboxes.get(port.owner) ?? new Set();
    this.#inboxes.set(port.owner, inbox);
    inbox.add(port);
    port.owner.channel?.ring();
  }

  #discard(queued: Queued): void {
    for (const id of queued?.message.ports ?? []) this.close(id);
  }
}
