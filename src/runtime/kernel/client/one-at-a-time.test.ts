import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('makes the next call when the one before was answered', async () => {
  const log: string[] = [];
  const answers: (() => void)[] = [];
  const call = oneAtATime((name: string) => {
    log.push(name);
    return new Promise<void>((resolve) => answers.push(resolve));
  });
  for (const name of ['a', 'b', 'c']) call(name);
  expect(log).toEqual(['a']);
  answers.shift()?.();
  await expect.poll(() => log).toEqual(['a', 'b']);
  answers.shift()?.();
  await expect.poll(() => log).toEqual(['a', 'b', 'c']);
  answers.shift()?.();
  await Promise.resolve();
  call('d');
  await expect.poll(() => log.at(-1)).toBe('d');
});
