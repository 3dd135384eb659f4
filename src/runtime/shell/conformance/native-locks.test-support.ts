/** Locks of open files among themselves, as the kernel keeps them: Node has no call for the machine's own. */
import { lock, unlock } from '../../kernel/file-locks.ts';
import { type Caller, cancelWaiting } from '../../kernel/wait-queue.ts';

export class NativeLocks {
  readonly #caller: Caller = { waiting: new Set() };
  /** What stands for each file. */
  readonly #files = new Map<string, object>();

  /** `open` is what the lock belongs to, `file` what it is on. */
  async take(fd: number, open: object, file: string, operation: number): Promise<undefined> {
    const known = this.#files.get(file) ?? {};
    this.#files.set(file, known);
    return await lock({ caller: this.#caller, fd }, { description: open, file: known, operation });
  }

  release(open: object): void {
    unlock(open);
  }

  /** The descriptor was closed: nobody waits at it any more. */
  cancel(fd: number): void {
    cancelWaiting(this.#caller, 'ECANCELED', fd);
  }
}
