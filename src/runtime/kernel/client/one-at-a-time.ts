import { DistinctEvents, type EventQueue } from './event-queues.ts';

/**
 * Calls a listener of the client's, each time when the call before was answered: Comlink searches all calls that wait for an answer
 * whenever one arrives, so a flood of events would cost the square of their number.
 */
export function oneAtATime<Args extends unknown[]>(
  listener: (...args: Args) => unknown,
  waiting: EventQueue<Args> = new DistinctEvents(),
): (...args: Args) => void {
  let isBusy = false;
  const work = async () => {
    isBusy = true;
    // One that failed is no reason to hold the next ones back.
    for (let args = waiting.take(); args; args = waiting.take()) await Promise.allSettled([listener(...args)]);
    isBusy = false;
  };
  return (...args) => {
    waiting.add(args);
    if (!isBusy) void work();
  };
}
