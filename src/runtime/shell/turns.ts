/**
 * What reads and writes files, or runs builtins, waits for nothing: it would keep the Worker to itself, while signals, the ends of
 * timeouts and other jobs arrive between turns only.
 */
const TURN_MS = 50;
let turnStarted = 0;

export function isTurnOver(): boolean {
  return performance.now() - turnStarted >= TURN_MS;
}

/** Lets others have theirs, when this one's is over. */
export async function giveTurn(): Promise<void> {
  const time = performance.now() - turnStarted;
  if (time < TURN_MS) return;
  // After a pause a new turn has begun by itself.
  if (time < 50 * TURN_MS) await new Promise<void>((resolve) => setTimeout(resolve, 0));
  turnStarted = performance.now();
}
