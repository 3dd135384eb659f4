/** How a command is to be ended: with which signal, and more firmly later. The reason of an `AbortController`'s abort. */
import { signalNumbers } from './signals.ts';

export class EndOrder extends Error {
  override name = 'EndOrder';
  readonly signal: number;
  readonly #receivers = new Set<(signal: number) => void>();

  constructor(signal: number) {
    super(`ended by signal ${signal}`);
    this.signal = signal;
  }

  /** Whether a program got it, which then ends when it likes. */
  get delivered(): boolean {
    return this.#receivers.size > 0;
  }

  deliver(send: (signal: number) => void): void {
    this.#receivers.add(send);
    send(this.signal);
  }

  /** Sends a further signal to the programs that got the first. */
  escalate(signal: number): void {
    for (const send of this.#receivers) send(signal);
  }
}

/** Passes on what an aborted command's programs are to be sent: SIGTERM where nobody said. */
export function deliverEnd(signal: AbortSignal, send: (signal: number) => void): void {
  const reason: unknown = signal.reason;
  if (reason instanceof EndOrder) reason.deliver(send);
  else send(signalNumbers.TERM ?? 15);
}
