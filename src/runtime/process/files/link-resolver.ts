/** What `realpathSync` of Node's library finds out component by component, from what the process knows of the file system. */
import { S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import { resolvePath } from '../../shell/paths.ts';
import type { ProcessContext } from '../context.ts';

const MAX_LINKS = 40;

/**
 * The real path of an absolute one without `.` and `..`. As the library does it, and not the kernel: the `..` of a link's target
 * takes away the name before it, also where that is a link. Undefined where something is wrong: the library finds out what.
 */
export function createLinkResolver({ sys }: ProcessContext): (path: unknown) => string | undefined {
  const kindOf = (path: string, follow: boolean): number => sys.call('stat', path, follow).mode & S_IFMT;
  const resolve = (path: string): string | undefined => {
    let resolved = '';
    let links = 0;
    const rest = namesIn(path);
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      const at = `${resolved}/${name}`;
      if (kindOf(at, false) !== S_IFLNK) {
        resolved = at;
        continue;
      }
      if (++links > MAX_LINKS) return undefined;
      // It must lead to something.
      kindOf(at, true);
      rest.push(...namesIn(resolvePath(resolved || '/', sys.call('readlink', at))));
      resolved = '';
    }
    return resolved || '/';
  };
  return (path) => {
    if (typeof path !== 'string' || !path.isWellFormed()) return undefined;
    try {
      return resolve(path);
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  };
}

/** The first one last. */
const namesIn = (path: string): string[] =>
  path
    .split('/')
    .filter((name) => name !== '')
    .reverse();
