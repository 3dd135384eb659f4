import { expect, test } from 'vitest';
import type { SessionEvent } from '../events.ts';
import { SessionFormatError } from '../format/parse-session.ts';
import { createLog } from '../log.ts';
import { sampleEvents } from '../session.test-support.ts';
import { endInterruptedRun } from './interrupted.ts';
import { deleteSession, readStoredSession, saveLog, takeOwnership, watchSessions } from './persistence.ts';
import { createMemoryStorage, type SessionStorage, StorageError } from './session-storage.ts';

const events = sampleEvents();
const fail = (error: Error) => {
  throw error;
};

test('each event is stored once, as it happens, and comes back', async () => {
  const memory = createMemoryStorage();
  const sizes: number[] = [];
  const storage: SessionStorage = {
    ...memory,
    append(summary, added) {
      sizes.push(added.length);
      return memory.append(summary, added);
    },
  };
  const log = createLog({ now: () => 0, events: events.slice(0, 1) });
  const saving = saveLog({ id: 's', log, storage, stored: 0, onProblem: fail });
  await saving.flush();
  for (const { seq: _, at: __, ...event } of events.slice(1)) log.append(event as never);
  await saving.stop();
  expect((await readStoredSession(storage, 's')).events).toEqual(log.events);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(events.length);
  expect(await storage.list()).toMatchObject([
    { id: 's', title: 'Addition', outcome: 'solved', eventCount: events.length },
  ]);
});

test('a session opened again is added to, not written again', async () => {
  const storage = createMemoryStorage();
  const first = saveLog({ id: 's', log: createLog({ now: () => 0, events }), storage, stored: 0, onProblem: fail });
  await first.stop();
  const log = createLog({ now: () => 0, events });
  const again = saveLog({ id: 's', log, storage, stored: events.length, onProblem: fail });
  await again.flush();
  log.append({ ...(events[1] as Extract<SessionEvent, { type: 'run-started' }>), run: 'r3' });
  await again.stop();
  expect((await readStoredSession(storage, 's')).events).toEqual(log.events);
});

test('a full disk is told once, and the session lives on', async () => {
  const problems: string[] = [];
  const storage: SessionStorage = {
    ...createMemoryStorage(),
    append: () => Promise.reject(new StorageError('no room')),
  };
  const log = createLog({ now: () => 0, events });
  const saving = saveLog({ id: 's', log, storage, stored: 0, onProblem: ({ message }) => problems.push(message) });
  await saving.flush();
  log.append({ type: 'head-moved', attempt: '0', tree: 'x', written: 0, removed: 0, milliseconds: 0 });
  await saving.stop();
  expect(problems).toEqual(['no room']);
  expect(log.events).toHaveLength(events.length + 1);
});

test('one tab owns a session; it is free again when given back', async () => {
  const release = await takeOwnership('a');
  expect(release).not.toBeNull();
  expect(await takeOwnership('a')).toBeNull();
  const storage = createMemoryStorage();
  await expect(deleteSession(storage, 'a')).rejects.toThrow('open in another tab');
  await release!();
  await deleteSession(storage, 'a');
});

test('other tabs hear of changes', async () => {
  const heard = Promise.withResolvers<string>();
  const stop = watchSessions(heard.resolve);
  const log = createLog({ now: () => 0, events });
  const saving = saveLog({ id: 'b', log, storage: createMemoryStorage(), stored: 0, onProblem: fail });
  expect(await heard.promise).toBe('b');
  stop();
  await saving.stop();
});

test('a missing and a damaged session say so', async () => {
  const storage = createMemoryStorage();
  await expect(readStoredSession(storage, 'x')).rejects.toThrow(StorageError);
  const summary = { id: 'x', title: '', updated: 0, outcome: null, eventCount: 1 };
  await storage.append(summary, events.slice(3, 4));
  await expect(readStoredSession(storage, 'x')).rejects.toThrow(SessionFormatError);
});

test('a run cut off by a reload ends as stopped; a finished one is left alone', () => {
  const cut = createLog({ now: () => 0, events: events.slice(0, 6) });
  expect(endInterruptedRun(cut)).toMatchObject({ type: 'run-finished', outcome: { kind: 'stopped' }, best: '0' });
  expect(endInterruptedRun(cut)).toBeNull();
});
