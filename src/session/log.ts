/** The append-only log of a session: it gives events their number and time, and tells its subscribers. */
import type { NewEvent, SessionEvent } from './events.ts';

export type LogSubscriber = (event: SessionEvent) => void;

export interface SessionLog {
  /** In order; grows as events are appended, and is never changed otherwise. */
  readonly events: readonly SessionEvent[];
  append(event: NewEvent): SessionEvent;
  /** Called once for each event appended from now on; returns what ends it. */
  subscribe(subscriber: LogSubscriber): () => void;
}

export interface LogOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What the log begins with: a stored session's events. */
  readonly events?: readonly SessionEvent[];
}

export function createLog({ now, events: earlier = [] }: LogOptions): SessionLog {
  const events: SessionEvent[] = [...earlier];
  const subscribers = new Set<LogSubscriber>();
  return {
    events,
    append(event) {
      const last = events.at(-1)?.at ?? 0;
      // Clocks can be set back; the log's times never go back.
      const complete: SessionEvent = { ...event, seq: events.length, at: Math.max(last, now()) };
      events.push(complete);
      for (const subscriber of [...subscribers]) subscriber(complete);
      return complete;
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
  };
}
