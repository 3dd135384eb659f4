/** What has a loop of its own, in a Worker. */
export interface Working {
  /** Changes when the program begins to run or to wait; odd while it runs. */
  readonly work: number;
  readonly ended: boolean;
}

/** Who computes for so long does not hold anything up any more. */
const LONG_MS = 5000;

/**
 * Tells whether programs compute at the moment: what is done ahead of time would take the processor from them, from the kernel, and from
 * the threads of the browser that compile and collect for them.
 */
export class WorkWatch {
  readonly #now: () => number;
  readonly #seen = new Map<Working, number>();
  #since: number | null = null;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(program: Working): void {
    this.#seen.set(program, -1);
  }

  /** Whether one of them runs, or has run since the last look; false where they have done so for long. */
  isBusy(): boolean {
    let busy = false;
    for (const [program, before] of this.#seen) {
      const { work } = program;
      if (program.ended) this.#seen.delete(program);
      else this.#seen.set(program, work);
      if (!program.ended && (work % 2 === 1 || work !== before)) busy = true;
    }
    if (!busy) this.#since = null;
    else this.#since ??= this.#now();
    return this.#since !== null && this.#now() - this.#since < LONG_MS;
  }
}
