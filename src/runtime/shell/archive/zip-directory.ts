/** The list at the end of a zip archive: what it holds, with the times and modes that the members themselves do not tell. */

export interface ZipMember {
  name: string;
  size: number;
  packed: number;
  stored: boolean;
  method: number;
  /** Where its own header begins. */
  start: number;
  crc: number;
  /** Milliseconds; zip keeps local time in steps of two seconds. */
  mtimeMs: number;
  /** Of Unix, with the kind of file; 0 where the archive was made elsewhere. */
  mode: number;
}

const ENTRY = 0x02014b50;
const END = 0x06054b50;

/** Undefined for what is no archive. */
export function readDirectory(bytes: Uint8Array): ZipMember[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0) return undefined;
  const count = view.getUint16(end + 10, true);
  const members: ZipMember[] = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count && at + 46 <= bytes.length && view.getUint32(at, true) === ENTRY; i += 1) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const nameEnd = at + 46 + (nameLength ?? 0);
    members.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
      stored: view.getUint16(at + 10, true) === 0,
      method: view.getUint16(at + 10, true),
      start: view.getUint32(at + 42, true),
      mtimeMs: fromDos(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      mode: bytes[at + 5] === 3 ? view.getUint16(at + 40, true) : 0,
    });
    at = nameEnd + (extra ?? 0) + (comment ?? 0);
  }
  return members;
}

function fromDos(date: number, time: number): number {
  return new Date(
    (date >> 9) + 1980,
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  ).getTime();
}

/** How much smaller it is, in per cent. */
export function savedPercent({ size, packed }: { size: number; packed: number }): number {
  return size === 0 ? 0 : Math.max(0, Math.round((1 - packed / size) * 100));
}
