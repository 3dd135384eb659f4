/** The loopback network: listeners by port, path or name, and who is told of ports. */

import { ListenerDescription } from '../descriptions/listener.ts';
import { createSocketPair, type SocketDescription } from '../descriptions/socket.ts';
import type { Inode } from '../file-system/inode.ts';
import { SystemError } from '../syscalls.ts';
import { asSeenFrom, type BoundAddress, conflict, covers, isIPv6, isLoopback, toBind, toReach } from './addresses.ts';
import type { Endpoint, ListenOptions } from './endpoints.ts';
import { EphemeralPorts } from './ephemeral-ports.ts';

export type PortListener = (port: number, type: 'open' | 'close') => void;

interface Bound extends BoundAddress {
  reusePort: boolean;
  listener: ListenerDescription;
}

export class Network {
  readonly #ports = new Map<number, Bound[]>();
  /** By inode of a socket file, or by a name outside of the file system. */
  readonly #paths = new Map<Inode | string, ListenerDescription>();
  readonly #ephemeral = new EphemeralPorts(this.#ports);
  onPort: PortListener = () => undefined;

  /** Port 0 picks a free one. EADDRINUSE, EADDRNOTAVAIL. */
  listen(host: string, port: number, options: ListenOptions = {}): { listener: ListenerDescription; port: number } {
    if (!isLoopback(host)) throw new SystemError('EADDRNOTAVAIL');
    const chosen = port === 0 ? this.#ephemeral.next() : port;
    const { ipv6Only = false, reusePort = false } = options;
    const place = { address: toBind(host), ipv6Only };
    const others = this.#ports.get(chosen) ?? [];
    if (others.some((other) => conflict(place, other) && !(reusePort && other.reusePort))) {
      throw new SystemError('EADDRINUSE');
    }
    const bound: Bound = {
      ...place,
      reusePort,
      listener: new ListenerDescription(() => this.#unbind(chosen, bound)),
    };
    bound.listener.local = { address: host, port: chosen };
    this.#ports.set(chosen, [...others, bound]);
    if (others.length === 0) this.onPort(chosen, 'open');
    return { listener: bound.listener, port: chosen };
  }

  #unbind(port: number, bound: Bound): void {
    const left = (this.#ports.get(port) ?? []).filter((other) => other !== bound);
    if (left.length > 0) {
      this.#ports.set(port, left);
      return;
    }
    this.#ports.delete(port);
    this.onPort(port, 'close');
  }

  /** ECONNREFUSED, ENETUNREACH; EADDRINUSE when `from` is taken. */
  connect(
    host: string,
    port: number,
    from?: Endpoint,
  ): { socket: SocketDescription; local: Endpoint; remote: Endpoint } {
    if (!isLoopback(host)) throw new SystemError('ENETUNREACH');
    const target = toReach(host);
    const source = toReach(from?.address || (isIPv6(target) ? '::1' : '127.0.0.1'));
    if (from && from.port !== 0 && this.#listeners(source, from.port).length > 0) throw new SystemError('EADDRINUSE');
    const local = { address: source, port: from?.port || this.#ephemeral.next() };
    const remote = { address: target, port };
    const bound = this.#next(target, port);
    if (!bound) throw new SystemError('ECONNREFUSED');
    const [socket, peer] = createSocketPair('tcp');
    const seenBy = (side: string, near: Endpoint, far: Endpoint) => ({
      local: { ...near, address: asSeenFrom(side, near.address) },
      remote: { ...far, address: asSeenFrom(side, far.address) },
    });
    Object.assign(socket, seenBy(host, local, remote));
    Object.assign(peer, seenBy(bound.address, remote, local));
    bound.listener.enqueue({ socket: peer, ...seenBy(bound.address, remote, local) });
    return { socket, ...seenBy(host, local, remote) };
  }

  #listeners(address: string, port: number): Bound[] {
    return (this.#ports.get(port) ?? []).filter((bound) => covers(bound, address));
  }

  /** Those that share an address take turns. */
  #next(address: string, port: number): Bound | undefined {
    const [first, ...others] = this.#listeners(address, port);
    if (!first || others.length === 0) return first;
    this.#ports.set(port, [...(this.#ports.get(port) ?? []).filter((bound) => bound !== first), first]);
    return first;
  }

  listenAt(place: Inode | string): ListenerDescription {
    if (this.#paths.has(place)) throw new SystemError('EADDRINUSE');
    const listener = new ListenerDescription(() => void this.#paths.delete(place));
    this.#paths.set(place, listener);
    return listener;
  }

  connectTo(place: Inode | string): SocketDescription {
    const listener = this.#paths.get(place);
    if (!listener) throw new SystemError('ECONNREFUSED');
    const [socket, peer] = createSocketPair('unix');
    const nowhere = { address: '', port: 0 };
    listener.enqueue({ socket: peer, local: nowhere, remote: nowhere });
    return socket;
  }
}
