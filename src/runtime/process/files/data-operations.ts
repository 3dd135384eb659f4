/** Operations on descriptors and on whole files. */

import { TRANSFER_BYTES } from '../../kernel/channel/sync-layout.ts';
import { joinBytes } from '../../kernel/join-bytes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { namedEncoding } from '../encoding/names.ts';
import { bytesOf, encodeUtf8Pooled } from '../streams/text.ts';
import { checkDescriptor } from './arguments.ts';
import { withoutBlocking } from './open-later.ts';
import type { BindingFunction, Operation } from './operation.ts';
import { readToEnd } from './read-to-end.ts';
import { UnmanagedFiles } from './unmanaged-files.ts';
import { bufferFrom, decodeText, pathFrom, positionFrom, statArray } from './values.ts';

/** By name in the binding. */
export function dataOperations(context: ProcessContext): Record<string, Operation> {
  const { sys } = context;
  const mayWait = createWaitCheck(context);
  const unmanaged = new UnmanagedFiles(context);
  const check = ([fd]: unknown[]) => checkDescriptor(context, fd);

  const readAll = (args: unknown[]): number => {
    const buffers = (args[1] as unknown[]).map(bytesOf);
    let total = 0;
    for (const buffer of buffers) {
      const position = positionFrom(args[2]);
      const count = readInto(Number(args[0]), buffer, position === null ? null : position + total);
      total += count;
      if (count < buffer.length) break;
    }
    return total;
  };
  /** A large piece for a file goes in several calls, which costs less than one that does not fit into the window. */
  const writeAll = (fd: number, data: Uint8Array, position: number | null): number => {
    if (data.length <= TRANSFER_BYTES || mayWait(fd)) return sys.call('write', fd, data, position);
    let written = 0;
    while (written < data.length) {
      const piece = data.subarray(written, written + TRANSFER_BYTES);
      try {
        written += sys.call('write', fd, piece, position === null ? null : position + written);
      } catch (error) {
        // What was written counts, as with a disk that is full.
        if (written === 0 || !(error instanceof SystemError)) throw error;
        break;
      }
    }
    return written;
  };
  const readInto = (fd: number, target: Uint8Array, position: number | null): number => {
    if (target.length <= TRANSFER_BYTES || mayWait(fd)) return sys.readInto(fd, target, position);
    let done = 0;
    while (done < target.length) {
      const piece = target.subarray(done, done + TRANSFER_BYTES);
      const count = sys.readInto(fd, piece, position === null ? null : position + done);
      done += count;
      if (count < piece.length) break;
    }
    return done;
  };
  const joined = (args: unknown[]): Uint8Array => joinBytes((args[1] as unknown[]).map(bytesOf));
  const write = (data: (args: unknown[]) => Uint8Array, positionAt: number, requestAt: number): Operation => ({
    requestAt,
    syscall: 'write',
    perform: (args) => writeAll(Number(args[0]), data(args), positionFrom(args[positionAt])),
    performLater: (args, done) => {
      const fd = Number(args[0]);
      if (!mayWait(fd)) return false;
      sys.callWith('write', [fd, data(args), null], done);
      return true;
    },
  });

  /** Nothing is ever behind: the descriptor only has to be one. */
  const synchronize = (syscall: string): Operation => ({
    requestAt: 1,
    syscall,
    check,
    perform: (args) => void sys.call('descriptorKind', Number(args[0])),
  });

  const opened = (fd: number): number => unmanaged.add(mayWait.forget(fd));

  return {
    open: {
      requestAt: 3,
      syscall: 'open',
      paths: (args) => [pathFrom(args[0])],
      perform: (args) => opened(sys.call('open', pathFrom(args[0]), Number(args[1]), Number(args[2] ?? 0o666))),
      ...withoutBlocking(sys, opened),
    },
    close: {
      requestAt: 1,
      syscall: 'close',
      check,
      perform: (args) => {
        const fd = mayWait.forget(Number(args[0]));
        sys.call('close', fd);
        unmanaged.remove(fd);
      },
    },
    read: {
      requestAt: 5,
      syscall: 'read',
      perform: (args) => readInto(Number(args[0]), targetOf(args), positionFrom(args[4])),
      performLater: (args, done) => {
        const fd = Number(args[0]);
        if (!mayWait(fd)) return false;
        const target = targetOf(args);
        sys.callWith('read', [fd, target.length, null], (error, bytes) => {
          if (bytes) target.set(bytes);
          done(error, bytes?.length);
        });
        return true;
      },
    },
    readBuffers: { requestAt: 3, syscall: 'read', perform: readAll },
    writeBuffer: write((args) => bytesOf(args[1]).subarray(Number(args[2]), Number(args[2]) + Number(args[3])), 4, 5),
    writeBuffers: write(joined, 2, 3),
    writeString: write((args) => encodeText(context, String(args[1]), args[3]), 2, 4),
    ftruncate: {
      requestAt: 2,
      syscall: 'ftruncate',
      check,
      perform: (args) => sys.call('ftruncate', Number(args[0]), Number(args[1] ?? 0)),
    },
    fsync: synchronize('fsync'),
    fdatasync: synchronize('fdatasync'),
    fstat: {
      requestAt: 2,
      syscall: 'fstat',
      check,
      perform: (args) => statArray(sys.call('fstat', Number(args[0])), args[1] === true, args[2] === undefined),
    },
  };
}

function targetOf(args: unknown[]): Uint8Array {
  const offset = Number(args[2]);
  return bytesOf(args[1]).subarray(offset, offset + Number(args[3]));
}

