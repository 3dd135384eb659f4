/** A number in shared memory that other threads change when something has come for this one. */
export interface Inbox {
  /** Changes with every arrival. */
  readonly version: number;
  /** Calls back, in a task of its own, whenever the number has changed. */
  onArrival(listener: () => void): void;
  /** Calls back once, in a task of its own, when the number is no longer `seen`; false when that is so already. */
  arm(seen: number, listener: () => void): boolean;
}

// Guest code may replace any of them later.
const { load, waitAsync } = Atomics;
const { then } = Promise.prototype;
const { apply } = Reflect;

/** The word at `index` as an inbox. */
export function createInbox(words: Int32Array<SharedArrayBuffer>, index: number): Inbox {
  let armed = false;
  const wait = (seen: number, listener: () => void): boolean => {
    const result = apply(waitAsync, Atomics, [words, index, seen]) as ReturnType<typeof waitAsync>;
    if (result.async) apply(then, result.value, [listener]);
    return result.async;
  };
  const keepWaiting = (seen: number, listener: () => void): void => {
    const arrived = () => {
      keepWaiting(load(words, index), listener);
      listener();
    };
    if (!wait(seen, arrived)) arrived();
  };
  return {
    get version() {
      return load(words, index);
    },
    onArrival: (listener) => keepWaiting(load(words, index), listener),
    arm(seen, listener) {
      if (load(words, index) !== seen) return false;
      if (armed) return true;
      armed = wait(seen, () => {
        armed = false;
        listener();
      });
      return armed;
    },
  };
}
