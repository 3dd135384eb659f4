/** What a thread is told of messages that lie in the kernel for its ports, without a call: a number in shared memory. */
export interface Inbox {
  /** Changes with every arrival. */
  readonly version: number;
  /** Calls back, in a task of its own, whenever the number has changed. */
  onArrival(listener: () => void): void;
}

// Guest code may replace any of them later.
const { load, waitAsync } = Atomics;
const { then } = Promise.prototype;
const { apply } = Reflect;

/** The word at `index` as an inbox. */
export function createInbox(words: Int32Array<SharedArrayBuffer>, index: number): Inbox {
  const wait = (seen: number, listener: () => void) => {
    const result = apply(waitAsync, Atomics, [words, index, seen]) as ReturnType<typeof waitAsync>;
    const arrived = () => {
      wait(load(words, index), listener);
      listener();
    };
    if (result.async) apply(then, result.value, [arrived]);
    else arrived();
  };
  return {
    get version() {
      return load(words, index);
    },
    onArrival: (listener) => wait(load(words, index), listener),
  };
}
