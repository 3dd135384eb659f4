import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRunClock } from './run-clock.ts';
import { createSpending } from './spending.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (seconds: number) => () => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

it('stands still while anyone is waited for, once for several at a time', async () => {
  const clock = createRunClock(new AbortController().signal, 10);
  const spending = createSpending();
  await vi.advanceTimersByTimeAsync(4000);
  const waits = [spending.pause(() => clock.pause(wait(20))), spending.pause(() => clock.pause(wait(30)))];
  await vi.advanceTimersByTimeAsync(25_000);
  expect(spending.now().milliseconds).toBe(4000);
  await vi.advanceTimersByTimeAsync(5000);
  await Promise.all(waits);
  expect(clock.expired).toBe(false);
  await vi.advanceTimersByTimeAsync(5900);
  expect(clock.expired).toBe(false);
  expect(spending.now().milliseconds).toBe(9900);
  await vi.advanceTimersByTimeAsync(200);
  expect(clock.expired).toBe(true);
  expect(clock.signal.aborted).toBe(true);
  clock.dispose();
});

it('ends a wait when it is stopped', async () => {
  const stop = new AbortController();
  const clock = createRunClock(stop.signal, 10);
  const waiting = clock.pause(wait(1000));
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  expect(clock.expired).toBe(false);
  clock.dispose();
});
