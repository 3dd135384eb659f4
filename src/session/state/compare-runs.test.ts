import { expect, test } from 'vitest';
import type { SessionEvent } from '../events.ts';
import { sampleEvents } from '../session.test-support.ts';
import { compareRuns } from './compare-runs.ts';
import { foldEvents } from './reducer.ts';

const events = sampleEvents();
const endOf = (run: string) => events.findIndex((event) => event.type === 'run-finished' && event.run === run) + 1;
const failed = foldEvents('a', events.slice(0, endOf('r1')));
const solved = foldEvents('b', events);

test('two runs stand beside each other, with what each did better', () => {
  const { figures, first, second, summary } = compareRuns(failed, solved);
  expect(first).toMatchObject({
    outcome: 'gave-up',
    tests: { failed: 2 },
    hidden: null,
    steps: 1,
    calls: 2,
    failedCalls: 1,
  });
  expect(second).toMatchObject({ outcome: 'solved', tests: { failed: 0 }, hidden: false, cost: 0 });
  const better = Object.fromEntries(figures.map((figure) => [figure.name, figure.better]));
  expect(better).toMatchObject({
    outcome: 'second',
    tests: 'second',
    'held-out tests': null,
    steps: null,
    cost: null,
    model: null,
  });
  expect(figures.find(({ name }) => name === 'tests')).toMatchObject({
    first: '1 passed, 2 failed',
    second: '3 passed, 0 failed',
  });
  expect(summary).toBe(
    'the second run passes the visible tests and fails the held-out ones, the first run did not solve the task.',
  );
});

test('runs that did the same have not parted, and nobody did better', () => {
  const { figures, parting, summary } = compareRuns(solved, solved);
  expect(parting).toBeNull();
  expect(figures.every(({ better }) => better === null)).toBe(true);
  expect(summary).toBe('Both pass the visible tests and fail the held-out ones.');
});

test('the sentence says whose held-out tests fail, and tells runs of one model apart', () => {
  const held = (passed: boolean | null, name: Partial<Record<'model' | 'strategy', string>> = {}) =>
    foldEvents(
      'h',
      events.flatMap((event): SessionEvent[] => {
        if (event.type === 'check-finished' && event.check === 'hidden')
          return passed === null ? [] : [{ ...event, passed }];
        return event.type === 'run-started' ? [{ ...event, ...name }] : [event];
      }),
    );
  const say = (...runs: Parameters<typeof compareRuns>) => compareRuns(...runs).summary;
  expect(say(held(true), held(true))).toBe('Both solved the task.');
  expect(say(held(true, { model: 'a' }), held(false))).toBe('Both pass the tests; the held-out ones only a.');
  expect(say(held(null), held(false, { strategy: 'tree' }))).toBe(
    'Both pass the visible tests; tree fails the held-out ones.',
  );
  expect(say(held(true, { strategy: 'tree' }), failed)).toBe('tree solved the task, direct did not.');
});

test('names the step in which they parted', () => {
  const other = events.map((event) =>
    event.type === 'model-replied' && event.run === 'r2'
      ? { ...event, calls: [{ id: 'x', name: 'read_file', arguments: '{"path": "src/add.js"}' }] }
      : event,
  );
  const { parting } = compareRuns(solved, foldEvents('c', other.slice(0, endOf('r2'))));
  expect(parting).toMatchObject({
    step: 1,
    first: 'edit; verify',
    second: expect.stringContaining('read_file src/add.js'),
  });
});

test('a session without a run cannot be compared', () => {
  expect(() => compareRuns(foldEvents('d', events.slice(0, 1)), solved)).toThrow('no run');
});
