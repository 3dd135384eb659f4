import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DistinctEvents } from './event-queues.ts';
import { inBatches } from './in-batches.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells what came meanwhile at once, when the call before was answered and the gap is over', async () => {
  const log: string[] = [];
  const answers: (() => void)[] = [];
  const tell = inBatches(
    (names: [string][]) => {
      log.push(names.flat().join(''));
      return new Promise<void>((resolve) => answers.push(resolve));
    },
    { waiting: new DistinctEvents(), gapMs: 20 },
  );
  for (const name of ['a', 'b']) tell([name]);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['ab']);
  for (const name of ['c', 'd']) tell([name]);
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual(['ab']);
  answers.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['ab', 'cd']);
  answers.shift()?.();
  await vi.advanceTimersByTimeAsync(10);
  tell(['e']);
  await vi.advanceTimersByTimeAsync(9);
  expect(log).toEqual(['ab', 'cd']);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['ab', 'cd', 'e']);
});

it('goes on behind a listener that throws', async () => {
  const log: string[] = [];
  const tell = inBatches(
    (names: [string][]) => {
      log.push(...names.flat());
      throw new Error('no');
    },
    { waiting: new DistinctEvents(), gapMs: 20 },
  );
  tell(['a']);
  await vi.advanceTimersByTimeAsync(100);
  tell(['b']);
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual(['a', 'b']);
});
