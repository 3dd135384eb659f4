import { expect, test } from 'vitest';
import { behindOthers } from './behind-others.ts';
import { ByteQueue } from './byte-queue.ts';
import { WAIT, WaitQueue } from './wait-queue.ts';

test('the end of a process is told behind what it had written, whichever was known first', async () => {
  const output = new ByteQueue();
  const ended = new WaitQueue();
  let status: number | null = null;
  const told: string[] = [];
  const waits = () => ({ waiting: new Set<never>() });
  const exit = behindOthers(ended.run(waits(), null, () => status ?? WAIT)).then(() => told.push('exit'));
  const read = Promise.resolve(output.read(waits(), null, 10)).then(() => told.push('read'));
  status = 0;
  ended.wake();
  await output.write(waits(), null, new Uint8Array(1));
  await Promise.all([exit, read]);
  expect(told).toEqual(['read', 'exit']);
});
