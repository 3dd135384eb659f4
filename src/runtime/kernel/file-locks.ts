/** Locks on whole files, as of flock(2): each belongs to an open file, and ends with it. */
import { LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN } from './file-modes.ts';
import { SystemError } from './syscalls.ts';
import { type Caller, WAIT, WaitQueue } from './wait-queue.ts';

/** An open file. */
type Holder = object;

/** As `CallSite` of `description.ts`, which imports this file. */
interface Site {
  readonly caller: Caller;
  readonly fd: number | null;
}

class FileLock {
  readonly #holders = new Set<Holder>();
  #isExclusive = false;
  readonly #waiting = new WaitQueue();

  /** False where others are in the way. */
  take(description: Holder, exclusive: boolean): boolean {
    const others = this.#holders.size - (this.#holders.has(description) ? 1 : 0);
    if (others > 0 && (exclusive || this.#isExclusive)) return false;
    this.#holders.add(description);
    this.#isExclusive = exclusive;
    held.set(description, this);
    this.#waiting.wake();
    return true;
  }

  giveBack(description: Holder): void {
    if (!this.#holders.delete(description)) return;
    held.delete(description);
    this.#waiting.wake();
  }

  wait({ caller, fd }: Site, attempt: () => boolean): undefined | Promise<undefined> {
    return this.#waiting.run(caller, fd, () => (attempt() ? undefined : WAIT)) as undefined | Promise<undefined>;
  }
}

/** By the inode, or by the open file where it has none. */
const locks = new WeakMap<object, FileLock>();
const held = new WeakMap<Holder, FileLock>();

interface LockRequest {
  description: Holder;
  file: object;
  operation: number;
}

/** A lock of another kind that the open file has is given up first, as in Linux. EINVAL, EAGAIN. */
export function lock(site: Site, { description, file, operation }: LockRequest): undefined | Promise<undefined> {
  const kind = operation & ~LOCK_NB;
  if (kind !== LOCK_SH && kind !== LOCK_EX && kind !== LOCK_UN) throw new SystemError('EINVAL');
  if (kind === LOCK_UN) {
    unlock(description);
    return undefined;
  }
  const lock = locks.get(file) ?? new FileLock();
  locks.set(file, lock);
  const attempt = () => lock.take(description, kind === LOCK_EX);
  // Whoever waits already need not be in the way.
  if (attempt()) return undefined;
  unlock(description);
  if (operation & LOCK_NB) throw new SystemError('EAGAIN');
  return lock.wait(site, attempt);
}

export function unlock(description: Holder): void {
  held.get(description)?.giveBack(description);
}
