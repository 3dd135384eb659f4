/** A binary heap: `pop` gives the least element by `compare`. */
export class Heap {
  #items = [];
  #compare;

  constructor(compare) {
    this.#compare = compare;
  }

  get size() {
    return this.#items.length;
  }

  peek() {
    return this.#items[0];
  }

  push(item) {
    this.#items.push(item);
    this.#moveUp(this.#items.length - 1);
  }

  pop() {
    const least = this.#items[0];
    const last = this.#items.pop();
    if (this.#items.length > 0) {
      this.#items[0] = last;
      this.#moveDown(0);
    }
    return least;
  }

  #moveUp(index) {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#compare(this.#items[index], this.#items[parent]) >= 0) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #moveDown(index) {
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < this.#items.length && this.#compare(this.#items[left], this.#items[least]) < 0) least = left;
      if (right < this.#items.length && this.#compare(this.#items[right], this.#items[least]) < 0) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #swap(a, b) {
    [this.#items[a], this.#items[b]] = [this.#items[b], this.#items[a]];
  }
}
