import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PriorityQueue } from '../src/queue.js';
import { runAll } from '../src/scheduler.js';

test('jobs come by priority', () => {
  const queue = new PriorityQueue();
  for (const [job, priority] of [['mail', 5], ['fire', 0], ['lunch', 3], ['call', 1], ['walk', 4]]) queue.add(job, priority);
  assert.deepEqual([...queue.drain()], ['fire', 'call', 'lunch', 'walk', 'mail']);
});

test('equal priorities keep their order', () => {
  const queue = new PriorityQueue();
  for (const job of 'abcdefg') queue.add(job, 1);
  assert.equal([...queue.drain()].join(''), 'abcdefg');
});

test('a failing job does not stop the others', async () => {
  const fail = () => Promise.reject(new Error('no'));
  const results = await runAll([{ run: async () => 2, priority: 2 }, { run: fail, priority: 1 }]);
  assert.deepEqual(results, [{ status: 'failed', reason: 'no' }, { status: 'done', value: 2 }]);
});
