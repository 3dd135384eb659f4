import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path in the user's cache folder, where what can be made again is kept. */
export function cacheFolder(...path: readonly string[]): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  return join(XDG_CACHE_HOME ?? LOCALAPPDATA ?? join(homedir(), '.cache'), 'fixpoint', ...path);
}
