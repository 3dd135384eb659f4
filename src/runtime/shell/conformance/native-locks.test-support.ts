/** Locks of open files among themselves, as of flock(2): Node has no call for the machine's own. */
import { SystemError } from '../../kernel/syscalls.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;

interface Waiting {
  fd: number;
  attempt(): boolean;
  end(code: string | null): void;
}

export class NativeLocks {
  /** Who holds what, and whether alone; by the file. */
  readonly #holders = new Map<string, Map<object, boolean>>();
  #waiting: Waiting[] = [];

  /** `open` is what the lock belongs to, `file` what it is on. */
  async take(fd: number, open: object, file: string, operation: number): Promise<undefined> {
    const kind = operation & ~LOCK_NB;
    this.release(open);
    if (kind === LOCK_UN) return undefined;
    const attempt = () => this.#attempt(open, file, kind === LOCK_EX);
    if (attempt()) return undefined;
    if (operation & LOCK_NB) throw new SystemError('EAGAIN');
    return await new Promise((resolve, reject) => {
      const end = (code: string | null) => (code === null ? resolve(undefined) : reject(new SystemError(code)));
      this.#waiting.push({ fd, attempt, end });
    });
  }

  #attempt(open: object, file: string, alone: boolean): boolean {
    const holders = this.#holders.get(file) ?? new Map<object, boolean>();
    if (holders.size > 0 && (alone || [...holders.values()].some(Boolean))) return false;
    this.#holders.set(file, holders.set(open, alone));
    return true;
  }

  release(open: object): void {
    for (const holders of this.#holders.values()) holders.delete(open);
    this.#waiting = this.#waiting.filter((waiting) => {
      const isTaken = waiting.attempt();
      if (isTaken) waiting.end(null);
      return !isTaken;
    });
  }

  /** The descriptor was closed: nobody waits at it any more. */
  cancel(fd: number): void {
    for (const waiting of this.#waiting) if (waiting.fd === fd) waiting.end('ECANCELED');
    this.#waiting = this.#waiting.filter((waiting) => waiting.fd !== fd);
  }
}
