/** Lets few Workers boot at a time: a hundred at once would take the processors from the kernel, and each would be up later. */
export class BootGate {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Those inside and those that wait. */
  get size(): number {
    return this.#inside + this.#waiting.size;
  }

  /** Calls `start`, now or when there is room. What is returned makes room again, or takes back a start that did not come yet. */
  enter(start: () => void): () => void {
    let state: 'waiting' | 'inside' | 'left' = 'waiting';
    const begin = () => {
      state = 'inside';
      this.#inside++;
      start();
    };
    if (this.#inside < this.#limit) begin();
    else this.#waiting.add(begin);
    return () => {
      if (state === 'inside') this.#leave();
      else this.#waiting.delete(begin);
      state = 'left';
    };
  }

  #leave(): void {
    this.#inside--;
    const [next] = this.#waiting;
    if (!next) return;
    this.#waiting.delete(next);
    next();
  }
}
