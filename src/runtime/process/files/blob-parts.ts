/** What blobs are made of: bytes in memory and ranges of files, which are read piece by piece when somebody asks. */
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { createOperations } from './operation.ts';

export type BlobPart = Uint8Array<ArrayBuffer> | FileRange;

export interface FileRange {
  readonly path: string;
  /** Of the file as the blob was made: once it was written to, or is gone, it cannot be read. */
  readonly version: string;
  readonly start: number;
  readonly end: number;
}

/** As native Node reads a file for a blob. */
const READ_BYTES = 65536;

export const lengthOf = (part: BlobPart): number => (part instanceof Uint8Array ? part.length : part.end - part.start);

/** The parts between two positions, without empty ones. */
export function sliceParts(parts: readonly BlobPart[], start: number, end: number): BlobPart[] {
  let at = 0;
  return parts.flatMap((part): BlobPart[] => {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, lengthOf(part));
    at += lengthOf(part);
    if (to <= from) return [];
    if (part instanceof Uint8Array) return [part.subarray(from, to)];
    return [{ ...part, start: part.start + from, end: part.start + to }];
  });
}

/** The whole of a file; null where there is none. */
export function fileRange(context: ProcessContext, path: string): FileRange | null {
  const stat = context.sys.call('statOrNull', path, true);
  return stat === null ? null : { path, version: versionOf(stat), start: 0, end: stat.size };
}

export type ReadPiece = (range: FileRange, done: (bytes: Uint8Array<ArrayBuffer> | null) => void) => void;

/** Reads the beginning of a range, in a later turn as all reading of files; null when it cannot be read. */
export function createPieceReader(context: ProcessContext): ReadPiece {
  const { sys } = context;
  const { define } = createOperations(context, Symbol('no promises'));
  const read = define({
    requestAt: 1,
    syscall: 'read',
    perform: ([range]) => {
      const { path, version, start, end } = range as FileRange;
      const stat = sys.call('statOrNull', path, true);
      if (stat === null || versionOf(stat) !== version) throw new SystemError('ENOENT');
      const bytes = new Uint8Array(Math.min(end - start, READ_BYTES));
      if (bytes.length === 0) return bytes;
      const fd = sys.call('open', path, 0, 0);
      try {
        return bytes.subarray(0, sys.readInto(fd, bytes, start));
      } finally {
        sys.call('close', fd);
      }
    },
  });
  return (range, done) => {
    read(range, {
      oncomplete: (error: Error | null, bytes?: Uint8Array<ArrayBuffer>) => done(error || !bytes ? null : bytes),
    });
  };
}

const versionOf = ({ ino, size, mtimeMs }: { ino: number; size: number; mtimeMs: number }): string =>
  [ino, size, mtimeMs].join();
