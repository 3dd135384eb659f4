import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startHeartbeat } from './heartbeat.ts';

const PATIENCE = { beatMs: 1000, beats: 3 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells of a silence, once it has lasted', async () => {
  const { silent } = startHeartbeat(() => new Promise(() => undefined), PATIENCE);
  const told = vi.fn();
  void silent.then(told);
  await vi.advanceTimersByTimeAsync(3999);
  expect(told).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toHaveBeenCalledWith(expect.stringContaining('stopped answering'));
});

it('takes a late answer, and an error, for signs of life', async () => {
  const answers = [() => new Promise((resolve) => setTimeout(resolve, 2900)), () => Promise.reject(new Error('no'))];
  const ask = vi.fn(async () => answers[ask.mock.calls.length % 2]?.());
  const { silent } = startHeartbeat(ask, PATIENCE);
  const told = vi.fn();
  void silent.then(told);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).not.toHaveBeenCalled();
  expect(ask.mock.calls.length).toBeGreaterThan(10);
});

it('ends', () => {
  startHeartbeat(() => Promise.resolve(), PATIENCE).stop();
  expect(vi.getTimerCount()).toBe(0);
});
