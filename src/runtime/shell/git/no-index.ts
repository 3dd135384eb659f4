/** `git diff --no-index`: two files or folders, in a repository or not. */
import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { joinPath, resolvePath } from '../paths.ts';
import type { GitCall } from './call.ts';
import type { FileChange } from './changes.ts';
import { GitError } from './git-error.ts';
import { blobId, type FileState } from './repository.ts';

/** A side that has no files: what is on the other one is new, or was removed. */
const NOTHING = '/dev/null';

interface Side {
  /** The path as it was given, and those below it. */
  files: Map<string, FileState>;
  isFolder: boolean;
}

/** The files that differ; what stands in one of two folders alone is made or removed. */
export function changesBetween(call: GitCall, left: string, right: string): FileChange[] {
  const [a, b] = [sideOf(call, left), sideOf(call, right)];
  // A file beside a folder stands for the one of its name in it.
  if (a.isFolder !== b.isFolder) {
    const within = (folder: string, file: string) => joinPath(folder, file.slice(file.lastIndexOf('/') + 1));
    return a.isFolder
      ? changesBetween(call, within(left, right), right)
      : changesBetween(call, left, within(right, left));
  }
  if (!a.isFolder && !b.isFolder) {
    const [before, after] = [a.files.get(''), b.files.get('')];
    if (before?.oid === after?.oid && before?.mode === after?.mode) return [];
    return [change(before ? left : right, after ? right : left, before, after)];
  }
  const below = (folder: string, path: string) => joinPath(folder, path);
  return [...new Set([...a.files.keys(), ...b.files.keys()])].sort().flatMap((path) => {
    const [before, after] = [a.files.get(path), b.files.get(path)];
    if (before?.oid === after?.oid && before?.mode === after?.mode) return [];
    const [from, to] = [below(left, path), below(right, path)];
    return [change(before ? from : to, after ? to : from, before, after)];
  });
}

function change(
  oldPath: string,
  path: string,
  before: FileState | undefined,
  after: FileState | undefined,
): FileChange {
  const status = before ? (after ? 'M' : 'D') : 'A';
  return {
    status,
    path: named(path),
    oldPath: named(oldPath),
    fullPath: path,
    fullOldPath: oldPath,
    before,
    after,
    similarity: 0,
  };
}

function sideOf(call: GitCall, given: string): Side {
  const { sys } = call.context;
  const files = new Map<string, FileState>();
  if (given === NOTHING) return { files, isFolder: false };
  const add = (path: string, name: string): boolean => {
    const stat = sys.call('statOrNull', path, false);
    if (!stat) throw new GitError(`Could not access '${given}'`, 1, '', 'error');
    const kind = stat.mode & S_IFMT;
    if (kind === S_IFDIR) {
      for (const child of sys.call('readdir', path).names)
        add(`${path}/${child}`, name === '' ? child : `${name}/${child}`);
      return true;
    }
    const mode = kind === S_IFLNK ? 0o120000 : stat.mode & 0o100 ? 0o100755 : 0o100644;
    files.set(name, { mode, oid: blobId(readPlain(call, path)) });
    return false;
  };
  const isFolder = add(resolvePath(call.cwd, given), '');
  return { files, isFolder };
}

/** The whole of a patch's name stands behind `a/` or `b/`, also of an absolute path. */
const named = (path: string) => path.replace(/^\/+/, '');

/** A file's bytes; a link's target. */
export function readPlain(call: GitCall, given: string): Uint8Array {
  const { sys } = call.context;
  const path = resolvePath(call.cwd, given);
  const stat = sys.call('statOrNull', path, false);
  if (stat && (stat.mode & S_IFMT) === S_IFLNK) return new TextEncoder().encode(sys.call('readlink', path));
  return new Uint8Array(sys.call('readFile', path));
}
