/** IP addresses as text and bytes, as `inet_pton` and `inet_ntop` see them. */

export function isIPv4(text: string): boolean {
  return ipv4ToBytes(text) !== undefined;
}

function ipv4ToBytes(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.map(Number);
}

/** The 16 bytes of an address without zone; undefined when it is none. */
export function ipv6ToBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : groupsOf(half)));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(halves.length === 2 ? missing : 0).fill(0), ...(tail ?? [])];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

/** 16-bit groups of a part without "::"; its last may be an IPv4 address. */
function groupsOf(text: string): number[] | undefined {
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const bytes = i === parts.length - 1 ? ipv4ToBytes(part) : undefined;
    if (bytes === undefined) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    groups.push((a << 8) | b, (c << 8) | d);
  }
  return groups;
}

/** The address in its shortest form; undefined when the text is no address. */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const bytes = ipv6ToBytes(text);
  if (bytes === undefined) return undefined;
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const embedsIPv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (embedsIPv4) return `::ffff:${bytes.slice(12).join('.')}`;
  const { start, length } = longestZeroRun(groups);
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** The text of 4 or 16 bytes. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return canonicalAddress(groups.join(':')) ?? '';
}

function longestZeroRun(groups: number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}

/** An address of this machine: all that there are lie on the loopback. */
export function isLocalAddress(canonical: string): boolean {
  return /^((::ffff:)?(127(\.\d+){3}|0\.0\.0\.0)|::1?)$/.test(canonical);
}

/** The 4 or 16 bytes of a canonical address. */
export function addressBytes(canonical: string): Uint8Array {
  const bytes = ipv4ToBytes(canonical);
  return bytes === undefined ? (ipv6ToBytes(canonical) ?? new Uint8Array(16)) : Uint8Array.from(bytes);
}
