import type { GitCall } from './call.ts';
import { GitError } from './git-error.ts';
import type { Repository } from './repository.ts';

/** The repository around a call; undefined for a command that can do without one, where there is none. */
export function repositoryAround(call: GitCall): Repository | undefined {
  try {
    return call.repository();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
