/** Who may do what with a file. */
import { S_IFDIR, S_IFMT } from './file-modes.ts';

export const X_OK = 1;

/** Processes run as root: everything may be read and written, and executed where anybody may. Modes as of `stat` and `access`. */
export function isAccessible(fileMode: number, mode: number): boolean {
  return !(mode & X_OK) || (fileMode & S_IFMT) === S_IFDIR || (fileMode & 0o111) !== 0;
}
