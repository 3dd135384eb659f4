/** A queue that stays quick when it is long: `Array.prototype.shift` moves everything that is left. */
export class Fifo<T> {
  #items: T[];
  #first = 0;

  /** Takes the list over. */
  constructor(items: T[] = []) {
    this.#items = items;
  }

  get length(): number {
    return this.#items.length - this.#first;
  }

  /** What comes out next; undefined when it is empty. */
  get head(): T | undefined {
    return this.#items[this.#first];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#first];
    if (this.#first < this.#items.length) this.#first++;
    // Half of it is gone: what is moved is less than what was taken.
    if (this.#first > 32 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Everything, in order; the queue is empty then. */
  takeAll(): T[] {
    const items = this.#items.slice(this.#first);
    this.#items = [];
    this.#first = 0;
    return items;
  }
}
