/** The loopback network: listeners by port or path, and who is told of ports. */
import { ListenerDescription } from './descriptions/listener.ts';
import { createSocketPair, type SocketDescription } from './descriptions/socket.ts';
import type { Inode } from './file-system/inode.ts';
import { type Endpoint, SystemError } from './syscalls.ts';

export type PortListener = (port: number, type: 'open' | 'close') => void;

const FIRST_EPHEMERAL = 32_768;
const MAX_PORT = 65_535;

export class Network {
  readonly #ports = new Map<number, ListenerDescription>();
  readonly #paths = new Map<Inode, ListenerDescription>();
  #nextPort = FIRST_EPHEMERAL;
  onPort: PortListener = () => undefined;

  /** Port 0 picks a free one. EADDRINUSE, EADDRNOTAVAIL. */
  listen(host: string, port: number): { listener: ListenerDescription; port: number } {
    if (!isLoopback(host)) throw new SystemError('EADDRNOTAVAIL');
    const chosen = port === 0 ? this.#freePort() : port;
    if (this.#ports.has(chosen)) throw new SystemError('EADDRINUSE');
    const listener = new ListenerDescription(() => {
      this.#ports.delete(chosen);
      this.onPort(chosen, 'close');
    });
    listener.local = { address: host, port: chosen };
    this.#ports.set(chosen, listener);
    this.onPort(chosen, 'open');
    return { listener, port: chosen };
  }

  /** ECONNREFUSED, ENETUNREACH. */
  connect(host: string, port: number): { socket: SocketDescription; local: Endpoint; remote: Endpoint } {
    if (!isLoopback(host)) throw new SystemError('ENETUNREACH');
    const listener = this.#ports.get(port);
    if (!listener) throw new SystemError('ECONNREFUSED');
    const address = host.includes(':') && host !== '::' ? '::1' : '127.0.0.1';
    const local = { address, port: this.#freePort() };
    const remote = { address, port };
    const [socket, peer] = createSocketPair();
    Object.assign(socket, { local, remote });
    Object.assign(peer, { local: remote, remote: local });
    listener.enqueue({ socket: peer, local: remote, remote: local });
    return { socket, local, remote };
  }

  listenAt(inode: Inode): ListenerDescription {
    const listener = new ListenerDescription(() => void this.#paths.delete(inode));
    this.#paths.set(inode, listener);
    return listener;
  }

  connectTo(inode: Inode): SocketDescription {
    const listener = this.#paths.get(inode);
    if (!listener) throw new SystemError('ECONNREFUSED');
    const [socket, peer] = createSocketPair();
    const nowhere = { address: '', port: 0 };
    listener.enqueue({ socket: peer, local: nowhere, remote: nowhere });
    return socket;
  }

  #freePort(): number {
    for (let tries = MAX_PORT - FIRST_EPHEMERAL; tries > 0; tries--) {
      const port = this.#nextPort;
      this.#nextPort = port === MAX_PORT ? FIRST_EPHEMERAL : port + 1;
      if (!this.#ports.has(port)) return port;
    }
    throw new SystemError('EADDRINUSE');
  }
}

function isLoopback(host: string): boolean {
  return /^(localhost|0\.0\.0\.0|127(\.\d+){3}|::|::1|::ffff:127(\.\d+){3}|)$/i.test(host);
}
