import { joinBytes } from '../../kernel/join-bytes.ts';
import type { Endpoint } from '../../kernel/network/endpoints.ts';
import type { BindingFactory } from '../context.ts';
import { canonicalAddress, isLocalAddress } from '../streams/addresses.ts';
import { errnoOfError, guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import { tellOfMissingNetwork } from '../streams/missing-network.ts';
import { bytesOf, copyOf, encodeUtf8 } from '../streams/text.ts';

const UV_UDP_IPV6ONLY = 1;
const UV_UDP_REUSEADDR = 4;
const UV_UDP_REUSEPORT = 64;
const BUFFER_SIZE = 212_992;
const MAX_TTL = 255;

/** Of `send`: port, address and whether there is a callback, or the last alone. */
type Target = [unknown, unknown?, unknown?];

/** `internalBinding('udp_wrap')`: UDP over the sandbox's loopback. There is no multicast: who asks for it gets ENODEV. */
export const udpWrap: BindingFactory = (context) => {
  const { sys, loop, asyncContext } = context;
  const { AsyncWrap, HandleWrap } = handleClasses(context);
  const errno = (code: string): number => context.errnoOf(code);

  class UDP extends HandleWrap {
    #fd = -1;
    #local: Endpoint | null = null;
    #remote: Endpoint | null = null;
    #receiving = false;
    #polling = false;

    constructor() {
      super('UDPWRAP');
    }

    get fd(): number {
      return this.#fd;
    }
    // The library puts bind6 in the place of bind for an IPv6 socket, and so on: they must not call each other.
    bind(address: string, port: number, flags = 0): number {
      return this.#bind(address, port, flags);
    }
    bind6(address: string, port: number, flags = 0): number {
      return this.#bind(address, port, flags);
    }
    #bind(address: string, port: number, flags: number): number {
      const options = {
        ipv6Only: (flags & UV_UDP_IPV6ONLY) !== 0,
        reuseAddress: (flags & (UV_UDP_REUSEADDR | UV_UDP_REUSEPORT)) !== 0,
      };
      return this.#attempt(() => {
        this.#local = sys.call('bindDatagram', this.#open(), endpoint(address, port), options);
      });
    }
    connect(address: string, port: number): number {
      return this.#connect(address, port);
    }
    connect6(address: string, port: number): number {
      return this.#connect(address, port);
    }
    /** Only remembers the address: what comes from others is left out from now on. */
    #connect(address: string, port: number): number {
      const remote = endpoint(address, port);
      if (!isLocalAddress(remote.address)) return this.#unreachable(address);
      this.#remote = remote;
      return 0;
    }
    disconnect(): number {
      if (this.#remote === null) return errno('ENOTCONN');
      this.#remote = null;
      return 0;
    }

    send(_request: object, chunks: unknown[], _count: number, ...to: Target): number {
      return this.#send(chunks, to);
    }
    send6(_request: object, chunks: unknown[], _count: number, ...to: Target): number {
      return this.#send(chunks, to);
    }
    /** The number of bytes and one more: sent at once. Without an address, to where it is connected. */
    #send(chunks: unknown[], to: Target): number {
      const remote = to.length > 1 ? endpoint(String(to[1]), Number(to[0])) : this.#remote;
      if (remote === null) return errno('EDESTADDRREQ');
      const data = joinBytes(chunks.map((chunk) => (typeof chunk === 'string' ? encodeUtf8(chunk) : bytesOf(chunk))));
      if (!isLocalAddress(remote.address)) return this.#unreachable(remote.address);
      return this.#attempt(() => void sys.call('sendDatagram', this.#open(), data, remote)) || data.length + 1;
    }

    recvStart(): number {
      if (this.isClosed) return errno('EBADF');
      this.#receiving = true;
      this.activate();
      this.#poll();
      return 0;
    }
    recvStop(): number {
      this.#receiving = false;
      this.deactivate();
      return 0;
    }

    getsockname(out: object): number {
      return describe(out, this.#local, 'EBADF');
    }
    getpeername(out: object): number {
      return describe(out, this.#remote, 'ENOTCONN');
    }
    /** The kernel's buffers have one size; a wish for another is accepted and doubled, as Linux does. */
    bufferSize(size: number, isReceive: boolean, failure: Record<string, unknown>): number | undefined {
      if (this.#fd >= 0) return size === 0 ? BUFFER_SIZE : size * 2;
      const syscall = isReceive ? 'uv_recv_buffer_size' : 'uv_send_buffer_size';
      Object.assign(failure, { errno: errno('EBADF'), code: 'EBADF', message: 'bad file descriptor', syscall });
      return undefined;
    }
    getSendQueueSize(): number {
      return 0;
    }
    getSendQueueCount(): number {
      return 0;
    }
    setBroadcast(): number {
      return this.#option(true);
    }
    setTTL(ttl: number): number {
      return this.#option(ttl >= 1 && ttl <= MAX_TTL);
    }
    setMulticastTTL(ttl: number): number {
      return this.#option(ttl >= 0 && ttl <= MAX_TTL);
    }
    setMulticastLoopback(): number {
      return this.#option(true);
    }
    setMulticastInterface(address: string): number {
      return this.#option(canonicalAddress(address) !== undefined);
    }
    /** Without effect: what leaves the loopback is nothing. */
    #option(isValid: boolean): number {
      if (this.#fd < 0) return errno('EBADF');
      return isValid ? 0 : errno('EINVAL');
    }
    open(): number {
      return errno('ENOTSUP');
    }

    protected override release(): void {
      super.release();
      this.#receiving = false;
      if (this.#fd >= 0) sys.callWith('close', [this.#fd], () => undefined);
    }

    #open(): number {
      if (this.#fd < 0) this.#fd = sys.call('datagramSocket');
      return this.#fd;
    }

    /** 0, or the errno of the system call that the step makes. */
    #attempt(step: () => void): number {
      if (this.isClosed) return errno('EBADF');
      try {
        step();
        return 0;
      } catch (error) {
        return errnoOfError(context, error);
      }
    }

    #unreachable(address: string): number {
      tellOfMissingNetwork(context, address);
      return errno('ENETUNREACH');
    }

    #poll(): void {
      if (this.#polling || this.#fd < 0 || this.isClosed) return;
      this.#polling = true;
      sys.callWith('poll', [this.#fd], () => this.#receive());
    }

    /** One message a callback, as long as there are any. */
    #receive(): void {
      this.#polling = false;
      if (this.isClosed || !this.#receiving) return;
      let message: { data: Uint8Array; from: Endpoint };
      try {
        message = sys.call('receiveDatagram', this.#fd);
      } catch (error) {
        if (errnoOfError(context, error) !== errno('EAGAIN')) throw error;
        this.#poll();
        return;
      }
      this.#polling = true;
      loop.enqueue(() => this.#receive());
      if (this.#remote === null || isSame(this.#remote, message.from)) this.#deliver(message);
    }

    #deliver({ data, from }: { data: Uint8Array; from: Endpoint }): void {
      const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
      const address = { address: from.address, family: familyOf(from.address), port: from.port };
      asyncContext.runIn(this, () => {
        guestMethod(this, 'onmessage')?.(data.length, this, GuestBuffer.from(copyOf(data).buffer), address);
      });
    }
  }
  const multicast = ['addMembership', 'dropMembership', 'addSourceSpecificMembership', 'dropSourceSpecificMembership'];
  for (const name of multicast) {
    const join = (address: string) => errno(canonicalAddress(address) === undefined ? 'EINVAL' : 'ENODEV');
    Object.defineProperty(UDP.prototype, name, { value: join });
  }

  class SendWrap extends AsyncWrap {}

  function describe(out: object, at: Endpoint | null, missing: string): number {
    if (at === null) return errno(missing);
    Object.assign(out, { address: at.address, family: familyOf(at.address), port: at.port });
    return 0;
  }

  return { ...context.described('udp_wrap'), UDP, SendWrap };
};

const familyOf = (address: string): string => (address.includes(':') ? 'IPv6' : 'IPv4');

const isSame = (one: Endpoint, other: Endpoint): boolean => one.address === other.address && one.port === other.port;

/** The library passes a port on as it was given to it. */
function endpoint(address: string, port: unknown): Endpoint {
  return { address: canonicalAddress(address) ?? address, port: typeof port === 'number' ? port & 0xffff : 0 };
}
