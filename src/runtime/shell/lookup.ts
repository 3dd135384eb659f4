/** Which program a name means. */
import { S_IFDIR, S_IFMT } from '../kernel/file-modes.ts';
import type { Shell } from './shell.ts';
import { utilities } from './utilities/index.ts';
import type { Utility } from './utility.ts';

/** `path` is as the name and PATH say it: a script sees it as its own name. */
export type Program =
  | { kind: 'utility'; utility: Utility; path: string }
  | { kind: 'program'; path: string }
  | { kind: 'missing'; message: string; status: 126 | 127 };

/** Folders whose files are this image: what lies there under a utility's name runs in this Worker. */
const OWN_FOLDERS = new Set(['/bin', '/usr/bin', '/usr/local/bin']);

export function findProgram(shell: Pick<Shell, 'sys' | 'resolve' | 'getVariable'>, name: string): Program {
  if (name.includes('/')) return checkPath(shell, name);
  let denied = false;
  for (const folder of (shell.getVariable('PATH') ?? '/usr/local/bin:/usr/bin:/bin').split(':')) {
    if (name === '') break;
    const path = folder === '' ? name : `${folder}/${name}`;
    const stat = shell.sys.call('statOrNull', shell.resolve(path), true);
    if (!stat || (stat.mode & S_IFMT) === S_IFDIR) continue;
    if ((stat.mode & 0o111) === 0) {
      denied = true;
      continue;
    }
    const utility = OWN_FOLDERS.has(folder) ? utilities.get(name) : undefined;
    return utility ? { kind: 'utility', utility, path } : { kind: 'program', path };
  }
  return denied
    ? { kind: 'missing', message: `${name}: Permission denied`, status: 126 }
    : { kind: 'missing', message: `${name}: not found`, status: 127 };
}

function checkPath(shell: Pick<Shell, 'sys' | 'resolve'>, name: string): Program {
  const path = shell.resolve(name);
  const stat = shell.sys.call('statOrNull', path, true);
  if (!stat) return { kind: 'missing', message: `${name}: not found`, status: 127 };
  if ((stat.mode & S_IFMT) === S_IFDIR || (stat.mode & 0o111) === 0) {
    return { kind: 'missing', message: `${name}: Permission denied`, status: 126 };
  }
  const slash = path.lastIndexOf('/');
  const utility = OWN_FOLDERS.has(path.slice(0, slash)) ? utilities.get(path.slice(slash + 1)) : undefined;
  return utility ? { kind: 'utility', utility, path: name } : { kind: 'program', path: name };
}
