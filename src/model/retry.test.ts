import { describe, expect, it } from 'vitest';
import { type RetryOptions, retrying } from './retry.ts';

class Refused extends Error {
  readonly headers: Headers;
  constructor(headers: Record<string, string>, name = 'Refused') {
    super('refused');
    this.name = name;
    this.headers = new Headers(headers);
  }
}

/** The first wait that is begun after this failure; null when there is no other try. */
async function waitFor(error: Error, options: Partial<RetryOptions> = {}): Promise<number | null> {
  const stop = new AbortController();
  let wait: number | null = null;
  const trying = retrying(() => Promise.reject(error), {
    signal: stop.signal,
    worth: () => 1,
    random: () => 0.5,
    ...options,
    onRetry: (_, milliseconds) => {
      wait = milliseconds;
      stop.abort(new Error('seen'));
    },
  });
  await expect(trying).rejects.toThrow(/refused|seen/);
  return wait;
}

describe('the wait before another try', () => {
  it.each<[string, Record<string, string>, number]>([
    ['is what the server asks for, in seconds', { 'retry-after': '7' }, 7000],
    ['or in milliseconds', { 'retry-after-ms': '2500', 'retry-after': '9' }, 2500],
    ['and never nothing', { 'retry-after': '0' }, 750],
    ['else a part of a growing delay', {}, 750],
    ['also when the server asks in no known way', { 'retry-after': 'soon' }, 750],
  ])('%s', async (_, headers, expected) => {
    expect(await waitFor(new Refused(headers))).toBe(expected);
  });
  it('is until a date', async () => {
    const wait = await waitFor(new Refused({ 'retry-after': new Date(Date.now() + 200_000).toUTCString() }));
    expect(wait).toBeGreaterThan(100_000);
    expect(wait).toBeLessThanOrEqual(200_000);
  });
  it('is not longer than the patience', async () => {
    expect(await waitFor(new Refused({ 'retry-after': '3600' }))).toBeNull();
    expect(await waitFor(new Refused({ 'retry-after': '3600' }), { patience: 4_000_000 })).toBe(3_600_000);
  });
});

it('tries each kind of failure as often as it is worth', async () => {
  const script = ['a', 'b', 'a', 'b', 'b', 'a'];
  const tried: string[] = [];
  const attempt = () => {
    const name = script[tried.length] ?? 'c';
    tried.push(name);
    return Promise.reject(new Refused({}, name));
  };
  const worth = (error: unknown) => (error instanceof Refused && error.name === 'b' ? 2 : 3);
  await expect(retrying(attempt, { signal: new AbortController().signal, worth, delay: 1 })).rejects.toThrow('refused');
  expect(tried).toEqual(['a', 'b', 'a', 'b', 'b']);
});
