import { StalledError } from '../failures.ts';

export interface Timeouts {
  /** Seconds until the first part of the reply; of a reply that comes whole, until all of it. */
  readonly firstToken: number;
  /** Seconds between two parts. */
  readonly silence: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { firstToken: 120, silence: 60 };

/** Seconds that a server may take for its usage, or for closing the connection, after the reply. */
const ENDING = 5;

/** Models that think, and models on slow machines, say nothing for minutes: the second time they get twice as long. */
export const longer = ({ firstToken, silence }: Timeouts): Timeouts => ({
  firstToken: firstToken * 2,
  silence: silence * 2,
});

/** Ends a request that has fallen silent. */
export interface Watchdog {
  /** Aborted by the caller's signal, or when the request is silent for too long. */
  readonly signal: AbortSignal;
  /** A part of the reply came. Signs of life without content (headers, comments) do not count. */
  heard(): void;
  /** The reply is over but for what servers send after it: that is not waited for long. */
  ending(): void;
  /** What the failure of the request really was. */
  explain(error: unknown): unknown;
  dispose(): void;
}

export function createWatchdog(stop: AbortSignal, { firstToken, silence }: Timeouts): Watchdog {
  const stalled = new AbortController();
  const expect = (seconds: number, what: string) =>
    setTimeout(
      () => stalled.abort(new StalledError(`${what} for ${seconds} second${seconds === 1 ? '' : 's'}.`)),
      seconds * 1000,
    );
  let timer = expect(firstToken, 'The server sent no part of its reply');
  return {
    signal: AbortSignal.any([stop, stalled.signal]),
    heard: () => {
      clearTimeout(timer);
      timer = expect(silence, 'The server fell silent in the middle of its reply');
    },
    ending: () => {
      clearTimeout(timer);
      timer = expect(Math.min(silence, ENDING), 'The server did not end its reply');
    },
    explain: (error) => (stalled.signal.aborted && !stop.aborted ? stalled.signal.reason : error),
    dispose: () => clearTimeout(timer),
  };
}
