/**
 * A high dynamic range histogram: values of 1 to 63 bits in buckets of a constant relative precision, after Gil Tene's
 * HdrHistogram (https://hdrhistogram.github.io/HdrHistogram/). Its counts lie in shared memory: copies of it in other threads
 * are the same histogram, as in Node.
 */

const LARGEST = 2n ** 63n - 1n;
/** What is kept in front of the counts. */
const FIELDS = 6;
const Field = { count: 0, exceeds: 1, previous: 2, min: 3, max: 4, total: 5 } as const;

export interface HistogramShape {
  lowest: bigint;
  highest: bigint;
  /** Significant decimal digits that are kept, 1 to 5. */
  figures: number;
}

export interface SharedHistogram {
  shape: HistogramShape;
  memory: SharedArrayBuffer;
}

export class HdrHistogram {
  readonly shared: SharedHistogram;
  readonly #fields: BigInt64Array;
  readonly #counts: BigInt64Array;
  readonly #unitMagnitude: number;
  readonly #halfMagnitude: number;

  constructor(shape: HistogramShape, memory?: SharedArrayBuffer) {
    this.#unitMagnitude = bitsOf(shape.lowest) - 1;
    this.#halfMagnitude = Math.max(Math.ceil(Math.log2(2 * 10 ** shape.figures)), 1) - 1;
    const length = this.#countsNeeded(shape.highest);
    this.shared = { shape, memory: memory ?? new SharedArrayBuffer(8 * (FIELDS + length)) };
    this.#fields = new BigInt64Array(this.shared.memory, 0, FIELDS);
    this.#counts = new BigInt64Array(this.shared.memory, 8 * FIELDS, length);
    if (memory === undefined) this.#fields[Field.min] = LARGEST;
  }

  get count(): bigint {
    return this.#get(Field.count);
  }
  /** How many values were too large to be kept. */
  get exceeds(): bigint {
    return this.#get(Field.exceeds);
  }
  get min(): bigint {
    if (this.#at(0) > 0n) return 0n;
    const min = this.#get(Field.min);
    return min === LARGEST ? min : this.#lowestEquivalent(min);
  }
  get max(): bigint {
    const max = this.#get(Field.max);
    return max === 0n ? 0n : this.#highestEquivalent(max);
  }
  /** NaN when nothing was recorded. */
  get mean(): number {
    let sum = 0n;
    for (const [value, count] of this.#recorded()) sum += count * this.#medianEquivalent(value);
    return Number(sum) / Number(this.#get(Field.total));
  }
  get stddev(): number {
    const mean = this.mean;
    let squares = 0;
    for (const [value, count] of this.#recorded()) {
      squares += (Number(this.#medianEquivalent(value)) - mean) ** 2 * Number(count);
    }
    return Math.sqrt(squares / Number(this.#get(Field.total)));
  }

  record(value: bigint): void {
    if (this.#add(value, 1n)) this.#increase(Field.count, 1n);
    else this.#increase(Field.exceeds, 1n);
  }

  /** Records what has passed since the last call, in nanoseconds; the first call only starts the clock. */
  recordDelta(now: bigint): void {
    const previous = Atomics.exchange(this.#fields, Field.previous, now);
    if (previous > 0n) this.record(now - previous);
  }

  addAll(other: HdrHistogram): void {
    this.#increase(Field.count, other.count);
    this.#increase(Field.exceeds, other.exceeds);
    const previous = other.#get(Field.previous);
    if (previous > this.#get(Field.previous)) this.#fields[Field.previous] = previous;
    for (const [value, count] of other.#recorded()) this.#add(value, count);
  }

  reset(): void {
    this.#counts.fill(0n);
    this.#fields.fill(0n);
    this.#fields[Field.min] = LARGEST;
  }

  percentile(percentile: number): bigint {
    const wanted = Math.max(1, Math.trunc((Math.min(percentile, 100) / 100) * Number(this.#get(Field.total)) + 0.5));
    let seen = 0n;
    for (const [value, count] of this.#recorded()) {
      seen += count;
      if (seen >= wanted) return this.#highestEquivalent(value);
    }
    return this.#highestEquivalent(0n);
  }

  /** Percentile and value, in steps that halve on the way to 100. */
  *percentiles(): Generator<[percentile: number, value: bigint]> {
    const total = Number(this.#get(Field.total));
    let next = 0;
    let seen = 0;
    let last = 0n;
    for (const [value, count] of this.#recorded()) {
      seen += Number(count);
      last = value;
      while (next <= (100 * seen) / total) {
        yield [next, value];
        next += 100 / 2 ** (Math.trunc(Math.log(100 / (100 - next)) / Math.LN2) + 1);
        if (seen >= total) break;
      }
    }
    yield [100, last];
  }

  #get(field: number): bigint {
    return Atomics.load(this.#fields, field);
  }
  #increase(field: number, by: bigint): void {
    Atomics.add(this.#fields, field, by);
  }
  #at(index: number): bigint {
    return this.#counts[index] ?? 0n;
  }

  /** False when the value is too large. */
  #add(value: bigint, times: bigint): boolean {
    if (value > this.shared.shape.highest) return false;
    Atomics.add(this.#counts, this.#indexOf(value), times);
    this.#increase(Field.total, times);
    if (value !== 0n && value < this.#get(Field.min)) this.#fields[Field.min] = value;
    if (value > this.#get(Field.max)) this.#fields[Field.max] = value;
    return true;
  }

  *#recorded(): Generator<[value: bigint, count: bigint]> {
    for (let index = 0; index < this.#counts.length; index++) {
      const count = this.#at(index);
      if (count > 0n) yield [this.#valueAt(index), count];
    }
  }

  #countsNeeded(highest: bigint): number {
    const buckets = Math.max(1, bitsOf(highest) - this.#unitMagnitude - this.#halfMagnitude);
    return (buckets + 1) << this.#halfMagnitude;
  }

  #bucketOf(value: bigint): number {
    const least = this.#unitMagnitude + this.#halfMagnitude + 1;
    return Math.max(bitsOf(value), least) - least;
  }

  #indexOf(value: bigint): number {
    const bucket = this.#bucketOf(value);
    const inBucket = Number(value >> BigInt(bucket + this.#unitMagnitude));
    return (bucket << this.#halfMagnitude) + inBucket;
  }

  #valueAt(index: number): bigint {
    const half = 1 << this.#halfMagnitude;
    const bucket = Math.max(0, (index >> this.#halfMagnitude) - 1);
    const inBucket = index < half ? index : (index & (half - 1)) + half;
    return BigInt(inBucket) << BigInt(bucket + this.#unitMagnitude);
  }

  #lowestEquivalent(value: bigint): bigint {
    const shift = BigInt(this.#bucketOf(value) + this.#unitMagnitude);
    return (value >> shift) << shift;
  }
  #highestEquivalent(value: bigint): bigint {
    return this.#lowestEquivalent(value) + this.#rangeOf(value) - 1n;
  }
  #medianEquivalent(value: bigint): bigint {
    return this.#lowestEquivalent(value) + (this.#rangeOf(value) >> 1n);
  }
  #rangeOf(value: bigint): bigint {
    return 1n << BigInt(this.#bucketOf(value) + this.#unitMagnitude);
  }
}

const bitsOf = (value: bigint): number => value.toString(2).length;
