/** What no snapshot holds, and who changes it decides what tests say: installed code, git's hooks, the system's programs and settings. */
import type { WorkingCopy } from '../../sandbox/sandbox.ts';
import { isGitPath, isInstalledPath } from './paths.ts';
import type { Undone } from './put-back.ts';

const SECONDS = 30;
const MOST = 20;
/** Caches of tools, and npm's own notes. */
const CACHES =
  "! -path '*node_modules/.cache/*' ! -path '*node_modules/.vite*' ! -path '*node_modules/.package-lock.json'";
/** What programs leave in a person's folder. */
const LEAVINGS = "! -name '.*_history'";
const SYSTEM = '/bin /usr/bin /usr/local/bin /usr/local/etc';
const REASON = 'Installed code, programs and their settings may not be changed: the sandbox was booted again.';

/**
 * What was changed there since a time (milliseconds since the epoch). A file's status change time cannot be set by programs.
 * Empty where there is no `find` that knows it: in a hosted sandbox nothing is known.
 */
export async function changedBeside(copy: WorkingCopy, since: number, signal: AbortSignal): Promise<readonly Undone[]> {
  const changed = `-newerct '@${(since / 1000).toFixed(3)}'`;
  // Node, npm and the runners look for packages and settings in every folder above the project, too.
  const above = foldersAbove(copy.folder).map(quote);
  const line = [
    `find node_modules/ .git/hooks .git/config ${SYSTEM} ${above.map((path) => `${path}/node_modules`).join(' ')} -type f,l ${changed} ${CACHES} 2>/dev/null`,
    `find ${['/etc/', ...above.map((path) => `${path}/`)].join(' ')} -maxdepth 1 -type f,l ${changed} ${LEAVINGS} 2>/dev/null`,
  ].join('; ');
  const { output, ended } = await copy.run(line, { timeoutSeconds: SECONDS, signal });
  if (ended !== 'exited') return [];
  const paths = output.split('\n').filter((path) => isBeside(path));
  return paths.slice(0, MOST).map((path) => ({ path, reason: REASON }));
}

/**
 * Files of the project that were written, replaced or moved since a time, and folders that were moved, though they may be what they
 * were by now. A folder in which files come and go is none of them.
 */
export async function touchedSince(copy: WorkingCopy, since: number, signal: AbortSignal): Promise<readonly string[]> {
  const at = `'@${(since / 1000).toFixed(3)}'`;
  const line = `find . \\( -name node_modules -o -name .git -o -name .fixpoint \\) -prune -o \\( -type f -newerct ${at} -o -type d -newerct ${at} ! -newermt ${at} \\) -print 2>/dev/null`;
  const { output, ended } = await copy.run(line, { timeoutSeconds: SECONDS, signal });
  return ended === 'exited' ? output.split('\n').flatMap((path) => (path.startsWith('./') ? [path.slice(2)] : [])) : [];
}

/** Whether only a fresh boot puts this back. */
export const isBeside = (path: string): boolean => path.startsWith('/') || isInstalledPath(path) || isGitPath(path);

/** Outermost first; "" is the root. Of a further working copy: above the project that it lies in. */
function foldersAbove(folder: string): readonly string[] {
  const parts = folder.replace(/\/\.fixpoint\/.*$/, '').split('/');
  return parts
    .slice(0, -1)
    .map((_, at) => parts.slice(0, at + 1).join('/'))
    .filter((path) => !/^\/(?:var\/)?tmp(?:\/|$)/.test(path));
}

const quote = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;
