/** Rules over IP addresses, as `net.BlockList` knows them. An IPv4 address and its form as an IPv6 address (`::ffff:…`) are one. */
import { addressBytes } from './addresses.ts';

/** Bytes of `::ffff:` in front of the four of an IPv4 address. */
const MAPPED_BYTES = [...Array<number>(10).fill(0), 255, 255];
const MAPPED_BITS = 96;

/** One rule: how it reads, and whom it matches. */
export interface AddressRule {
  text: string;
  matches(bytes: Uint8Array): boolean;
}

const nameOf = (bytes: Uint8Array): string => (bytes.length === 4 ? 'IPv4' : 'IPv6');

export function addressRule(address: string): AddressRule {
  const own = addressBytes(address);
  return { text: `Address: ${nameOf(own)} ${address}`, matches: (bytes) => compare(bytes, own) === 0 };
}

/** undefined when the start lies behind the end. */
export function rangeRule(start: string, end: string): AddressRule | undefined {
  const [first, last] = [addressBytes(start), addressBytes(end)];
  if ((compare(first, last) ?? 0) > 0) return undefined;
  return {
    text: `Range: ${nameOf(first)} ${start}-${end}`,
    matches: (bytes) => (compare(bytes, first) ?? -1) >= 0 && (compare(bytes, last) ?? 1) <= 0,
  };
}

export function subnetRule(network: string, prefix: number): AddressRule {
  const own = addressBytes(network);
  return {
    text: `Subnet: ${nameOf(own)} ${network}/${prefix}`,
    matches: (bytes) =>
      bytes.length === own.length
        ? shareBits(bytes, own, prefix)
        : shareBits(toIPv6(bytes), toIPv6(own), own.length === 4 ? prefix + MAPPED_BITS : prefix),
  };
}

/** The order of two addresses; undefined for an IPv4 and an IPv6 address that is no IPv4 one. */
function compare(one: Uint8Array, other: Uint8Array): number | undefined {
  if (one.length !== other.length) {
    const [longer, shorter] = one.length > other.length ? [one, other] : [other, one];
    if (!shareBits(longer, toIPv6(shorter), MAPPED_BITS)) return undefined;
    return compare(one.slice(-4), other.slice(-4));
  }
  const at = one.findIndex((byte, i) => byte !== other[i]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

function toIPv6(bytes: Uint8Array): Uint8Array {
  return bytes.length === 4 ? Uint8Array.from([...MAPPED_BYTES, ...bytes]) : bytes;
}

function shareBits(one: Uint8Array, other: Uint8Array, count: number): boolean {
  for (let bit = 0; bit < count; bit += 8) {
    const mask = (0xff << Math.max(0, 8 - (count - bit))) & 0xff;
    if ((((one[bit / 8] ?? 0) ^ (other[bit / 8] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}
