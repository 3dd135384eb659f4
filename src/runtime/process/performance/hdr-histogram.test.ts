import { expect, test } from 'vitest';
import { HdrHistogram } from './hdr-histogram.ts';

const shape = { lowest: 10n, highest: 100_000n, figures: 2 };

test('values keep their significant digits; too large ones are only counted', () => {
  const histogram = new HdrHistogram(shape);
  for (const value of [12n, 5_000n, 99_999n, 100_001n]) histogram.record(value);
  expect(histogram.count).toBe(3n);
  expect(histogram.exceeds).toBe(1n);
  expect([histogram.min, histogram.max]).toEqual([8n, 100_351n]);
  expect(Number(histogram.percentile(50)) / 5_000).toBeCloseTo(1, 1);
});

test('a copy of the shared memory is the same histogram', () => {
  const histogram = new HdrHistogram(shape);
  const copy = new HdrHistogram(histogram.shared.shape, histogram.shared.memory);
  copy.record(50n);
  expect(histogram.count).toBe(1n);
  histogram.reset();
  expect(copy.mean).toBeNaN();
});
