import { expect, test } from 'vitest';
import { ByteQueue } from './byte-queue.ts';
import { type Caller, cancelWaiting, WAIT, WaitQueue } from './wait-queue.ts';

const caller = (): Caller => ({ waiting: new Set() });

test('a queue that is woken by its own attempt completes each caller once, in order', async () => {
  const queue = new WaitQueue();
  let ready = false;
  const completed: number[] = [];
  const waiting = [0, 1, 2].map((index) =>
    queue.run(caller(), null, () => {
      if (!ready) return WAIT;
      completed.push(index);
      queue.wake();
      return index;
    }),
  );
  ready = true;
  queue.wake();
  expect(await Promise.all(waiting)).toEqual([0, 1, 2]);
  expect(completed).toEqual([0, 1, 2]);
});

test('many readers of one byte share one long write', async () => {
  const queue = new ByteQueue();
  const readers = Array.from({ length: 20_000 }, () => queue.read(caller(), null, 1));
  await queue.write(caller(), null, new Uint8Array(20_000).fill(7));
  const bytes = await Promise.all(readers);
  expect(bytes.every((each) => each.length === 1 && each[0] === 7)).toBe(true);
  expect(queue.size).toBe(0);
});

test('a process ends with all its waiting calls', async () => {
  const queue = new ByteQueue();
  const process = caller();
  const readers = Array.from({ length: 50_000 }, () => Promise.resolve(queue.read(process, null, 1)));
  const settled = Promise.allSettled(readers);
  cancelWaiting(process, 'EINTR');
  const results = await settled;
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
});