/** What is no encoding means UTF-8. */
function encodeText(context: ProcessContext, text: string, encoding: unknown): Uint8Array {
  const known = typeof encoding === 'string' ? namedEncoding(encoding) : undefined;
  return known === undefined || known === 'utf8' || known === 'buffer'
    ? encodeUtf8Pooled(text)
    : bufferFrom(context, text, encoding);
}

/** Whether reading from or writing to a descriptor may have to wait for another process or a person. */
function createWaitCheck({ sys }: ProcessContext) {
  const known = new Map<number, boolean>();
  const mayWait = (fd: number): boolean => {
    let answer = known.get(fd);
    if (answer === undefined) {
      try {
        const kind = sys.call('descriptorKind', fd);
        answer = kind === 'pipe' || kind === 'socket' || kind === 'tty';
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        return false;
      }
      // Only files stay: the numbers of streams are closed and used again without this binding's knowledge.
      if (!answer) known.set(fd, answer);
    }
    return answer;
  };
  /** The number means something else from now on. */
  const forget = (fd: number): number => {
    known.delete(fd);
    return fd;
  };
  return Object.assign(mayWait, { forget });
}

/** `readFileUtf8`, `writeFileUtf8` and `readFileBytes`: synchronous, the first two with a path or a descriptor. */
export function wholeFileFunctions(context: ProcessContext): Record<string, BindingFunction> {
  const { sys } = context;
  const raise = (error: unknown, syscall: string, path?: string): never => {
    if (!(error instanceof SystemError)) throw error;
    throw context.createErrnoError(error.code, syscall, path);
  };
  const openFile = (path: string, flags: unknown, mode: unknown): number => {
    try {
      return sys.call('open', path, Number(flags), Number(mode ?? 0o666));
    } catch (error) {
      return raise(error, 'open', path);
    }
  };
  const writePieces = (fd: number, data: Uint8Array): void => {
    try {
      for (let at = 0; at < data.length; at += TRANSFER_BYTES) {
        sys.call('write', fd, data.subarray(at, at + TRANSFER_BYTES), null);
      }
    } catch (error) {
      raise(error, 'write');
    } finally {
      sys.call('close', fd);
    }
  };
  const writeWhole = (path: string, data: Uint8Array, flags: unknown, mode: unknown): void => {
    // One long request would be copied once more for each of its pieces.
    if (data.length > TRANSFER_BYTES) {
      writePieces(openFile(path, flags, mode), data);
      return;
    }
    try {
      sys.call('writeFile', path, data, Number(flags), Number(mode ?? 0o666));
    } catch (error) {
      if (error instanceof SystemError && error.message === 'write') raise(error, 'write');
      raise(error, 'open', path);
    }
  };
  const withFile = <T>(target: unknown, open: (path: string) => number, use: (fd: number) => T): T => {
    if (typeof target === 'number') return use(target);
    const fd = open(pathFrom(target));
    try {
      return use(fd);
    } finally {
      sys.call('close', fd);
    }
  };
  const readText = (fd: number): string => {
    try {
      return decodeText(readToEnd(sys, fd));
    } catch (error) {
      return raise(error, 'read');
    }
  };
  return {
    readFileUtf8: (target, flags) => {
      if (typeof target !== 'number' && flags === 0) {
        // One call instead of four. What it cannot read goes the long way, which also finds the right error.
        try {
          return decodeText(sys.viewFile(pathFrom(target)));
        } catch (error) {
          if (!(error instanceof SystemError)) throw error;
          if (error.code === 'ENOENT') raise(error, 'open', pathFrom(target));
        }
      }
      return withFile(target, (path) => openFile(path, flags, 0o666), readText);
    },
    /** Called by `readFileSync` (`library/patches.ts`); undefined when it must go the long way, which also finds the right error. */
    readFileBytes: (target, allocate) => {
      // Natively each of the calls is told of.
      if (context.noteSync) return undefined;
      const path = typeof target === 'string' ? target : pathOfPlainUrl(target);
      if (path === undefined || typeof allocate !== 'function' || path.includes('\0')) return undefined;
      try {
        const content = sys.viewFile(pathFrom(path), TRANSFER_BYTES);
        if (content.length === 0) return undefined;
        const buffer = bytesOf(allocate(content.length));
        buffer.set(content);
        return buffer;
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        return undefined;
      }
    },
    writeFileUtf8: (target, text, flags, mode) => {
      // Natively it opens, writes and closes, but `readFileUtf8` tells nobody of the like.
      for (let calls = typeof target === 'number' ? 1 : 3; calls > 0; calls--) context.noteSync?.();
      const data = encodeUtf8Pooled(String(text));
      if (typeof target !== 'number') return writeWhole(pathFrom(target), data, flags, mode);
      // Whether it can be written to is found out by writing.
      if (data.length === 0) return undefined;
      try {
        sys.call('write', target, data, null);
      } catch (error) {
        raise(error, 'write');
      }
      return undefined;
    },
  };
}

/** The path of a `file:` URL that needs no decoding; undefined for every other value. */
function pathOfPlainUrl(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // What Node's library takes for a URL.
  const { href, protocol, auth, path, hostname, pathname } = value as Record<string, unknown>;
  if (!href || protocol !== 'file:' || auth !== undefined || path !== undefined) return undefined;
  return hostname === '' && typeof pathname === 'string' && !pathname.includes('%') ? pathname : undefined;
}
