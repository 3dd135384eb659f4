import type { BindingFactory } from '../context.ts';

interface Held {
  readonly name: string;
  readonly mode: string;
  readonly clientId: string;
  reject(reason: unknown): void;
}

interface Waiting extends Held {
  grant(): void;
}

/** `internalBinding('locks')`, under `navigator.locks` (https://w3c.github.io/web-locks/): those of one thread. */
export const locks: BindingFactory = (context) => {
  const described = context.described('locks');
  const { LOCK_MODE_SHARED: shared, LOCK_STOLEN_ERROR: stolen } = described;
  const held = new Set<Held>();
  const waiting = new Set<Waiting>();
  const named = <T extends Held>(list: Iterable<T>, name: string): T[] =>
    [...list].filter((lock) => lock.name === name);

  const isGrantable = (name: string, mode: string) =>
    named(held, name).every((lock) => lock.mode === shared && mode === shared);

  /** Grants what has waited longest, and what can be held along with it. */
  function advance(name: string): void {
    for (const next of named(waiting, name)) {
      if (!isGrantable(name, next.mode)) return;
      waiting.delete(next);
      next.grant();
    }
  }

  function hold(lock: Held, callback: (lock: unknown) => unknown, resolve: (value: unknown) => void): void {
    held.add(lock);
    const release = () => {
      if (held.delete(lock)) advance(lock.name);
    };
    new Promise<unknown>((settle) => settle(callback({ name: lock.name, mode: lock.mode }))).then(
      (value) => {
        resolve(value);
        release();
      },
      (error: unknown) => {
        lock.reject(error);
        release();
      },
    );
  }

  function request(name: string, clientId: string, mode: string, ...rest: unknown[]): Promise<unknown> {
    const [steal, ifAvailable, given] = rest;
    const callback = given as (lock: unknown) => unknown;
    return new Promise<unknown>((resolve, reject) => {
      const lock = { name, mode, clientId, reject };
      if (steal === true) {
        for (const other of named(held, name)) {
          held.delete(other);
          other.reject(new Error(String(stolen)));
        }
        return hold(lock, callback, resolve);
      }
      if (isGrantable(name, mode) && named(waiting, name).length === 0) return hold(lock, callback, resolve);
      if (ifAvailable === true) return resolve(callback(null));
      waiting.add({ ...lock, grant: () => hold(lock, callback, resolve) });
    });
  }

  const shown = (list: Iterable<Held>) => Array.from(list, ({ name, mode, clientId }) => ({ name, mode, clientId }));
  return { ...described, request, query: async () => ({ held: shown(held), pending: shown(waiting) }) };
};
