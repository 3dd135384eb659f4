/** Installed code, git's hooks and the system's programs: no snapshot holds them, and whoever changes them decides what tests say. */
import type { WorkingCopy } from '../../sandbox/sandbox.ts';
import { isGitPath, isInstalledPath } from './paths.ts';
import type { Undone } from './put-back.ts';

const SECONDS = 30;
const MOST = 20;
/** Caches of tools, and npm's own notes. */
const CACHES =
  "! -path '*node_modules/.cache/*' ! -path '*node_modules/.vite*' ! -path '*node_modules/.package-lock.json'";
const REASON = 'Installed code and programs may not be changed: the sandbox was booted again.';

/**
 * What was changed there since a time (milliseconds since the epoch). A file's status change time cannot be set by programs.
 * Empty where there is no `find` that knows it: in a hosted sandbox nothing is known.
 */
export async function changedBeside(copy: WorkingCopy, since: number, signal: AbortSignal): Promise<readonly Undone[]> {
  const places = 'node_modules/ .git/hooks .git/config /bin /usr/bin /usr/local/bin';
  const line = `find ${places} -type f,l -newerct '@${(since / 1000).toFixed(3)}' ${CACHES} 2>/dev/null`;
  const { output, ended } = await copy.run(line, { timeoutSeconds: SECONDS, signal });
  if (ended !== 'exited') return [];
  const paths = output.split('\n').filter((path) => isBeside(path));
  return paths.slice(0, MOST).map((path) => ({ path, reason: REASON }));
}

/** Whether only a fresh boot puts this back. */
export const isBeside = (path: string): boolean => path.startsWith('/') || isInstalledPath(path) || isGitPath(path);
