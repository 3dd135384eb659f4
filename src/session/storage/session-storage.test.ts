import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, test, vi } from 'vitest';
import { sampleEvents } from '../session.test-support.ts';
import { createMemoryStorage, openIndexedDbStorage, type SessionStorage, StorageError } from './session-storage.ts';

const events = sampleEvents();
const summary = (id: string, updated = 1) => ({ id, title: id, updated, outcome: null, eventCount: 0 });
let databases = 0;
const newName = () => {
  databases += 1;
  return `storage-${databases}`;
};

describe.each<[string, () => Promise<SessionStorage>]>([
  ['IndexedDB', () => openIndexedDbStorage(newName())],
  ['memory', async () => createMemoryStorage()],
])('storage in %s', (_, open) => {
  test('gives back events in their order, from any number on', async () => {
    const storage = await open();
    await storage.append(summary('a'), events.slice(0, 12));
    await storage.append(summary('a'), events.slice(12));
    expect(await storage.read('a')).toEqual(events);
    expect(await storage.read('a', 11)).toEqual(events.slice(11));
    expect(await storage.read('a', events.length)).toEqual([]);
    expect(await storage.read('none')).toEqual([]);
    storage.close();
  });

  test('keeps sessions apart whose ids begin alike, and lists the newest first', async () => {
    const storage = await open();
    await storage.append(summary('a', 1), events.slice(0, 2));
    await storage.append(summary('a1', 3), events.slice(0, 3));
    await storage.append(summary('b', 2), events.slice(0, 1));
    expect(await storage.read('a')).toEqual(events.slice(0, 2));
    expect((await storage.list()).map(({ id }) => id)).toEqual(['a1', 'b', 'a']);
    await storage.remove('a');
    expect(await storage.read('a')).toEqual([]);
    expect(await storage.read('a1')).toEqual(events.slice(0, 3));
    expect((await storage.list()).map(({ id }) => id)).toEqual(['a1', 'b']);
    storage.close();
  });

  test('adds all events or none, and rewrites none', async () => {
    const storage = await open();
    await storage.append(summary('a', 1), events.slice(0, 3));
    const again = storage.append({ ...summary('a', 9), title: 'other' }, [events[3]!, events[2]!]);
    await expect(again).rejects.toThrow(StorageError);
    expect(await storage.read('a')).toEqual(events.slice(0, 3));
    expect(await storage.list()).toEqual([summary('a', 1)]);
    storage.close();
  });
});

describe('IndexedDB', () => {
  test('keeps sessions between visits', async () => {
    const name = newName();
    const first = await openIndexedDbStorage(name);
    await first.append(summary('a'), events);
    first.close();
    const second = await openIndexedDbStorage(name);
    expect(await second.read('a')).toEqual(events);
    second.close();
  });

  test('gives way to a newer version in another tab', async () => {
    const name = newName();
    const storage = await openIndexedDbStorage(name);
    const newer = await openDB(name, 2);
    expect(newer.version).toBe(2);
    await expect(storage.list()).rejects.toThrow(StorageError);
    newer.close();
  });

  test('a newer database, a refusal and a full disk are told to the user', async () => {
    const name = newName();
    (await openDB(name, 5)).close();
    await expect(openIndexedDbStorage(name)).rejects.toThrow(/newer Fixpoint/);

    const storage = await openIndexedDbStorage(newName());
    const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(storage.append(summary('a'), events)).rejects.toThrow('no room left');
    full.mockRestore();
    expect(await storage.list()).toEqual([]);
    storage.close();

    const refused = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError');
    });
    await expect(openIndexedDbStorage(newName())).rejects.toThrow('does not let this page save');
    refused.mockRestore();
  });
});
