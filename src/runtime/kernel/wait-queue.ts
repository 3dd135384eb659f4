/** Callers that wait for a condition, first come, first served. */
import { SystemError } from './syscalls.ts';

/** What an attempt returns when it has to wait. */
export const WAIT: unique symbol = Symbol('wait');

/** Who waits: closing the descriptor or ending the process cancels its waiting calls. */
export interface Caller {
  readonly waiting: Set<Waiter>;
}

export interface Waiter {
  /** The descriptor that the call is about, when there is one. */
  readonly fd: number | null;
  /** Ends the wait with this errno. */
  cancel(code: string): void;
}

interface Entry {
  attempt(): boolean;
}

export class WaitQueue {
  readonly #entries = new Set<Entry>();
  #waking = false;
  #wokenAgain = false;

  get length(): number {
    return this.#entries.size;
  }

  /**
   * The result of `attempt`, at once when nobody waits already and it does not return WAIT, else after a later `wake`.
   * An attempt may throw, then and later.
   */
  run<T>(caller: Caller, fd: number | null, attempt: () => T | typeof WAIT): T | Promise<T> {
    if (this.#entries.size === 0) {
      const result = attempt();
      if (result !== WAIT) return result;
    }
    return new Promise<T>((resolve, reject) => this.#enqueue({ caller, fd, attempt, resolve, reject }));
  }

  #enqueue<T>(call: {
    caller: Caller;
    fd: number | null;
    attempt: () => T | typeof WAIT;
    resolve: (value: T) => void;
    reject: (error: unknown) => void;
  }): void {
    const waiter: Waiter = {
      fd: call.fd,
      cancel: (code) => {
        this.#entries.delete(entry);
        call.caller.waiting.delete(waiter);
        call.reject(new SystemError(code));
      },
    };
    const entry: Entry = {
      attempt: () => {
        try {
          const result = call.attempt();
          if (result === WAIT) return false;
          call.resolve(result);
        } catch (error) {
          call.reject(error);
        }
        call.caller.waiting.delete(waiter);
        return true;
      },
    };
    this.#entries.add(entry);
    call.caller.waiting.add(waiter);
  }

  /** The condition may have changed: lets those in front try again. An attempt may wake the queue that it stands in. */
  wake(): void {
    this.#wokenAgain = true;
    if (this.#waking) return;
    this.#waking = true;
    while (this.#wokenAgain) {
      this.#wokenAgain = false;
      for (const entry of this.#entries) {
        if (!entry.attempt()) break;
        this.#entries.delete(entry);
      }
    }
    this.#waking = false;
  }
}

/** Ends the waiting calls of a caller: all, or those on one descriptor. */
export function cancelWaiting(caller: Caller, code: string, fd?: number): void {
  for (const waiter of [...caller.waiting]) {
    if (fd === undefined || waiter.fd === fd) waiter.cancel(code);
  }
}
