import { describe, expect, test } from 'vitest';
import type { NewEvent, SessionEvent } from '../events.ts';
import { findInconsistency, verifyTrees } from '../format/consistency.ts';
import { createLog } from '../log.ts';
import { newEvents, startFiles, verdictOf } from '../session.test-support.ts';
import { hashTree } from '../tree.ts';
import { foldEvents } from './reducer.ts';
import { attemptTree, filesOf } from './selectors.ts';
import { workingFiles } from './working-files.ts';

const run = 'r1';
const changes = (text: string) => [{ path: 'src/add.js', content: text }];
const treeOf = (text: string) => hashTree({ ...startFiles, 'src/add.js': text });
const step = (number: number, branch: string): NewEvent[] => [
  { type: 'step-started', run, step: number, role: branch, branch },
  {
    type: 'model-replied',
    run,
    step: number,
    text: '',
    calls: [{ id: `call-${number}`, name: 'edit_file', arguments: '{}' }],
    inputTokens: 10 * number,
    outputTokens: number,
    cost: number,
    milliseconds: 1,
  },
  { type: 'tool-called', run, step: number, call: `call-${number}`, tool: 'edit_file', phase: 'edit' },
];
const edit = (call: string, text: string, branch: string): NewEvent => {
  return { type: 'files-changed', run, call, branch, changes: changes(text), tree: treeOf(text) };
};
const attempt = (id: string, text: string, branch: string): NewEvent => {
  return { type: 'attempt-made', run, branch, attempt: id, parent: '0', tree: treeOf(text), changes: changes(text) };
};
const spent = { steps: 2, attempts: 2, milliseconds: 1, inputTokens: 30, outputTokens: 3, cost: 3 };
const verdict = (id: string, branch: string): NewEvent => {
  return { type: 'verdict-reached', run, branch, attempt: id, verdict: verdictOf({ adds: 'failed' }), spent };
};

/** Two candidates at once, who come to equal files; the second is kept. */
const EVENTS: readonly NewEvent[] = [
  ...newEvents.slice(0, 2),
  { type: 'branch-started', run, branch: 'one', from: '0' },
  { type: 'branch-started', run, branch: 'two', from: '0' },
  ...step(1, 'one'),
  ...step(2, 'two'),
  edit('call-1', 'first', 'one'),
  edit('call-2', 'same', 'two'),
  edit('call-1', 'same', 'one'),
  attempt('1', 'same', 'one'),
  attempt('2', 'same', 'two'),
  verdict('2', 'two'),
  verdict('1', 'one'),
  { type: 'branch-ended', run, branch: 'one', attempt: '1', kept: false },
  { type: 'branch-ended', run, branch: 'two', attempt: '2', kept: true },
];
const logOf = (events: readonly NewEvent[]): readonly SessionEvent[] => {
  const log = createLog({ now: () => 0 });
  for (const event of events) log.append(event);
  return log.events;
};

describe('branches in a log', () => {
  test('have working trees of their own, and the run its own', () => {
    const events = logOf(EVENTS);
    expect(findInconsistency(events)).toBeNull();
    expect(verifyTrees(events)).toEqual([]);
    expect(workingFiles(events)).toEqual(startFiles);
  });

  test('make siblings, which do not move head; a roll back to one does', () => {
    const head = {
      type: 'head-moved',
      attempt: '2',
      tree: treeOf('same'),
      written: 1,
      removed: 0,
      milliseconds: 1,
    } as const;
    const before = foldEvents('s', logOf(EVENTS));
    const after = foldEvents('s', logOf([...EVENTS, head]));
    expect(before.head).toBe('0');
    expect(attemptTree(before)?.children.map((child) => child.attempt.id)).toEqual(['1', '2']);
    expect(after.head).toBe('2');
    expect(filesOf(after, '2')['src/add.js']).toBe('same');
    expect(workingFiles(logOf([...EVENTS, head]))['src/add.js']).toBe('same');
  });

  test('have their steps, calls and attempts told apart', () => {
    const [first] = foldEvents('s', logOf(EVENTS)).runs;
    const told = first?.steps.map(({ role, branch, cost, inputTokens, calls }) => {
      return { role, branch, cost, inputTokens, changes: calls[0]?.changes.length, attempt: calls[0]?.attempt };
    });
    expect(told).toEqual([
      { role: 'one', branch: 'one', cost: 1, inputTokens: 10, changes: 2, attempt: '1' },
      { role: 'two', branch: 'two', cost: 2, inputTokens: 20, changes: 1, attempt: '2' },
    ]);
    expect(first?.branches).toEqual([
      { name: 'one', from: '0', attempt: '1', kept: false },
      { name: 'two', from: '0', attempt: '2', kept: true },
    ]);
  });

  test.each([
    ['event 2 (branch-started): attempt "9" was not made before it', [{ ...EVENTS[2], from: '9' }]],
    ['event 3 (branch-started): "one" has begun before', [EVENTS[2], EVENTS[2]]],
    ['event 2 (files-changed): branch "one" has not begun before it, or has ended', [edit('c', 'x', 'one')]],
  ])('%s', (problem, events) => {
    expect(findInconsistency(logOf([...EVENTS.slice(0, 2), ...(events as NewEvent[])]))).toBe(problem);
  });
});
