import type { UtilityContext } from '../utility.ts';
import type { Repository } from './repository.ts';

/** One call of a git command. */
export interface GitCall {
  context: UtilityContext;
  args: readonly string[];
  /** Working directory, after `-C`. */
  cwd: string;
  /** The repository around it; throws a GitError where there is none. */
  repository(): Repository;
  print(text: string): Promise<void>;
  warn(text: string): Promise<void>;
}

/** Its exit code. */
export type GitCommand = (call: GitCall) => Promise<number>;
