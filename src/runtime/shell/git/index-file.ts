/** git's index, version 2 (gitformat-index(5)): what is staged, with the stat data that shows quickly what changed. */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export interface IndexEntry {
  path: string;
  /** As in a tree: 0o100644, 0o100755 or 0o120000. */
  mode: number;
  oid: string;
  /** 0, or the side of a conflict: 1 base, 2 ours, 3 theirs. */
  stage: number;
  /** Counts as unchanged, whatever lies in the work tree: by `--assume-unchanged`, by `--skip-worktree`. */
  assumed?: boolean;
  skipped?: boolean;
  /** To be added later, by `add -N`: nothing of it is staged. */
  intended?: boolean;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
  dev: number;
  uid: number;
  gid: number;
}

const HEADER = 12;
const FIXED = 62;
const EXTENDED = 0x4000;
const ASSUMED = 0x8000;
/** In the second word of flags. */
const SKIPPED = 0x4000;
const INTENDED = 0x2000;

/** Sorted by path, then stage. Throws for a version that is not known. */
export function parseIndex(bytes: Uint8Array): IndexEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) throw new Error(`index uses version ${version}, which is not supported`);
  const decoder = new TextDecoder();
  const entries: IndexEntry[] = [];
  let at = HEADER;
  for (let count = view.getUint32(8); count > 0; count -= 1) {
    const word = (index: number) => view.getUint32(at + index * 4);
    const flags = view.getUint16(at + 60);
    const start = at + FIXED + (flags & EXTENDED ? 2 : 0);
    const end = bytes.indexOf(0, start);
    const more = flags & EXTENDED ? view.getUint16(at + FIXED) : 0;
    entries.push({
      path: decoder.decode(bytes.subarray(start, end)),
      ctimeMs: word(0) * 1000 + word(1) / 1e6,
      mtimeMs: word(2) * 1000 + word(3) / 1e6,
      dev: word(4),
      ino: word(5),
      mode: word(6),
      uid: word(7),
      gid: word(8),
      size: word(9),
      oid: bytesToHex(bytes.subarray(at + 40, at + 60)),
      stage: (flags >> 12) & 3,
      ...(flags & ASSUMED ? { assumed: true } : {}),
      ...(more & SKIPPED ? { skipped: true } : {}),
      ...(more & INTENDED ? { intended: true } : {}),
    });
    at += Math.ceil((end - at + 1) / 8) * 8;
  }
  return entries;
}

export function serializeIndex(entries: readonly IndexEntry[]): Uint8Array {
  const encoder = new TextEncoder();
  const sorted = entries
    .map((entry) => ({ entry, name: encoder.encode(entry.path) }))
    .sort((a, b) => compareBytes(a.name, b.name) || a.entry.stage - b.entry.stage);
  const more = ({ skipped, intended }: IndexEntry) => (skipped ? SKIPPED : 0) | (intended ? INTENDED : 0);
  const fixed = (entry: IndexEntry) => FIXED + (more(entry) ? 2 : 0);
  const sizes = sorted.map(({ entry, name }) => Math.ceil((fixed(entry) + name.length + 1) / 8) * 8);
  const bytes = new Uint8Array(HEADER + sizes.reduce((sum, size) => sum + size, 0) + 20);
  const view = new DataView(bytes.buffer);
  bytes.set(encoder.encode('DIRC'));
  view.setUint32(4, entries.some(more) ? 3 : 2);
  view.setUint32(8, sorted.length);
  let at = HEADER;
  for (const [index, { entry, name }] of sorted.entries()) {
    const words = [
      Math.floor(entry.ctimeMs / 1000),
      Math.floor((entry.ctimeMs % 1000) * 1e6),
      Math.floor(entry.mtimeMs / 1000),
      Math.floor((entry.mtimeMs % 1000) * 1e6),
      entry.dev,
      entry.ino,
      entry.mode,
      entry.uid,
      entry.gid,
      entry.size,
    ];
    for (const [offset, word] of words.entries()) view.setUint32(at + offset * 4, word >>> 0);
    bytes.set(hexToBytes(entry.oid), at + 40);
    const marks = (entry.assumed ? ASSUMED : 0) | (more(entry) ? EXTENDED : 0);
    view.setUint16(at + 60, marks | (entry.stage << 12) | Math.min(name.length, 0xfff));
    if (more(entry)) view.setUint16(at + FIXED, more(entry));
    bytes.set(name, at + fixed(entry));
    at += sizes[index] ?? 0;
  }
  bytes.set(sha1(bytes.subarray(0, at)), at);
  return bytes;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return a.length - b.length;
}
