/**
 * Calls a listener of the client's, each time when the call before was answered: Comlink searches all calls that wait for an answer
 * whenever one arrives, so a flood of events would cost the square of their number.
 */
export function oneAtATime<Args extends unknown[]>(listener: (...args: Args) => unknown): (...args: Args) => void {
  const waiting: Args[] = [];
  let isBusy = false;
  const work = async () => {
    isBusy = true;
    for (let taken = waiting.splice(0); taken.length > 0; taken = waiting.splice(0)) {
      // One that failed is no reason to hold the next ones back.
      for (const args of taken) await Promise.allSettled([listener(...args)]);
    }
    isBusy = false;
  };
  return (...args) => {
    waiting.push(args);
    if (!isBusy) void work();
  };
}
