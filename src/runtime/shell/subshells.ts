/**
 * How many subshells, and shells within a shell, are alive in this Worker. Natively each is a process, of which a user may have so
 * many: a bomb of them ends where the next one is refused, not where the memory of all is used up.
 */
import type { Sys } from '../process/system-calls/sys.ts';
import { ShellError } from './errors.ts';
import type { Shell } from './shell.ts';

const MOST = 4096;
const alive = new WeakMap<Sys, number>();

/** Another process cannot be started: as in dash and bash it ends the shell that wants it. */
export class ForkError extends ShellError {
  override name = 'ForkError';
}

export function forkError(shell: Shell): ForkError {
  if (!shell.bash) return new ForkError('Cannot fork', 2);
  // bash tells no line.
  shell.position = -1;
  return new ForkError('fork: Resource temporarily unavailable', 254);
}

/** Counts one more that `shell` starts; the answer tells of its end, once or more. */
export function countSubshell(shell: Shell): () => void {
  const { sys } = shell;
  const count = alive.get(sys) ?? 0;
  if (count >= MOST) throw forkError(shell);
  alive.set(sys, count + 1);
  let counts = true;
  return () => {
    if (counts) alive.set(sys, (alive.get(sys) ?? 1) - 1);
    counts = false;
  };
}
