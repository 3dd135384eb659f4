import type { Sys } from '../process/system-calls/sys.ts';
import { Descriptor } from './descriptor.ts';
import { errorCode, ShellError } from './errors.ts';
import type { Shell } from './shell.ts';

/** A new pipe's ends, for reading and for writing; the caller's. Throws a SystemError. */
export function openPipe(sys: Sys): [Descriptor, Descriptor] {
  const [readEnd, writeEnd] = sys.call('pipe');
  return [new Descriptor(sys, readEnd), new Descriptor(sys, writeEnd)];
}

/** {@link openPipe} of a script. Throws {@link ShellError} where no descriptor is left. */
export function makePipe(shell: Shell): [Descriptor, Descriptor] {
  try {
    return openPipe(shell.sys);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    if (!shell.bash) throw new ShellError('Pipe call failed');
    // bash tells no line.
    shell.position = -1;
    throw new ShellError('pipe error: Too many open files', 1);
  }
}
