/** Arrays of bash: indexed ones, with gaps, and associative ones. */

export class ShellArray {
  readonly associative: boolean;
  #items = new Map<string, string>();
  /** Of an indexed array: the highest subscript. */
  #last = -1;
  /** Of an indexed array: whether the items lie in the order of their subscripts, as they mostly are made. */
  #isOrdered = true;

  constructor(associative: boolean, items: Iterable<[string, string]> = []) {
    this.associative = associative;
    for (const [key, value] of items) this.set(key, value);
  }

  static of(values: readonly string[]): ShellArray {
    return new ShellArray(
      false,
      values.map((value, index) => [String(index), value]),
    );
  }

  get size(): number {
    return this.#items.size;
  }

  /** Subscripts: in numeric order, or in that of bash's hash table. */
  keys(): string[] {
    if (this.associative) return inHashOrder([...this.#items.keys()]);
    this.#order();
    return [...this.#items.keys()];
  }

  values(): string[] {
    if (this.associative) return this.keys().map((key) => this.#items.get(key) ?? '');
    this.#order();
    return [...this.#items.values()];
  }

  get(key: string): string | undefined {
    return this.#items.get(this.#normalize(key));
  }

  set(key: string, value: string): void {
    const place = this.#normalize(key);
    if (!this.associative && !this.#items.has(place)) {
      const subscript = Number(place);
      if (subscript > this.#last) this.#last = subscript;
      else this.#isOrdered = false;
    }
    this.#items.set(place, value);
  }

  delete(key: string): void {
    const place = this.#normalize(key);
    if (this.#items.delete(place) && Number(place) === this.#last) this.#last = this.#highestBelow(this.#last);
  }

  /** One after the highest subscript. */
  next(): number {
    return this.#last + 1;
  }

  clone(): ShellArray {
    return new ShellArray(this.associative, this.#items);
  }

  /** A negative subscript counts from the end. */
  #normalize(key: string): string {
    return !this.associative && key.startsWith('-') ? String(this.next() + Number(key)) : key;
  }

  #order(): void {
    if (this.#isOrdered) return;
    this.#items = new Map([...this.#items].sort(([one], [other]) => Number(one) - Number(other)));
    this.#isOrdered = true;
  }

  /** Steps down where there are few gaps, which is what an array that is used as a stack needs. */
  #highestBelow(end: number): number {
    for (let subscript = end - 1, steps = 0; subscript >= 0; subscript--) {
      if (this.#items.has(String(subscript))) return subscript;
      if (++steps > this.#items.size)
        return [...this.#items.keys()].reduce((most, key) => Math.max(most, Number(key)), -1);
    }
    return -1;
  }
}

const FIRST_BUCKETS = 1024;
const encoder = new TextEncoder();

/** bash's own order, which scripts see: by the bucket of its hash table, in one bucket the newest first. */
function inHashOrder(keys: readonly string[]): string[] {
  let buckets = FIRST_BUCKETS;
  while (keys.length >= buckets * 2) buckets *= 4;
  return keys
    .map((key, age) => ({ key, age, bucket: (hashOf(key) & (buckets - 1)) >>> 0 }))
    .sort((a, b) => a.bucket - b.bucket || b.age - a.age)
    .map(({ key }) => key);
}

/** FNV-1 of 32 bits, over the signed characters of C. */
function hashOf(key: string): number {
  let hash = 2166136261;
  for (const byte of encoder.encode(key)) hash = Math.imul(hash, 16777619) ^ ((byte << 24) >> 24);
  return hash;
}
