import { expect, it } from 'vitest';
import type { Job } from './job.ts';
import { JobTable } from './job-table.ts';

const job = (pid: number, number: number, done = false): Job => ({
  pid,
  number,
  done,
  exitStatus: pid % 256,
  status: Promise.resolve(pid % 256),
  abort: new AbortController(),
  text: 'true',
});

it('numbers a job after the highest that is open', () => {
  const table = new JobTable();
  expect(table.nextNumber()).toBe(1);
  table.add(job(10, 1));
  table.add(job(11, 2));
  const [first] = table.open();
  if (first) table.forget(first, 0);
  expect(table.nextNumber()).toBe(3);
});

it('knows the status of a job that was waited for, but not of one that was let go', () => {
  const table = new JobTable();
  const [waited, disowned] = [job(7, 1), job(8, 2)];
  table.add(waited);
  table.add(disowned);
  table.forget(waited, 7);
  table.forget(disowned);
  expect([table.open(), table.pastStatus(7), table.pastStatus(8)]).toEqual([[], 7, undefined]);
});

it('does not grow with the jobs that have ended, waited for or not', () => {
  const table = new JobTable();
  for (let pid = 1; pid <= 10_000; pid += 1) {
    const next = job(pid, table.nextNumber(), true);
    table.add(next);
    if (pid % 2 === 0) table.forget(next, 0);
  }
  expect(table.open().length).toBeLessThanOrEqual(1024);
  expect([table.pastStatus(2), table.pastStatus(10_000)]).toEqual([undefined, 0]);
});
