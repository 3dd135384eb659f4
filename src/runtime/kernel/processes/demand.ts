/** How many Workers a command of the client's takes, as the last ones tell. */
import type { WorkerImage } from '../launch.ts';

/** Of the last so many commands, the one that took most counts. */
const MEMORY = 2;

export class Demand {
  /** By session, the oldest first. */
  readonly #taken = new Map<number, Map<WorkerImage, number>>();

  /** A process of this session takes a Worker. */
  note(image: WorkerImage, session: number): void {
    const taken = this.#taken.get(session) ?? new Map<WorkerImage, number>();
    taken.set(image, (taken.get(image) ?? 0) + 1);
    this.#taken.delete(session);
    this.#taken.set(session, taken);
    for (const oldest of this.#taken.keys()) {
      if (this.#taken.size <= MEMORY) break;
      this.#taken.delete(oldest);
    }
  }

  /** What the next command is expected to take, one at least and `most` at most. */
  expected(image: WorkerImage, most: number): number {
    const counts = Array.from(this.#taken.values(), (taken) => taken.get(image) ?? 0);
    return Math.min(most, Math.max(1, ...counts));
  }
}
