import { PriorityQueue } from './queue.js';

/** Runs jobs one after the other, the most urgent first. A failing job does not stop the others. */
export async function runAll(jobs) {
  const queue = new PriorityQueue();
  for (const { run, priority } of jobs) queue.add(run, priority);
  const results = [];
  for (const run of queue.drain()) {
    try {
      results.push({ status: 'done', value: await run() });
    } catch (error) {
      results.push({ status: 'failed', reason: error.message });
    }
  }
  return results;
}
