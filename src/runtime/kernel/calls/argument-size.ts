/** How much a program may be started with: as on Linux, but without a limit that grows with the stack. */
import { SystemError } from '../syscalls.ts';

/** Of one argument or variable, in characters. */
const MAX_ARGUMENT = 128 * 1024;
/** Of all of them, and of their number. */
export const MAX_ARGUMENTS = 2 * 1024 * 1024;

/** E2BIG: nothing is known of the lists but their lengths. */
export function checkCount({ argv, env }: { argv?: unknown; env?: unknown }): void {
  for (const items of [argv, env])
    if (Array.isArray(items) && items.length > MAX_ARGUMENTS) throw new SystemError('E2BIG');
}

/** E2BIG. */
export function checkSize({ argv, env }: { argv: readonly string[]; env: readonly string[] }): void {
  let total = 0;
  for (const items of [argv, env])
    for (const item of items) {
      total += item.length + 1;
      if (item.length >= MAX_ARGUMENT || total > MAX_ARGUMENTS) throw new SystemError('E2BIG');
    }
}
