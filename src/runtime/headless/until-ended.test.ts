import { expect, it } from 'vitest';
import { untilEnded } from './until-ended.ts';

it('answers while the kernel does, and leaves nobody waiting when it has ended', async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const asked: string[] = [];
  const remote = untilEnded(
    {
      read: async (name: string) => name.toUpperCase(),
      fail: async () => Promise.reject(new Error('mine')),
      wait: () => new Promise<string>(() => undefined),
      note: async (name: string) => void asked.push(name),
    },
    ended,
  );
  expect(await remote.read('a')).toBe('A');
  await expect(remote.fail()).rejects.toThrow('mine');
  const waiting = remote.wait();
  end('It is gone');
  await expect(waiting).rejects.toThrow('It is gone');
  await expect(remote.note('late')).rejects.toThrow('It is gone');
  expect(asked).toEqual([]);
});
