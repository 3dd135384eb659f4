/** A value that can be watched: what the page knows beside the session. */
export interface Observable<T> {
  get(): T;
  /** Merges; the value is replaced, never mutated. */
  set(part: Partial<T>): void;
  /** Returns what ends it. */
  subscribe(listener: () => void): () => void;
}

export function createObservable<T extends object>(initial: T): Observable<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(part) {
      value = { ...value, ...part };
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
