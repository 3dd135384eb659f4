/** Where sessions are kept between visits: in IndexedDB, or in memory for tests and where storage is refused. */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { SessionEvent } from '../events.ts';
import type { OutcomeKind } from '../values.ts';

export interface SessionSummary {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since the epoch, of the last event. */
  readonly updated: number;
  /** Of the last run; null when there was none, or when it has no end. */
  readonly outcome: OutcomeKind | null;
  readonly eventCount: number;
}

/** Each call rejects with StorageError. */
export interface SessionStorage {
  /** Newest first. */
  list(): Promise<readonly SessionSummary[]>;
  /** The events numbered `from` and later, as stored: to be parsed by who reads them. */
  read(id: string, from?: number): Promise<readonly unknown[]>;
  /** Adds events, all or none, and rewrites none. */
  append(summary: SessionSummary, events: readonly SessionEvent[]): Promise<void>;
  remove(id: string): Promise<void>;
  close(): void;
}

/** Storage that failed; the message says what that means for the user. */
export class StorageError extends Error {
  override name = 'StorageError';
}

interface Schema extends DBSchema {
  sessions: { key: string; value: SessionSummary };
  events: { key: [string, number]; value: unknown };
}

const UNSAVED = 'The session goes on in this tab, but it is lost when the tab is closed: export it as a file.';
/** By the name of the browser's error. */
const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['QuotaExceededError', 'The browser has no room left to save this session.'],
  ['VersionError', 'A newer Fixpoint has saved sessions in this browser: reload the page to get it.'],
]);

function toStorageError(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const name = cause instanceof DOMException ? cause.name : '';
  return new StorageError(
    `${PROBLEMS.get(name) ?? 'The browser does not let this page save the session.'} ${UNSAVED}`,
    {
      cause,
    },
  );
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStorageError(error);
  }
}

const newestFirst = (one: SessionSummary, other: SessionSummary) => other.updated - one.updated;

type Transaction = IDBPTransaction<Schema, ['sessions', 'events'], 'readwrite'>;

/** Undoes a transaction that failed, unless the browser has done so already. */
async function abort(work: Transaction): Promise<void> {
  const ended = work.done.catch(() => undefined);
  try {
    work.abort();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
  await ended;
}

/** Opens the database. Rejects with StorageError when the browser refuses, or when another tab holds an old version open. */
export async function openIndexedDbStorage(name = 'fixpoint'): Promise<SessionStorage> {
  const blocked = Promise.withResolvers<never>();
  const open = async () =>
    openDB<Schema>(name, 1, {
      upgrade(database) {
        database.createObjectStore('sessions', { keyPath: 'id' });
        database.createObjectStore('events');
      },
      blocked() {
        blocked.reject(new StorageError(`Another tab holds an older Fixpoint open: close it and reload. ${UNSAVED}`));
        // When the other tab closes, this one opens after all: with nobody to use it, it would block the next.
        opening.then(
          (late) => late.close(),
          () => undefined,
        );
      },
      blocking: (_current, _next, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
  const opening = open();
  const database: IDBPDatabase<Schema> = await guarded(() => Promise.race([opening, blocked.promise]));
  /** All of the requests or none, also where one cannot even be made (a value that cannot be copied). */
  const inTransaction = (request: (work: Transaction) => readonly (() => Promise<unknown>)[]) =>
    guarded(async () => {
      const work = database.transaction(['sessions', 'events'], 'readwrite');
      try {
        await Promise.all([...request(work).map(async (each) => each()), work.done]);
      } catch (error) {
        await abort(work);
        throw error;
      }
    });
  const rangeOf = (id: string, from: number) => IDBKeyRange.bound([id, from], [id, Number.POSITIVE_INFINITY]);
  return {
    list: () => guarded(async () => (await database.getAll('sessions')).sort(newestFirst)),
    read: (id, from = 0) => guarded(() => database.getAll('events', rangeOf(id, from))),
    append: (summary, events) =>
      inTransaction((work) => [
        () => work.objectStore('sessions').put(summary),
        ...events.map((event) => () => work.objectStore('events').add(event, [summary.id, event.seq])),
      ]),
    remove: (id) =>
      inTransaction((work) => [
        () => work.objectStore('sessions').delete(id),
        () => work.objectStore('events').delete(rangeOf(id, 0)),
      ]),
    close: () => database.close(),
  };
}

export function createMemoryStorage(): SessionStorage {
  const sessions = new Map<string, SessionSummary>();
  const stored = new Map<string, SessionEvent[]>();
  return {
    list: async () => [...sessions.values()].sort(newestFirst),
    read: async (id, from = 0) => (stored.get(id) ?? []).filter((event) => event.seq >= from),
    async append(summary, events) {
      const known = stored.get(summary.id) ?? [];
      const again = events.find((event) => known.some((each) => each.seq === event.seq));
      if (again) throw new StorageError(`Event ${again.seq} of this session is stored already.`);
      sessions.set(summary.id, summary);
      stored.set(summary.id, [...known, ...events]);
    },
    async remove(id) {
      sessions.delete(id);
      stored.delete(id);
    },
    close: () => undefined,
  };
}
