/** A session kept while it grows: one tab owns it and appends its events, other tabs read along. */
import type { SessionFile } from '../events.ts';
import { parseSessionFile } from '../format/parse-session.ts';
import type { SessionLog } from '../log.ts';
import { foldEvents, reduce } from '../state/reducer.ts';
import type { SessionState } from '../state/session-state.ts';
import { type SessionStorage, type SessionSummary, StorageError } from './session-storage.ts';

const CHANNEL = 'fixpoint-sessions';
const lockName = (id: string) => `fixpoint-session:${id}`;

/** Told to other tabs: events of this session were stored, or it was removed. */
interface Notice {
  readonly id: string;
}

function summarise(state: SessionState, updated: number): SessionSummary {
  return {
    id: state.id,
    title: state.task?.title ?? 'Untitled',
    updated,
    outcome: state.runs.at(-1)?.outcome?.kind ?? null,
    eventCount: state.eventCount,
  };
}

/** Reads and checks a stored session. Rejects with StorageError, or SessionFormatError when what is stored is damaged. */
export async function readStoredSession(storage: SessionStorage, id: string): Promise<SessionFile> {
  const events = await storage.read(id);
  if (events.length === 0)
    throw new StorageError('This session is not stored in this browser: it may have been deleted.');
  return parseSessionFile({ format: 'fixpoint-session/1', id, events });
}

/**
 * Takes the session for this tab. Null when another tab owns it: then it is to be shown read-only.
 * The returned function gives it free, and resolves when it is; closing the tab does so too.
 */
export async function takeOwnership(id: string): Promise<(() => Promise<void>) | null> {
  const taken = Promise.withResolvers<boolean>();
  const held = Promise.withResolvers<void>();
  const request = navigator.locks.request(lockName(id), { ifAvailable: true }, (lock) => {
    taken.resolve(lock !== null);
    return lock === null ? undefined : held.promise;
  });
  request.catch(taken.reject);
  if (!(await taken.promise)) return null;
  return async () => {
    held.resolve();
    await request;
  };
}

export interface SaveOptions {
  readonly id: string;
  readonly log: SessionLog;
  readonly storage: SessionStorage;
  /** How many of the log's events are stored already. */
  readonly stored: number;
  /** Called once: from then on nothing is saved, and the session lives in memory alone. */
  readonly onProblem: (error: StorageError) => void;
}

export interface Saving {
  /** Resolves when all events so far are stored, or saving has failed. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Appends each event to the storage as it happens; events that come while it writes go together in the next write. */
export function saveLog({ id, log, storage, stored, onProblem }: SaveOptions): Saving {
  const channel = new BroadcastChannel(CHANNEL);
  let state = foldEvents(id, log.events.slice(0, stored));
  let failed = false;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const events = log.events.slice(state.eventCount);
    const last = events.at(-1);
    if (failed || !last) return;
    state = events.reduce(reduce, state);
    try {
      await storage.append(summarise(state, last.at), events);
      channel.postMessage({ id } satisfies Notice);
    } catch (error) {
      failed = true;
      onProblem(error instanceof StorageError ? error : new StorageError(String(error), { cause: error }));
    }
  }
  const flush = () => {
    writing = writing.then(write);
    return writing;
  };

  const unsubscribe = log.subscribe(flush);
  flush();
  return {
    flush,
    async stop() {
      unsubscribe();
      await flush();
      channel.close();
    },
  };
}

/** Calls `onChange` with the id of each session that another tab has changed. Returns what ends it. */
export function watchSessions(onChange: (id: string) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Notice>) => onChange(data.id);
  return () => channel.close();
}

/** Deletes a session. Rejects with StorageError when another tab has it open. */
export async function deleteSession(storage: SessionStorage, id: string): Promise<void> {
  const release = await takeOwnership(id);
  if (release === null)
    throw new StorageError('This session is open in another tab: close it there before you delete it.');
  try {
    await storage.remove(id);
  } finally {
    await release();
  }
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ id } satisfies Notice);
  channel.close();
}
