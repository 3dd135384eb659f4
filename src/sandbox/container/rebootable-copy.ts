import type { Content, FileChange, Files } from '../../session/files.ts';
import type { CommandResult, FolderEntry, RestoreResult, RunOptions, Snapshot, WorkingCopy } from '../sandbox.ts';
import type { ContainerCopy } from './container-copy.ts';

/** A working copy that outlives its container: each boot gives it another `copy`, to which everything else goes. */
export abstract class RebootableCopy implements WorkingCopy {
  protected abstract copy: ContainerCopy;
  abstract readonly folder: string;
  abstract reboot(files: Files): Promise<void>;

  run(command: string, options: RunOptions): Promise<CommandResult> {
    return this.copy.run(command, options);
  }

  write(changes: readonly FileChange[]): Promise<void> {
    return this.copy.write(changes);
  }

  snapshot(): Promise<Snapshot> {
    return this.copy.snapshot();
  }

  read(path: string): Promise<Content | null> {
    return this.copy.read(path);
  }

  list(folder: string): Promise<readonly FolderEntry[] | null> {
    return this.copy.list(folder);
  }

  restore(files: Files): Promise<RestoreResult> {
    return this.copy.restore(files);
  }
}
