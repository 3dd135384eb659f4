import { directoryName } from '../paths.ts';
import type { UtilityContext } from '../utility.ts';

/** Replaces a file's content; the folders it lies in are made. Throws a SystemError. */
export function writeBytes(context: UtilityContext, path: string, bytes: Uint8Array, mode = 0o666): void {
  context.sys.call('mkdir', directoryName(path), 0o777, true);
  const fd = context.sys.call('open', path, 0o1101, mode);
  try {
    for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(context.sys.call('write', fd, rest, null));
  } finally {
    context.sys.call('close', fd);
  }
}
