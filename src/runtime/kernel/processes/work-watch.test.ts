import { expect, test } from 'vitest';
import { WorkWatch } from './work-watch.ts';

test('a program that runs, or has run since the last look, is busy; one that waits or has ended is not', () => {
  const watch = new WorkWatch(() => 0);
  expect(watch.isBusy()).toBe(false);
  const program = { work: 0, ended: false };
  watch.add(program);
  expect(watch.isBusy()).toBe(true);
  expect(watch.isBusy()).toBe(false);
  program.work = 1;
  expect([watch.isBusy(), watch.isBusy()]).toEqual([true, true]);
  program.work = 4;
  expect([watch.isBusy(), watch.isBusy()]).toEqual([true, false]);
  program.work = 5;
  program.ended = true;
  expect(watch.isBusy()).toBe(false);
});

test('one that runs for long counts as busy again only behind a wait', () => {
  let now = 0;
  const watch = new WorkWatch(() => now);
  const program = { work: 1, ended: false };
  watch.add(program);
  expect(watch.isBusy()).toBe(true);
  now = 4999;
  expect(watch.isBusy()).toBe(true);
  now = 5000;
  expect(watch.isBusy()).toBe(false);
  program.work = 2;
  expect([watch.isBusy(), watch.isBusy()]).toEqual([false, false]);
  program.work = 3;
  expect(watch.isBusy()).toBe(true);
});
