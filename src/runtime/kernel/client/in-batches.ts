import type { EventQueue } from './event-queues.ts';

export interface BatchOptions<Event> {
  readonly waiting: EventQueue<Event>;
  readonly gapMs: number;
}

/** So many are told at a time. */
const MOST_AT_A_TIME = 256;

/**
 * Tells a listener of the client's what happens, all that came within `gapMs` at a time, and not before it has answered: what happens a
 * thousand times a second must not keep the kernel from the calls of processes. The first is told behind what happens now.
 */
export function inBatches<Event>(
  listener: (events: Event[]) => unknown,
  { waiting, gapMs }: BatchOptions<Event>,
): (event: Event) => void {
  let isBusy = false;
  const work = async () => {
    isBusy = true;
    await pause(0);
    // One that failed is no reason to hold the next ones back.
    for (let events = takeSome(waiting); events.length > 0; events = takeSome(waiting))
      await Promise.allSettled([tell(listener, events), pause(gapMs)]);
    isBusy = false;
  };
  return (event) => {
    waiting.add(event);
    if (!isBusy) void work();
  };
}

function takeSome<Event>(waiting: EventQueue<Event>): Event[] {
  const events: Event[] = [];
  while (events.length < MOST_AT_A_TIME) {
    const event = waiting.take();
    if (event === undefined) break;
    events.push(event);
  }
  return events;
}

async function tell<Event>(listener: (events: Event[]) => unknown, events: Event[]): Promise<void> {
  await listener(events);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
