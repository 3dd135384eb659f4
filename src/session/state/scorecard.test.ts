import { expect, test } from 'vitest';
import { applyChanges } from '../apply-changes.ts';
import type { NewEvent, SessionEvent } from '../events.ts';
import { createLog } from '../log.ts';
import { sampleEvents, startFiles, verdictOf } from '../session.test-support.ts';
import { hashTree } from '../tree.ts';
import { foldEvents } from './reducer.ts';
import { scorecardOf, scorecards } from './scorecard.ts';

const scored = (events: readonly SessionEvent[]) => scorecards(foldEvents('s', events));

test('an attempt is scored by its tests, its held-out tests, its size and what it took', () => {
  const [start, first, second] = scored(sampleEvents());
  const none = { hidden: null, lint: null, types: null, newFailures: [] };
  const nothing = { steps: null, inputTokens: null, outputTokens: null, cost: null, milliseconds: null };
  expect(start).toEqual({
    attempt: '0',
    parent: null,
    run: null,
    passed: null,
    tests: null,
    diff: { files: 0, linesAdded: 0, linesRemoved: 0, testFiles: 0 },
    ...none,
    ...nothing,
  });
  expect(first).toMatchObject({ passed: false, tests: { passed: 1, failed: 2, skipped: 0 }, ...none });
  expect(second).toMatchObject({
    parent: '1',
    run: 'r2',
    passed: true,
    hidden: { passed: false, tests: { passed: 0, failed: 1, skipped: 0 } },
    diff: { files: 1, linesAdded: 1, linesRemoved: 1, testFiles: 0 },
    steps: 1,
    inputTokens: 10,
    outputTokens: 1,
    cost: 0,
    milliseconds: 100,
  });
});

test('new failures, test files, binary and removed files, lint; an unknown cost stays unknown', () => {
  const changes = [
    { path: 'src/add.js', content: null },
    { path: 'test/add.test.js', content: 'one\ntwo\n' },
    { path: 'logo.png', content: { base64: '/w==' } },
  ];
  const tree = hashTree(applyChanges(startFiles, changes));
  const verdict = verdictOf({ 'adds zero': 'failed', 'adds numbers': 'passed', 'is new': 'failed' });
  const spent = { steps: 3, attempts: 1, milliseconds: 9, inputTokens: 0, outputTokens: 0, cost: null };
  const lint = { exitCode: 1, ended: 'exited', output: '', milliseconds: 1, passed: false } as const;
  const more: NewEvent[] = [
    { type: 'attempt-made', run: 'r2', attempt: '3', parent: '2', tree, changes },
    { type: 'verdict-reached', run: 'r2', attempt: '3', verdict, spent },
    {
      type: 'check-finished',
      run: 'r2',
      attempt: '3',
      check: 'lint',
      command: 'npm run lint',
      tree,
      ...lint,
      problems: { count: 4, added: ['a.js:1:1 no'] },
    },
  ];
  const log = createLog({ now: () => 0, events: sampleEvents() });
  for (const event of more) log.append(event);
  expect(scorecardOf(foldEvents('s', log.events), '3')).toMatchObject({
    newFailures: ['add > adds zero', 'add > is new'],
    lint: { passed: false, problems: 4, added: 1 },
    diff: { files: 3, linesAdded: 2, linesRemoved: 2, testFiles: 1 },
    cost: null,
  });
  expect(() => scorecardOf(foldEvents('s', log.events), 'constructor')).toThrow('no attempt');
});
