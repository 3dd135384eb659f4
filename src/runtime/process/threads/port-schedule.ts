/** Which ports have something to deliver; those that are ready in the same turn have theirs in the order in which they were made. */
import type { EventLoop } from '../context.ts';

export interface Deliverer {
  /** Counts up with each port that was made. */
  readonly serial: number;
  /** Delivers one message; true when another should follow at once. */
  deliver(): boolean;
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

  #run(): void {
    const ports = [...this.#ready].sort((one, other) => one.serial - other.serial);
    this.#ready = new Set();
    this.#next(ports);
  }

  /** One message a callback, as ticks and microtasks run between them. */
  #next(ports: Deliverer[]): void {
    const port = ports[0];
    if (!port) return;
    this.#loop.enqueueNext(() => this.#next(ports));
    if (!port.deliver()) ports.shift();
  }
}
