/** Which of the sandbox's own addresses meet: wildcards, IPv4 and IPv6. Addresses come in their shortest form. */

export interface BoundAddress {
  address: string;
  /** `::` is not for IPv4 too. */
  ipv6Only: boolean;
}

const MAPPED = '::ffff:';

export const isIPv6 = (address: string): boolean => address.includes(':');

/** An address of this machine. `localhost` and nothing are IPv4. */
export function isLoopback(host: string): boolean {
  return /^(localhost|0\.0\.0\.0|127(\.\d+){3}|::|::1|::ffff:(127(\.\d+){3}|0\.0\.0\.0)|)$/i.test(host);
}

/** The address that a listener is bound to; an IPv4 address that is written as IPv6 is one of IPv4. */
export function toBind(host: string): string {
  if (host === '') return '0.0.0.0';
  return host === 'localhost' ? '127.0.0.1' : unmapped(host);
}

/** Where a connection to a host goes: a wildcard means this machine. */
export function toReach(host: string): string {
  const address = toBind(host);
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

/** Whether what is bound there receives what goes to the address. */
export function covers({ address, ipv6Only }: BoundAddress, target: string): boolean {
  if (address === target) return true;
  if (address === '0.0.0.0') return !isIPv6(target);
  return address === '::' && (isIPv6(target) || !ipv6Only);
}

export function conflict(one: BoundAddress, other: BoundAddress): boolean {
  return covers(one, other.address) || covers(other, one.address);
}

/** How one side that is bound to the address sees another: a listener on `::` sees IPv4 addresses as mapped ones. */
export function asSeenFrom(bound: string, address: string): string {
  return isIPv6(bound) && !isIPv6(address) ? `${MAPPED}${address}` : address;
}

function unmapped(address: string): string {
  return address.toLowerCase().startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
}
