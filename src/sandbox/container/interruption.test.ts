import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Interruption } from './interruption.ts';

const never = new Promise<never>(() => undefined);

it('passes on what the promise gives', async () => {
  const interruption = new Interruption();
  await expect(interruption.guard(Promise.resolve(1))).resolves.toBe(1);
  await expect(interruption.guard(Promise.reject(new Error('own')))).rejects.toThrow('own');
});

it('fails all that waits, and whoever comes later, with the first error', async () => {
  const interruption = new Interruption();
  const waiting = [interruption.guard(never), interruption.guard(never)];
  interruption.interrupt(new Error('first'));
  interruption.interrupt(new Error('second'));
  for (const promise of [...waiting, interruption.guard(never)]) await expect(promise).rejects.toThrow('first');
});

it('keeps nothing of what has settled', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const interruption = new Interruption();
  const give = async () => new WeakRef(await interruption.guard(Promise.resolve({})));
  const result = await give();
  // A weak reference holds until the end of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(result.deref()).toBeUndefined();
  interruption.interrupt(new Error('nobody waits'));
});
