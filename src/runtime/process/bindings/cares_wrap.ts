import type { BindingFactory } from '../context.ts';
import { canonicalAddress, ipv6ToBytes, isIPv4 } from '../streams/addresses.ts';
import { errnoOfError, handleClasses } from '../streams/handle-wrap.ts';
import { addressesOf, type Host, namesOf, parseHosts } from '../streams/hosts.ts';
import { tellOfMissingNetwork } from '../streams/missing-network.ts';
import { streamClasses } from '../streams/stream-wrap.ts';

const IPV6_FIRST = 2;
/** The everyday entries of /etc/services. */
const SERVICES: Readonly<Record<number, string>> = { 22: 'ssh', 25: 'smtp', 53: 'domain', 80: 'http', 443: 'https' };

/** `internalBinding('cares_wrap')`: names. Only this sandbox's own are known; it has no name server. */
export const caresWrap: BindingFactory = (context) => {
  const { sys, loop, asyncContext } = context;
  const { AsyncWrap } = handleClasses(context);
  const { complete } = streamClasses(context);

  /** The sandbox's own file, as a project or its user may have changed it. */
  function hosts(): Host[] {
    try {
      return parseHosts(new TextDecoder().decode(sys.call('readFile', '/etc/hosts')));
    } catch (error) {
      errnoOfError(context, error);
      return [];
    }
  }

  function resolve(host: string, family: number, order: number): string[] {
    const literal = canonicalAddress(host);
    if (literal !== undefined) return [literal];
    const found = addressesOf(hosts(), host).filter((address) => family === 0 || isIPv4(address) === (family === 4));
    if (found.length === 0) tellOfMissingNetwork(context, host);
    const [first, second] = order === IPV6_FIRST ? [false, true] : [true, false];
    if (order === 0) return found;
    return [first, second].flatMap((v4) => found.filter((address) => isIPv4(address) === v4));
  }

  function answer(request: object, provider: string, args: unknown[]): number {
    asyncContext.register(request, provider);
    loop.ref();
    loop.enqueue(() => {
      loop.unref();
      complete(request, args);
    });
    return 0;
  }

  class GetAddrInfoReqWrap extends AsyncWrap {}
  class GetNameInfoReqWrap extends AsyncWrap {}
  class QueryReqWrap extends AsyncWrap {}

  class ChannelWrap extends AsyncWrap {
    #servers: unknown[] = [['127.0.0.1', 53]];
    constructor() {
      super('DNSCHANNEL');
    }
    getServers(): unknown[] {
      return this.#servers;
    }
    setServers(servers: unknown[]): number {
      this.#servers = servers.map((server) => (server as unknown[]).slice(1));
      return 0;
    }
    getHostByAddr(request: object, address: string): number {
      const names = namesOf(hosts(), canonicalAddress(address) ?? address);
      return answer(request, 'QUERYWRAP', names.length > 0 ? [null, names] : ['ENOTFOUND']);
    }
    setLocalAddress(): void {
      // Accepted: no query ever leaves the sandbox.
    }
    cancel(): void {
      // Every query is answered in the next turn.
    }
  }
  const queries =
    'queryA queryAny queryAaaa queryCaa queryCname queryMx queryNaptr queryNs queryPtr querySrv querySoa queryTlsa queryTxt';
  for (const name of queries.split(' ')) {
    Object.defineProperty(ChannelWrap.prototype, name, {
      value: (request: object, host: string): number => {
        tellOfMissingNetwork(context, host);
        return answer(request, 'QUERYWRAP', ['ENOTFOUND']);
      },
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }

  return {
    ...context.described('cares_wrap'),
    ChannelWrap,
    GetAddrInfoReqWrap,
    GetNameInfoReqWrap,
    QueryReqWrap,
    getaddrinfo: (request: object, host: string, family: number, _flags: number, order: number): number => {
      const addresses = resolve(host, family, order);
      const args = addresses.length > 0 ? [null, addresses] : [context.errnoOf('EAI_NONAME')];
      return answer(request, 'GETADDRINFOREQWRAP', args);
    },
    getnameinfo: (request: object, address: string, port: number): number => {
      const name = namesOf(hosts(), canonicalAddress(address) ?? address)[0];
      const args = name === undefined ? [context.errnoOf('EAI_NONAME')] : [null, name, SERVICES[port] ?? String(port)];
      return answer(request, 'GETNAMEINFOREQWRAP', args);
    },
    canonicalizeIP: (address: string): string | undefined => canonicalAddress(address),
    convertIpv6StringToBuffer: (address: string): unknown => {
      const bytes = ipv6ToBytes(address);
      if (bytes === undefined) return undefined;
      const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
      return GuestBuffer.from(bytes.buffer);
    },
    strerror: (code: number): string => `DNS error ${code}`,
  };
};
