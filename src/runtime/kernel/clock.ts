/** The time at which what the kernel does happens: now, or when a process did it that has not waited for it. */

let given: number | null = null;

/** Milliseconds since the epoch. */
export const now = (): number => given ?? Date.now();

/** The action happens at this time. */
export function atTime<T>(time: number, action: () => T): T {
  given = time;
  try {
    return action();
  } finally {
    given = null;
  }
}

const HALF = 2 ** 32;

/** The time near now of which this is the lower half, as an Int32. */
export function timeFromHalf(half: number): number {
  const current = Date.now();
  return current - (((current % HALF) - half) | 0);
}
