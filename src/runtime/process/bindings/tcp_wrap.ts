import type { PassedDescriptor } from '../../kernel/descriptors.ts';
import type { Connected, Endpoint } from '../../kernel/network/endpoints.ts';
import type { BindingFactory } from '../context.ts';
import { canonicalAddress, isLocalAddress } from '../streams/addresses.ts';
import { errnoOfError, handleClasses } from '../streams/handle-wrap.ts';
import { acceptConnections } from '../streams/listener.ts';
import { tellOfMissingNetwork } from '../streams/missing-network.ts';
import { streamClasses } from '../streams/stream-wrap.ts';

const SOCKET = 0;
const SERVER = 1;
/** As Node's library, for whoever says nothing else. */
const BACKLOG = 511;
const UV_TCP_IPV6ONLY = 1;
const UV_TCP_REUSEPORT = 2;

/** `internalBinding('tcp_wrap')`: TCP over the sandbox's loopback. */
export const tcpWrap: BindingFactory = (context) => {
  const { sys, loop, asyncContext } = context;
  const { LibuvStreamWrap, complete } = streamClasses(context);
  const { AsyncWrap } = handleClasses(context);

  /** Ends of connections by their numbers, until the other end is found in this thread, which may never be. */
  const unmatched = new Map<number, TCP>();

  class TCP extends LibuvStreamWrap {
    onconnection: unknown = null;
    #local: Endpoint | null = null;
    #remote: Endpoint | null = null;
    #flags = 0;
    #listening = false;
    #isListener = false;
    #resets = false;
    #connection = -1;

    readonly #isServer: boolean;

    constructor(type: number) {
      super(type === SERVER ? 'TCPSERVERWRAP' : 'TCPWRAP');
      this.#isServer = type === SERVER;
    }

    open(fd: number): number {
      try {
        this.adoptPassed({ fd, kind: sys.call('descriptorKind', fd), ...sys.call('endpoints', fd) });
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }
    /** The port is taken by `listen` or `connect`: as with libuv, EADDRINUSE comes there. */
    bind(address: string, port: unknown, flags = 0): number {
      const canonical = canonicalAddress(address);
      if (canonical === undefined) return context.errnoOf('EINVAL');
      if (!isLocalAddress(canonical)) return context.errnoOf('EADDRNOTAVAIL');
      this.#local = { address: canonical, port: typeof port === 'number' ? port : 0 };
      this.#flags = flags;
      return 0;
    }
    bind6(address: string, port: unknown, flags = 0): number {
      return this.bind(address, port, flags);
    }
    /** A socket or listener of another process. */
    adoptPassed({ fd, kind, local, remote }: PassedDescriptor): void {
      this.#local = local;
      this.#remote = remote;
      this.#isListener = kind === 'listener';
      this.adopt(fd);
    }
    listen(backlog: number): number {
      const status = this.#isListener ? 0 : this.#takePort(backlog);
      return status === 0 ? this.#acceptNow() : status;
    }
    #takePort(backlog: number): number {
      const { address, port } = this.#local ?? { address: '0.0.0.0', port: 0 };
      try {
        const options = {
          ipv6Only: (this.#flags & UV_TCP_IPV6ONLY) !== 0,
          reusePort: (this.#flags & UV_TCP_REUSEPORT) !== 0,
        };
        const listener = sys.call('listen', address, port, backlog, options);
        this.#local = { address, port: listener.port };
        this.adopt(listener.fd);
        this.#isListener = true;
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }
    /** Who gets a server that is only bound is to listen at its port, and the kernel knows of no others. */
    override leaveThread(): void {
      if (this.#isServer && this.fd < 0 && this.#local !== null) this.#takePort(BACKLOG);
      super.leaveThread();
    }
    #acceptNow(): number {
      this.#listening = true;
      this.activate();
      const server = { handle: this, fd: this.fd, isClosed: () => this.isClosed };
      acceptConnections(context, server, (connection) => {
        const socket = new TCP(SOCKET);
        socket.#connected(connection);
        return socket;
      });
      return 0;
    }
    override readStop(): number {
      return this.#listening ? 0 : super.readStop();
    }

    connect(request: object, address: string, port: number): number {
      asyncContext.register(request, 'TCPCONNECTWRAP', { trigger: this });
      const from: [Endpoint?] = this.#local === null ? [] : [this.#local];
      loop.ref();
      sys.callWith('connect', [canonicalAddress(address) ?? address, port, ...from], (error, connection) => {
        loop.unref();
        if (this.isClosed) {
          if (connection !== undefined) sys.callWith('close', [connection.fd], () => undefined);
          return complete(request, [context.errnoOf('ECANCELED'), this, request, false, false]);
        }
        let status = error === null ? 0 : errnoOfError(context, error);
        if (status === context.errnoOf('ENETUNREACH')) tellOfMissingNetwork(context, address);
        if (connection !== undefined) {
          const isLocal = this.#connected(connection);
          const lost = isLocal ? null : sys.call('takeError', connection.fd);
          if (lost !== null) status = context.errnoOf(lost);
        }
        complete(request, [status, this, request, status === 0, status === 0]);
      });
      return 0;
    }
    connect6(request: object, address: string, port: number): number {
      return this.connect(request, address, port);
    }
    /** Whether the other end is this thread's, too. */
    #connected({ fd, local, remote, connection }: Connected): boolean {
      this.#local = local;
      this.#remote = remote;
      this.adoptOwn(fd);
      const other = unmatched.get(connection);
      if (other === undefined) {
        unmatched.set(connection, this);
        this.#connection = connection;
        return false;
      }
      unmatched.delete(connection);
      return this.linkTo(other);
    }
    protected override release(): void {
      unmatched.delete(this.#connection);
      super.release();
    }

    getsockname(out: object): number {
      return describeEndpoint(out, this.#local, 'EBADF');
    }
    getpeername(out: object): number {
      return describeEndpoint(out, this.#remote, 'ENOTCONN');
    }
    setNoDelay(): number {
      return 0;
    }
    setKeepAlive(): number {
      return 0;
    }
    setSimultaneousAccepts(): number {
      return 0;
    }
    /** Closes the connection so that the peer's reads and writes fail with ECONNRESET. */
    reset(callback?: unknown): number {
      this.#resets = this.fd >= 0 && !this.#listening;
      this.close(callback);
      return 0;
    }
    protected override get resets(): boolean {
      return this.#resets;
    }
  }

  function describeEndpoint(out: object, endpoint: Endpoint | null, errno: string): number {
    if (endpoint === null) return context.errnoOf(errno);
    const family = endpoint.address.includes(':') ? 'IPv6' : 'IPv4';
    Object.assign(out, { address: endpoint.address, family, port: endpoint.port });
    return 0;
  }

  class TCPConnectWrap extends AsyncWrap {}

  return { ...context.described('tcp_wrap'), TCP, TCPConnectWrap };
};
