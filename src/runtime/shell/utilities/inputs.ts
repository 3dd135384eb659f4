/** Reading the files named on a command line, `-` and none meaning stdin. */

import { O_RDONLY, S_IFDIR, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { openPath } from '../open.ts';
import { Reader } from '../streams.ts';
import type { UtilityContext } from '../utility.ts';

/** Opens one input; the caller closes it. Throws a SystemError. */
export async function openInput(
  { sys, resolve, signal, stdin }: UtilityContext,
  name: string,
): Promise<{ reader: Reader; close: () => void }> {
  if (name === '-') return { reader: stdin, close: () => undefined };
  const descriptor = await openPath(sys, resolve(name), O_RDONLY, { signal });
  if ((sys.call('fstat', descriptor.fd).mode & S_IFMT) === S_IFDIR) {
    descriptor.release();
    throw new SystemError('EISDIR');
  }
  return { reader: new Reader(descriptor, undefined, signal), close: () => descriptor.release() };
}

/** All of a file, or of the pipe that a path stands for (`<(…)`, a FIFO), or of stdin. Throws a SystemError. */
export async function readWhole(context: UtilityContext, name: string): Promise<Uint8Array> {
  const path = context.resolve(name);
  const stat = name === '-' ? null : context.sys.call('statOrNull', path, true);
  if (stat && (stat.mode & S_IFMT) === S_IFREG) return new Uint8Array(context.sys.call('readFile', path));
  const input = await openInput(context, name);
  try {
    return await input.reader.bytes();
  } finally {
    input.close();
  }
}

export async function readWholeText(context: UtilityContext, name: string): Promise<string> {
  return new TextDecoder().decode(await readWhole(context, name));
}

/** Gives each input to `use`; what cannot be read is reported as `name: file: reason`. True when all could. */
export async function eachInput(
  context: UtilityContext,
  { names, describe }: { names: readonly string[]; describe?: (name: string, reason: string) => string },
  use: (reader: Reader, name: string) => Promise<void>,
): Promise<boolean> {
  let complete = true;
  for (const name of names.length > 0 ? names : ['-']) {
    try {
      const input = await openInput(context, name);
      try {
        await use(input.reader, name);
      } finally {
        input.close();
      }
    } catch (error) {
      const code = errorCode(error);
      // Of one that was ended the descriptors are gone, which is nothing to tell.
      if (code === undefined || code === 'EPIPE' || context.signal.aborted) throw error;
      complete = false;
      const reason = describeError(error);
      await context.complain(describe ? describe(name, reason) : `${name}: ${reason}`);
    }
  }
  return complete;
}
