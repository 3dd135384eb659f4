/** The classes of histograms of `internalBinding('performance')`. */
import type { ProcessContext } from '../context.ts';
import { HdrHistogram, type HistogramShape, type SharedHistogram } from './hdr-histogram.ts';

/** The delay of the event loop is kept up to an hour. */
const DELAYS: HistogramShape = { lowest: 1000n, highest: 3_600_000_000_000n, figures: 3 };

export function histogramClasses(context: ProcessContext) {
  const { host } = context;
  const nanoseconds = () => BigInt(Math.round(host.now() * 1e6));

  class Histogram {
    readonly #data: HdrHistogram;
    constructor(lowest: number | bigint | HdrHistogram, highest: number | bigint = 0, figures = 3) {
      this.#data =
        lowest instanceof HdrHistogram
          ? lowest
          : new HdrHistogram({ lowest: BigInt(lowest), highest: BigInt(highest), figures });
    }
    get shared(): SharedHistogram {
      return this.#data.shared;
    }
    count() {
      return Number(this.#data.count);
    }
    countBigInt() {
      return this.#data.count;
    }
    exceeds() {
      return Number(this.#data.exceeds);
    }
    exceedsBigInt() {
      return this.#data.exceeds;
    }
    min() {
      return Number(this.#data.min);
    }
    minBigInt() {
      return this.#data.min;
    }
    max() {
      return Number(this.#data.max);
    }
    maxBigInt() {
      return this.#data.max;
    }
    mean() {
      return this.#data.mean;
    }
    stddev() {
      return this.#data.stddev;
    }
    percentile(percentile: number) {
      return Number(this.#data.percentile(percentile));
    }
    percentileBigInt(percentile: number) {
      return this.#data.percentile(percentile);
    }
    percentiles(into: Map<number, number>): void {
      for (const [percentile, value] of this.#data.percentiles()) into.set(percentile, Number(value));
    }
    percentilesBigInt(into: Map<number, bigint>): void {
      for (const [percentile, value] of this.#data.percentiles()) into.set(percentile, value);
    }
    record(value: number | bigint): void {
      if (value < 1 || BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) {
        throw Object.assign(new RangeError('value is out of range'), { code: 'ERR_OUT_OF_RANGE' });
      }
      this.#data.record(BigInt(value));
    }
    recordDelta(): void {
      this.#data.recordDelta(nanoseconds());
    }
    reset(): void {
      this.#data.reset();
    }
    add(other: Histogram): void {
      this.#data.addAll(other.#data);
    }
  }

  /** Records how far apart the ticks of a timer come. The host's timer waits for this thread as the loop's own would. */
  class IntervalHistogram extends Histogram {
    readonly #interval: number;
    #timer = 0;
    constructor(interval: number) {
      super(new HdrHistogram(DELAYS));
      this.#interval = interval;
    }
    start(resets?: boolean): void {
      if (this.#timer !== 0) return;
      if (resets) this.reset();
      const tick = () => {
        this.#timer = host.setTimeout(tick, this.#interval);
        this.recordDelta();
      };
      this.#timer = host.setTimeout(tick, this.#interval);
    }
    stop(): void {
      if (this.#timer !== 0) host.clearTimeout(this.#timer);
      this.#timer = 0;
    }
  }

  context.nativeCloneables.register(Histogram, {
    name: 'Histogram',
    isCloneable: true,
    contentOf: (histogram) => (histogram as Histogram).shared,
    revive(data) {
      const { shape, memory } = data as SharedHistogram;
      return new Histogram(new HdrHistogram(shape, memory));
    },
  });
  return { Histogram, createELDHistogram: (interval: number) => new IntervalHistogram(interval) };
}
