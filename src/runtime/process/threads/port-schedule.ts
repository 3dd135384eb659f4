/** Which ports have something to deliver; those that are ready in the same turn have theirs in the order in which they were made. */
import { type EventLoop, QUIET } from '../context.ts';

export interface Deliverer {
  /** Counts up with each port that was made. */
  readonly serial: number;
  /** Delivers one message, if there is one; `last` when others have their turn before the next. */
  deliver(): 'nothing' | 'last' | 'more';
}

export class PortSchedule {
  readonly #loop: EventLoop;
  #ready = new Set<Deliverer>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  add(port: Deliverer): void {
    this.#ready.add(port);
    if (this.#ready.size === 1) this.#loop.enqueue(() => this.#run());
  }

  #run(): unknown {
    const ports = [...this.#ready].sort((one, other) => one.serial - other.serial);
    this.#ready = new Set();
    return this.#next(ports);
  }

  /** One message a callback, as ticks and microtasks run between them. */
  #next(ports: Deliverer[]): unknown {
    if (ports.length === 0) return QUIET;
    // Before the delivery, which may throw.
    this.#loop.enqueueNext(() => this.#next(ports));
    for (let port = ports[0]; port !== undefined; port = ports[0]) {
      const outcome = port.deliver();
      if (outcome !== 'more') ports.shift();
      if (outcome !== 'nothing') return undefined;
    }
    return QUIET;
  }
}
