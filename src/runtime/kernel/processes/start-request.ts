import type { Description } from '../description.ts';
import type { DirectoryInode } from '../file-system/inode.ts';

/** What a process is started with. */
export interface StartRequest {
  file: string;
  argv: readonly string[];
  env: string[];
  cwd: DirectoryInode;
  /** Absolute path of it. */
  cwdPath: string;
  /** Descriptor i of the new process. */
  stdio: (Description | null)[];
  detached: boolean;
  /** The process group; the parent's when absent. */
  group?: number | undefined;
}
