import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../events.ts';
import { verifyTrees } from '../format/consistency.ts';
import { createLog } from '../log.ts';
import { newEvents, sampleEvents, startFiles } from '../session.test-support.ts';
import { createSessionStore, followLog, sessionFileOf } from '../store.ts';
import { hashTree } from '../tree.ts';
import { foldEvents, initialState, reduce } from './reducer.ts';
import { attemptTree, bestAttempt, changesBetween, filesOf, openRun, spentOf, verdictChanges } from './selectors.ts';
import { workingFiles } from './working-files.ts';

const events = sampleEvents();
const state = foldEvents('s', events);
const upTo = (type: SessionEvent['type'], nth = 1) => {
  const positions = events.flatMap((event, at) => (event.type === type ? [at] : []));
  return events.slice(0, positions[nth - 1]! + 1);
};

describe('createLog', () => {
  test('numbers events, and never lets time go back', () => {
    const times = [5, 3, 9];
    const log = createLog({ now: () => times.shift()! });
    const seen: number[] = [];
    const stop = log.subscribe((event) => seen.push(event.seq));
    log.append(newEvents[0]!);
    log.append(newEvents[1]!);
    stop();
    log.append(newEvents[2]!);
    expect(log.events.map(({ seq, at }) => [seq, at])).toEqual([
      [0, 5],
      [1, 5],
      [2, 9],
    ]);
    expect(seen).toEqual([0, 1]);
  });

  test('goes on from stored events', () => {
    const log = createLog({ now: () => 0, events });
    expect(log.append(newEvents[1]!)).toMatchObject({ seq: events.length, at: events.at(-1)!.at });
  });
});

