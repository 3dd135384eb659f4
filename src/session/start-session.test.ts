import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { startSession } from './start-session.ts';
import { hashTree } from './tree.ts';

test('a session starts without the held-out tests and the solution', () => {
  const log = createLog({ now: () => 0 });
  const files = { 'a.js': '1' };
  const description = {
    name: 't',
    title: 'T',
    goal: 'G',
    test: 'npm test',
    level: 'easy',
    editable: [],
    protected: ['test/**'],
    hints: [],
    checks: { lint: 'npm run lint' },
    review: ['src/**'],
    commands: { deny: ['git *'] },
    secrets: true,
    target: ['adds'],
    known: ['network *'],
  } as const;
  startSession(log, { ...description, files, hidden: { 'h.js': '2' }, solution: { 'a.js': '3' } });
  expect(log.events).toEqual([
    { type: 'session-started', task: description, files, tree: hashTree(files), attempt: '0', seq: 0, at: 0 },
  ]);
});
