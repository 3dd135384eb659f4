/** `/etc/hosts`: an address and its names a line. */
import { canonicalAddress } from './addresses.ts';

export interface Host {
  address: string;
  names: string[];
}

/** Lines that begin with no address are left out, as is what follows a `#`. */
export function parseHosts(text: string): Host[] {
  return text.split('\n').flatMap((line) => {
    const [first = '', ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    const address = canonicalAddress(first);
    return address === undefined ? [] : [{ address, names: names.map((name) => name.toLowerCase()) }];
  });
}

/** Each address once, in the order of the lines. */
export function addressesOf(hosts: readonly Host[], name: string): string[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  return [...new Set(hosts.filter(({ names }) => names.includes(wanted)).map(({ address }) => address))];
}

export function namesOf(hosts: readonly Host[], address: string): string[] {
  return hosts.filter((host) => host.address === address).flatMap(({ names }) => names);
}
