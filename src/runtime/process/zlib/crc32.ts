/** CRC-32 of gzip and zip. */

const ENTRIES = 256;
/** So many bytes are looked up at once, each in a table of its own. */
const STEP = 8;

/** The first table takes a byte further by eight bits, each of the others by eight more; one behind the other. */
const tables = new Int32Array(STEP * ENTRIES);
for (let at = 0; at < tables.length; at++) {
  let value = at < ENTRIES ? at : entry(at - ENTRIES);
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  tables[at] = value;
}

function entry(index: number): number {
  return tables[index] as number;
}

/** Continues from `previous`, the checksum of what came before. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.byteLength;
  let crc = ~previous;
  let at = 0;
  for (; at + STEP <= end; at += STEP) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      entry((low & 255) + 7 * ENTRIES) ^
      entry(((low >>> 8) & 255) + 6 * ENTRIES) ^
      entry(((low >>> 16) & 255) + 5 * ENTRIES) ^
      entry((low >>> 24) + 4 * ENTRIES) ^
      entry((high & 255) + 3 * ENTRIES) ^
      entry(((high >>> 8) & 255) + 2 * ENTRIES) ^
      entry(((high >>> 16) & 255) + ENTRIES) ^
      entry(high >>> 24);
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ entry((crc ^ view.getUint8(at)) & 255);
  return ~crc >>> 0;
}
