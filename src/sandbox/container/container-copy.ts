import { applyChanges } from '../../session/apply-changes.ts';
import type { Content, FileChange, Files } from '../../session/files.ts';
import type { CommandResult, FolderEntry, RestoreResult, RunOptions, Snapshot, WorkingCopy } from '../sandbox.ts';
import { runInContainer } from './container-command.ts';
import { type ContainerFolder, restoreFiles, takeSnapshot, writeChanges } from './container-folder.ts';
import { listFolder, readOne } from './container-look.ts';

/** A working copy of a container but for its reboot: one call at a time, and it knows the files that it holds. */
export class ContainerCopy implements Omit<WorkingCopy, 'reboot' | 'folder'> {
  readonly #place: () => Promise<ContainerFolder>;
  #queue: Promise<unknown> = Promise.resolve();
  #files: Files;
  #omitted: readonly string[] | null = null;

  /** `place` is asked at each call where the copy is now. */
  constructor(files: Files, place: () => Promise<ContainerFolder>) {
    this.#files = files;
    this.#place = place;
  }

  /** As far as they are known: what a command changes is seen by the next snapshot. */
  get files(): Files {
    return this.#files;
  }

  /** What the last snapshot left out; null before the first. */
  get omitted(): readonly string[] | null {
    return this.#omitted;
  }

  run(command: string, options: RunOptions): Promise<CommandResult> {
    return this.inTurn(({ container, folder }) => runInContainer(container, { command, folder }, options));
  }

  write(changes: readonly FileChange[]): Promise<void> {
    return this.inTurn(async (place) => {
      await writeChanges(place, changes);
      this.#files = applyChanges(this.#files, changes);
    });
  }

  snapshot(): Promise<Snapshot> {
    return this.inTurn(async (place) => {
      const snapshot = await takeSnapshot(place);
      this.#files = snapshot.files;
      this.#omitted = snapshot.omitted;
      return snapshot;
    });
  }

  read(path: string): Promise<Content | null> {
    return this.inTurn((place) => readOne(place, path));
  }

  list(folder: string): Promise<readonly FolderEntry[] | null> {
    return this.inTurn((place) => listFolder(place, folder));
  }

  restore(files: Files): Promise<RestoreResult> {
    return this.inTurn(async (place) => {
      const result = await restoreFiles(place, files);
      this.#files = files;
      return result;
    });
  }

  /** Begins when the calls before it have ended, well or badly. */
  inTurn<T>(work: (place: ContainerFolder) => Promise<T>): Promise<T> {
    const result = this.#queue.then(async () => work(await this.#place()));
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
