import type { Remote } from 'comlink';
import { expect, it } from 'vitest';
import { guarded } from './guarded.ts';

interface Kernel {
  answer(value: number): number;
  fail(): void;
  wait(): Promise<never>;
}

const remote = {
  answer: async (value: number) => value,
  fail: () => Promise.reject(new Error('its own')),
  wait: () => new Promise(() => undefined),
} as unknown as Remote<Kernel>;

it('passes answers and errors', async () => {
  const kernel = guarded<Kernel>(remote, new Promise(() => undefined));
  expect(await kernel.answer(3)).toBe(3);
  await expect(kernel.fail()).rejects.toThrow('its own');
});

it('fails what waits, and what is asked later, when the kernel is lost', async () => {
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>();
  const kernel = guarded<Kernel>(remote, lost);
  const waiting = kernel.wait();
  lose('It is gone.');
  await expect(waiting).rejects.toThrow('It is gone.');
  await expect(kernel.answer(3)).rejects.toThrow('It is gone.');
});
