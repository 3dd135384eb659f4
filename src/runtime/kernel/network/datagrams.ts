/** UDP over the loopback: who is bound where, and who receives what. */

import type { DatagramDescription } from '../descriptions/datagram.ts';
import { SystemError } from '../syscalls.ts';
import { asSeenFrom, type BoundAddress, conflict, covers, isIPv6, isLoopback, toBind, toReach } from './addresses.ts';
import type { BindOptions, Endpoint } from './endpoints.ts';
import { EphemeralPorts } from './ephemeral-ports.ts';

/** The largest payload of an IPv4 packet. */
const MAX_MESSAGE = 65_507;

interface Bound extends BoundAddress {
  shares: boolean;
  socket: DatagramDescription;
}

export class Datagrams {
  readonly #ports = new Map<number, Bound[]>();
  readonly #ephemeral = new EphemeralPorts(this.#ports);

  /** Port 0 picks a free one. EADDRINUSE, EADDRNOTAVAIL; EINVAL when it is bound already. */
  bind(socket: DatagramDescription, { address, port }: Endpoint, options: BindOptions = {}): Endpoint {
    if (socket.local) throw new SystemError('EINVAL');
    if (!isLoopback(address)) throw new SystemError('EADDRNOTAVAIL');
    const { ipv6Only = false, reuseAddress = false } = options;
    const place = { address: toBind(address), ipv6Only };
    const chosen = port === 0 ? this.#ephemeral.next() : port;
    const others = this.#ports.get(chosen) ?? [];
    if (others.some((other) => conflict(place, other) && !(reuseAddress && other.shares))) {
      throw new SystemError('EADDRINUSE');
    }
    const bound: Bound = { ...place, shares: reuseAddress, socket };
    this.#ports.set(chosen, [...others, bound]);
    socket.local = { address, port: chosen };
    socket.onClose = () => this.#unbind(chosen, bound);
    return socket.local;
  }

  #unbind(port: number, bound: Bound): void {
    const left = (this.#ports.get(port) ?? []).filter((other) => other !== bound);
    if (left.length > 0) this.#ports.set(port, left);
    else this.#ports.delete(port);
  }

  /** False for what nobody receives, and is lost. ENETUNREACH for what is not the loopback, EMSGSIZE, EDESTADDRREQ without a port. */
  send(socket: DatagramDescription, data: Uint8Array, to: Endpoint): boolean {
    if (!isLoopback(to.address)) throw new SystemError('ENETUNREACH');
    if (data.length > MAX_MESSAGE) throw new SystemError('EMSGSIZE');
    const local = socket.local ?? this.bind(socket, { address: isIPv6(to.address) ? '::' : '0.0.0.0', port: 0 });
    const target = toReach(to.address);
    // Of those that share an address the one that came last receives.
    const receiver = (this.#ports.get(to.port) ?? []).findLast((bound) => covers(bound, target));
    const own = toBind(local.address);
    const source = own === '0.0.0.0' || own === '::' ? (isIPv6(target) ? '::1' : '127.0.0.1') : own;
    const from = { address: receiver ? asSeenFrom(receiver.address, source) : source, port: local.port };
    receiver?.socket.deliver({ data: data.slice(), from });
    return receiver !== undefined;
  }
}
