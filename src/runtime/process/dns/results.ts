import type { DnsRecord, RecordType } from './message.ts';

/** The order in which `resolveAny` lists records. */
const ANY_ORDER: readonly RecordType[] = [
  ...(['A', 'CNAME', 'AAAA', 'MX', 'NS', 'TXT', 'SRV', 'PTR', 'NAPTR', 'SOA', 'TLSA', 'CAA'] as const),
];

/** What the library's `oncomplete` gets behind the error, or null where no record is of the type. */
export function resultsOf(type: RecordType, records: readonly DnsRecord[]): unknown[] | null {
  if (type === 'ANY') {
    const isAlias = records.some((record) => record.type === 'CNAME');
    const order = ANY_ORDER.filter((name) => !(isAlias && name === 'A'));
    const known = order.flatMap((name) => records.filter((record) => record.type === name));
    return known.length === 0 ? null : [known.map(withType)];
  }
  const found = records.filter((record) => record.type === type);
  const data = found.map((record) => record.data);
  if (data.length === 0) return null;
  switch (type) {
    case 'A':
    case 'AAAA':
      return [data.map(({ address }) => address), found.map(({ ttl }) => ttl)];
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return [data.map(({ value }) => value)];
    case 'TXT':
      return [data.map(({ entries }) => entries)];
    // Node has a property for the type in these, and no value for it.
    case 'SOA':
      return [{ ...data[0], type: undefined }];
    case 'NAPTR':
      return [data.map((each) => ({ ...each, type: undefined }))];
    case 'TLSA':
      return [data];
    default:
      return [found.map(withType)];
  }
}

function withType({ type, ttl, data }: DnsRecord): Record<string, unknown> {
  if (type === 'A' || type === 'AAAA') return { ...data, ttl, type };
  const { critical, ...property } = data;
  return type === 'CAA' ? { critical, type, ...property } : { ...data, type };
}

/** The name under which an address is looked up ("4.3.2.1.in-addr.arpa"). */
export function reverseName(bytes: Uint8Array): string {
  const digits =
    bytes.length === 4
      ? Array.from(bytes, String)
      : Array.from(bytes).flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  return `${digits.reverse().join('.')}.${bytes.length === 4 ? 'in-addr' : 'ip6'}.arpa`;
}