describe('reduce', () => {
  test('is the same by one event at a time and over JSON', () => {
    const overJson = events.map((event) => JSON.parse(JSON.stringify(event)) as SessionEvent);
    expect(foldEvents('s', overJson)).toEqual(state);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  test('leaves the state before it as it was', () => {
    let before = initialState('s');
    for (const event of events) {
      const copy = structuredClone(before);
      const after = reduce(before, event);
      expect(before).toEqual(copy);
      before = after;
    }
  });

  test('keeps attempts, runs, head and count', () => {
    expect(state.order).toEqual(['0', '1', '2']);
    expect(state.attempts['2']).toMatchObject({ parent: '1', run: 'r2', verdict: { passed: true } });
    expect(state.head).toBe('2');
    expect(foldEvents('s', upTo('head-moved')).head).toBe('0');
    expect(state.runs.map((run) => [run.id, run.outcome?.kind, run.best, run.attempts])).toEqual([
      ['r1', 'gave-up', '1', ['1']],
      ['r2', 'solved', '2', ['2']],
    ]);
    expect(state.eventCount).toBe(events.length);
  });

  test('keeps the last result of each check with its attempt, without the held-out files', () => {
    expect(state.attempts['2']?.checks).toMatchObject([{ check: 'hidden', passed: false, verdict: { exitCode: 1 } }]);
    expect(JSON.stringify(state)).not.toContain('hidden.test.js');
    expect(verifyTrees(events)).toEqual([]);
    const again = { ...events.find(({ type }) => type === 'check-finished')!, passed: true } as SessionEvent;
    expect(reduce(state, again).attempts['2']?.checks).toMatchObject([{ check: 'hidden', passed: true }]);
  });

  test('follows a step through its calls', () => {
    const stepAfter = (type: SessionEvent['type'], nth = 1) => foldEvents('s', upTo(type, nth)).runs[0]?.steps[0];
    expect(stepAfter('step-started')).toMatchObject({ status: 'thinking', calls: [] });
    expect(stepAfter('model-replied')?.calls.map((call) => call.status)).toEqual(['waiting', 'waiting']);
    expect(stepAfter('files-changed')?.calls[0]).toMatchObject({ status: 'running', phase: 'edit' });
    expect(stepAfter('command-finished')?.calls[1]).toMatchObject({
      attempt: '1',
      command: { line: 'npm test', exitCode: 1 },
    });
    expect(stepAfter('tool-finished', 2)).toMatchObject({ status: 'done' });
    expect(state.runs[0]?.steps[0]?.calls.map((call) => call.status)).toEqual(['ok', 'error']);
  });

  test('a call id used again in a later step belongs to that step', () => {
    const log = createLog({ now: () => 0, events: events.slice(0, 2) });
    for (const step of [1, 2]) {
      log.append({ type: 'step-started', run: 'r1', step });
      const calls = [{ id: 'call_0', name: 'read', arguments: '{}' }];
      log.append({ type: 'model-replied', run: 'r1', step, text: '', calls, milliseconds: 1 });
      log.append({ type: 'tool-called', run: 'r1', step, call: 'call_0', tool: 'read', phase: 'read' });
      const result = `result ${step}`;
      log.append({ type: 'tool-finished', run: 'r1', step, call: 'call_0', ok: true, result, milliseconds: 1 });
    }
    const run = foldEvents('s', log.events).runs[0];
    expect(run?.steps.map((step) => step.calls[0]?.result)).toEqual(['result 1', 'result 2']);
    expect(run?.spent.cost).toBeNull();
  });

  test('says which event speaks of a run that never started', () => {
    expect(() => foldEvents('s', [{ type: 'step-started', run: 'x', step: 1, seq: 0, at: 0 }])).toThrow(
      'Event 0 (step-started) belongs to run "x", which never started',
    );
  });
});

describe('selectors', () => {
  test('files and differences of attempts', () => {
    expect(filesOf(state, '0')).toEqual(startFiles);
    for (const id of state.order) expect(hashTree(filesOf(state, id))).toBe(state.attempts[id]!.tree);
    expect(changesBetween(state, '2', '0')).toEqual([{ path: 'src/add.js', content: startFiles['src/add.js'] }]);
    expect(() => filesOf(state, 'constructor')).toThrow('no attempt "constructor"');
  });

  test('which tests newly pass, and newly fail', () => {
    expect(verdictChanges(state, '2')).toMatchObject({
      against: '1',
      newlyPassing: [{ name: ['add', 'adds zero'] }, { name: ['add', 'adds numbers'] }],
      newlyFailing: [],
      added: [],
      missing: [],
    });
    expect(verdictChanges(state, '1')).toMatchObject({ against: null });
    expect(verdictChanges(state, '0')).toBeNull();
  });

  test('the best attempt and the tree', () => {
    expect(bestAttempt(state)?.id).toBe('2');
    expect(bestAttempt(foldEvents('s', upTo('head-moved')))?.id).toBe('1');
    expect(bestAttempt(foldEvents('s', events.slice(0, 1)))).toBeNull();
    expect(attemptTree(state)).toMatchObject({
      depth: 0,
      children: [{ attempt: { id: '1' }, depth: 1, children: [{ attempt: { id: '2' }, isHead: true, isBest: true }] }],
    });
  });

  test('what was spent, and whether a run is open', () => {
    expect(spentOf(state)).toMatchObject({ steps: 2, attempts: 2, inputTokens: 20, cost: 0 });
    expect(openRun(state)).toBeNull();
    expect(openRun(foldEvents('s', upTo('tool-called')))?.id).toBe('r1');
  });

  test('the working tree at any point of the log', () => {
    expect(workingFiles(upTo('files-changed'))['src/add.js']).toContain('a * b');
    expect(workingFiles(upTo('head-moved'))).toEqual(startFiles);
    expect(workingFiles(events)['src/add.js']).toContain('a + b');
  });
});

describe('createSessionStore', () => {
  test('follows a log and gives the session back as a file', () => {
    const log = createLog({ now: () => 1, events: events.slice(0, 5) });
    const store = createSessionStore('s', events.slice(0, 3));
    const stop = followLog(store, log);
    expect(store.getState().session.eventCount).toBe(5);
    log.append(newEvents[5]!);
    stop();
    log.append(newEvents[6]!);
    expect(sessionFileOf(store.getState())).toEqual({
      format: 'fixpoint-session/1',
      id: 's',
      events: log.events.slice(0, 6),
    });
  });
});
