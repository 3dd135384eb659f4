/** Long work on the page's own thread lets others have a turn. */
export interface Breath {
  /** To be awaited between pieces of work: gives way when a turn has taken long. False when the time for the whole is over. */
  pause(): Promise<boolean>;
}

const TURN_MILLISECONDS = 25;

export function createBreath(seconds: number, signal?: AbortSignal): Breath {
  const end = performance.now() + seconds * 1000;
  let turn = performance.now();
  return {
    pause: async () => {
      const now = performance.now();
      if (now - turn < TURN_MILLISECONDS) return true;
      if (now > end) return false;
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      turn = performance.now();
      return true;
    },
  };
}
