import { joinBytes } from '../../kernel/join-bytes.ts';
import type { Sys } from '../system-calls/sys.ts';

const CHUNK_BYTES = 65_536;

/** What a descriptor gives until its end, from where it stands. Throws a SystemError. */
export function readToEnd(sys: Sys, fd: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = sys.call('read', fd, CHUNK_BYTES, null);
    if (chunk.length === 0) return joinBytes(chunks);
    chunks.push(chunk);
  }
}
