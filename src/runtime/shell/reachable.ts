import { type Stat, SystemError } from '../kernel/syscalls.ts';
import type { Sys } from '../process/system-calls/sys.ts';

/** null for whatever reason an absolute path leads nowhere, as tests and patterns see it: a circle of links or a long name is no error. */
export function statIfReachable(sys: Sys, path: string, follow: boolean): Stat | null {
  const stat = sys.attempt('stat', path, follow);
  return stat instanceof SystemError ? null : stat;
}
