import type { Endpoint } from '../../kernel/network/endpoints.ts';
import type { BindingFactory } from '../context.ts';
import { RECORD_TYPES, type RecordType } from '../dns/message.ts';
import { NameServerQueries } from '../dns/name-server-queries.ts';
import { resultsOf, reverseName } from '../dns/results.ts';
import { addressBytes, canonicalAddress, ipv6ToBytes, isIPv4, isLocalAddress } from '../streams/addresses.ts';
import { errnoOfError, handleClasses } from '../streams/handle-wrap.ts';
import { addressesOf, type Host, namesOf, parseHosts } from '../streams/hosts.ts';
import { tellOfMissingNetwork } from '../streams/missing-network.ts';
import { streamClasses } from '../streams/stream-wrap.ts';

const IPV6_FIRST = 2;
/** DNS_ESETSRVPENDING */
const PENDING_QUERIES = -1000;
const DEFAULT_SERVERS: readonly Endpoint[] = [{ address: '127.0.0.1', port: 53 }];
/** The everyday entries of /etc/services. */
const SERVICES: Readonly<Record<number, string>> = { 22: 'ssh', 25: 'smtp', 53: 'domain', 80: 'http', 443: 'https' };

/** `internalBinding('cares_wrap')`: names. This sandbox's own are known, and what name servers on its loopback tell of others. */
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

  function answer(request: object, provider: string, args: unknown[], before = (): unknown => undefined): number {
    asyncContext.register(request, provider);
    loop.ref();
    loop.enqueue(() => {
      loop.unref();
      before();
      complete(request, args);
    });
    return 0;
  }

  class GetAddrInfoReqWrap extends AsyncWrap {}
  class GetNameInfoReqWrap extends AsyncWrap {}
  class QueryReqWrap extends AsyncWrap {}

  class ChannelWrap extends AsyncWrap {
    readonly #queries: NameServerQueries;
    /** Null until they are set: then nobody is asked. */
    #servers: Endpoint[] | null = null;
    #pending = 0;

    constructor(timeout: number, tries: number, maxTimeout: number) {
      super('DNSCHANNEL');
      this.#queries = new NameServerQueries(context, { timeout, tries, maxTimeout });
    }
    getServers(): unknown[] {
      return (this.#servers ?? DEFAULT_SERVERS).map(({ address, port }) => [address, port]);
    }
    setServers(servers: [family: number, address: string, port: number][]): number {
      if (this.#pending > 0) return PENDING_QUERIES;
      this.#servers = servers.map(([, address, port]) => ({ address, port }));
      this.#queries.servers = this.#servers.filter(({ address }) => isLocalAddress(canonicalAddress(address) ?? ''));
      return 0;
    }
    getHostByAddr(request: object, address: string): number {
      const canonical = canonicalAddress(address);
      if (canonical === undefined) return context.errnoOf('EINVAL');
      const names = namesOf(hosts(), canonical);
      if (names.length > 0) return this.#answer(request, [null, names]);
      return this.query(request, reverseName(addressBytes(canonical)), 'PTR');
    }
    /** Checked, and without effect: all addresses here are on the loopback. */
    setLocalAddress(first: string, second?: string): void {
      const given = [first, second].filter((address) => address !== undefined).map(canonicalAddress);
      if (given.includes(undefined)) throw invalidAddress('Invalid IP address.');
      const [family, other] = given.map((address) => (isIPv4(address ?? '') ? 'IPv4' : 'IPv6'));
      if (family === other) throw invalidAddress(`Cannot specify two ${family} addresses.`);
    }
    cancel(): void {
      this.#queries.cancel();
    }
    /** Of the loopback's servers, if there are any. */
    query(request: object, name: string, type: RecordType): number {
      if (this.#queries.servers.length === 0 || /\.onion\.?$/i.test(name)) {
        if (type !== 'PTR') tellOfMissingNetwork(context, name);
        return this.#answer(request, ['ENOTFOUND']);
      }
      asyncContext.register(request, 'QUERYWRAP');
      this.#pending++;
      this.#queries.start(name, type, (error, records) => {
        this.#pending--;
        const results = error === null ? resultsOf(type, records) : null;
        complete(request, results ? [null, ...results] : [error ?? 'ENODATA']);
      });
      return 0;
    }
    #answer(request: object, args: unknown[]): number {
      this.#pending++;
      return answer(request, 'QUERYWRAP', args, () => this.#pending--);
    }
  }
  for (const type of Object.keys(RECORD_TYPES) as RecordType[]) {
    Object.defineProperty(ChannelWrap.prototype, `query${type.charAt(0)}${type.slice(1).toLowerCase()}`, {
      value(this: ChannelWrap, request: object, name: string): number {
        return this.query(request, name, type);
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
    strerror: (code: number): string => (code === PENDING_QUERIES ? 'There are pending queries.' : `DNS error ${code}`),
  };
};

const invalidAddress = (message: string): Error =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
