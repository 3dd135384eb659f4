/** fd_read and fd_write of stdin, stdout and stderr: byte by byte what the program reads and writes, whatever its lines. */
import { joinBytes } from '../../kernel/join-bytes.ts';

type FileSystem = Pick<typeof import('node:fs'), 'readSync' | 'writeSync'>;
export type Memory = Pick<WebAssembly.Memory, 'buffer'>;

/** A call's arguments: the process's descriptor, where the vectors lie and how many they are, and where the count of bytes goes. */
export interface StreamCall {
  readonly fd: number;
  readonly vectors: number;
  readonly count: number;
  readonly moved: number;
}

/** Errors of preview 1: `errno` in its `wasi_snapshot_preview1.witx`. */
const ERRORS: Readonly<Record<string, number>> = { EAGAIN: 6, EBADF: 8, EINVAL: 28, EIO: 29, EISDIR: 31, EPIPE: 64 };

/** Fills the first vector that is not empty; 0 bytes are the end. Returns the call's errno. */
export function readInto(fs: FileSystem, memory: Memory, call: StreamCall): number {
  return attempt(memory, call, (pieces) => {
    const piece = pieces.find(({ length }) => length > 0);
    if (!piece) return 0;
    // The file system takes no view of a memory that threads share.
    const copy = new Uint8Array(piece.length);
    const count = fs.readSync(call.fd, copy);
    piece.set(copy.subarray(0, count));
    return count;
  });
}

/** Writes all vectors. Returns the call's errno. */
export function writeFrom(fs: FileSystem, memory: Memory, call: StreamCall): number {
  return attempt(memory, call, (pieces) => {
    const bytes = joinBytes(pieces);
    let written = 0;
    while (written < bytes.length) written += fs.writeSync(call.fd, bytes, written);
    return written;
  });
}

function attempt(memory: Memory, call: StreamCall, move: (pieces: readonly Uint8Array[]) => number): number {
  const view = new DataView(memory.buffer);
  const pieces = Array.from({ length: call.count }, (_, index) => {
    const at = call.vectors + index * 8;
    return new Uint8Array(memory.buffer, view.getUint32(at, true), view.getUint32(at + 4, true));
  });
  try {
    view.setUint32(call.moved, move(pieces), true);
    return 0;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return ERRORS[code] ?? ERRORS['EIO'] ?? 29;
  }
}
