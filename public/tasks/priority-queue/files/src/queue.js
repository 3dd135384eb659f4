import { Heap } from './heap.js';

/** Jobs by priority, the smallest first; equal priorities in the order they came. */
export class PriorityQueue {
  #heap = new Heap((a, b) => a.priority - b.priority || a.order - b.order);
  #count = 0;

  get size() {
    return this.#heap.size;
  }

  add(job, priority = 0) {
    this.#heap.push({ job, priority, order: this.#count++ });
  }

  /** The next job, or undefined. */
  next() {
    return this.#heap.pop()?.job;
  }

  /** All jobs in order; the queue is empty afterwards. */
  *drain() {
    while (this.size > 0) yield this.next();
  }
}
