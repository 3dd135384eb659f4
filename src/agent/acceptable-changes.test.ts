import { expect, test } from 'vitest';
import { applyChanges } from '../session/apply-changes.ts';
import { createLog } from '../session/log.ts';
import { sampleEvents, startFiles } from '../session/session.test-support.ts';
import { foldEvents } from '../session/state/reducer.ts';
import { hashTree } from '../session/tree.ts';
import { acceptableChanges } from './acceptable-changes.ts';

test('protected files, the test script and the places of held-out tests are never handed out', () => {
  const changes = [
    { path: 'src/add.js', content: 'good' },
    { path: 'src/new.js', content: 'new' },
    { path: 'test/add.test.js', content: 'weaker' },
    { path: 'package.json', content: '{"scripts":{"test":"true"}}' },
    { path: 'held/out.js', content: 'guessed' },
    { path: '.env', content: 'KEY=1' },
  ];
  const log = createLog({ now: () => 0, events: sampleEvents() });
  const tree = hashTree(applyChanges(startFiles, changes));
  log.append({ type: 'attempt-made', run: 'r2', attempt: '3', parent: '0', tree, changes });
  const task = { editable: [], protected: ['test/**'], hidden: { 'held/out.js': 'test' } };
  const kept = acceptableChanges(foldEvents('s', log.events), '3', task);
  expect(kept.map(({ path }) => path)).toEqual(['src/add.js', 'src/new.js']);
});

test('tests that a run wrote first are handed out, and changed ones are not', () => {
  const changes = [
    { path: 'src/add.js', content: 'good' },
    { path: 'test/new.test.js', content: 'approved' },
    { path: 'test/add.test.js', content: 'weaker' },
  ];
  const log = createLog({ now: () => 0, events: sampleEvents() });
  const limits = { steps: 1, attempts: 1, seconds: 1, tokens: 1, cost: 1 };
  log.append({ type: 'run-started', run: 'r3', model: 'm', strategy: 'test-first+review', limits, from: '0' });
  const tree = hashTree(applyChanges(startFiles, changes));
  log.append({ type: 'attempt-made', run: 'r3', attempt: '3', parent: '0', tree, changes });
  const kept = acceptableChanges(foldEvents('s', log.events), '3', { editable: [], protected: ['test/**'] });
  expect(kept.map(({ path }) => path)).toEqual(['src/add.js', 'test/new.test.js']);
});
