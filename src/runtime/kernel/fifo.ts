/** A FIFO: what all that have it open share. */
import { ByteQueue } from './byte-queue.ts';
import type { CallSite } from './description.ts';
import { WAIT, WaitQueue } from './wait-queue.ts';

/** Those that have it open for reading, or for writing. */
class Side {
  open = 0;
  /** How often it was opened so. */
  ever = 0;
  /** Who waits for one of these. */
  readonly awaiting = new WaitQueue();
}

export type SideName = 'reading' | 'writing';

export class Fifo {
  readonly queue = new ByteQueue();
  readonly #reading = new Side();
  readonly #writing = new Side();

  /** Nobody has it open as yet. */
  constructor() {
    this.queue.end();
    this.queue.leave();
  }

  isOpenFor(name: SideName): boolean {
    return this.#side(name).open > 0;
  }

  join(names: readonly SideName[]): void {
    for (const name of names) {
      const side = this.#side(name);
      side.open++;
      side.ever++;
      if (name === 'reading') this.queue.attend();
      else this.queue.resume();
    }
    for (const name of names) this.#side(name).awaiting.wake();
  }

  /** Bytes that nobody has read are lost when nobody has it open any more. */
  leave(names: readonly SideName[]): void {
    for (const name of names) {
      const side = this.#side(name);
      side.open--;
      if (side.open > 0) continue;
      if (name === 'writing') this.queue.end();
      else this.queue.leave();
    }
    if (this.#reading.open === 0 && this.#writing.open === 0) this.queue.abandon();
  }

  /** How often it was opened so until now. */
  countOpened(name: SideName): number {
    return this.#side(name).ever;
  }

  /** Waits until it is open so, or was since `counted`. */
  await(name: SideName, counted: number, { caller, fd }: CallSite): undefined | Promise<undefined> {
    const { awaiting } = this.#side(name);
    return awaiting.run(caller, fd, () => (this.wasOpenFor(name, counted) ? undefined : WAIT));
  }

  /** Whether it is open so, or was since `counted`. */
  wasOpenFor(name: SideName, counted: number): boolean {
    const side = this.#side(name);
    return side.open > 0 || side.ever !== counted;
  }

  #side(name: SideName): Side {
    return name === 'reading' ? this.#reading : this.#writing;
  }
}
