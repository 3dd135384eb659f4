/** Arrays of bash: indexed ones, with gaps, and associative ones. */

export class ShellArray {
  readonly associative: boolean;
  readonly #items: Map<string, string>;

  constructor(associative: boolean, items: Iterable<[string, string]> = []) {
    this.associative = associative;
    this.#items = new Map(items);
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
    const keys = [...this.#items.keys()];
    return this.associative ? inHashOrder(keys) : keys.sort((a, b) => Number(a) - Number(b));
  }

  values(): string[] {
    return this.keys().map((key) => this.#items.get(key) ?? '');
  }

  get(key: string): string | undefined {
    return this.#items.get(this.#normalize(key));
  }

  set(key: string, value: string): void {
    this.#items.set(this.#normalize(key), value);
  }

  delete(key: string): void {
    this.#items.delete(this.#normalize(key));
  }

  /** One after the highest subscript. */
  next(): number {
    const last = this.keys().at(-1);
    return last === undefined ? 0 : Number(last) + 1;
  }

  clone(): ShellArray {
    return new ShellArray(this.associative, this.#items);
  }

  /** A negative subscript counts from the end. */
  #normalize(key: string): string {
    return !this.associative && key.startsWith('-') ? String(this.next() + Number(key)) : key;
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
