/** The session as a store: serialisable data only, changed by events alone. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SessionEvent, SessionFile } from './events.ts';
import type { SessionLog } from './log.ts';
import { foldEvents, reduce } from './state/reducer.ts';
import type { SessionState } from './state/session-state.ts';

export interface SessionSnapshot {
  readonly session: SessionState;
  readonly events: readonly SessionEvent[];
}

export type SessionStore = StoreApi<SessionSnapshot>;

/** A store holding the fold of these events. */
export function createSessionStore(id: string, events: readonly SessionEvent[] = []): SessionStore {
  return createStore<SessionSnapshot>()(() => ({ session: foldEvents(id, events), events: [...events] }));
}

export function appendToStore(store: SessionStore, event: SessionEvent): void {
  store.setState(({ session, events }) => ({ session: reduce(session, event), events: [...events, event] }));
}

/** Keeps the store equal to the fold of the log; returns what ends it. The store must hold the log's events so far. */
export function followLog(store: SessionStore, log: SessionLog): () => void {
  for (const event of log.events.slice(store.getState().events.length)) appendToStore(store, event);
  return log.subscribe((event) => appendToStore(store, event));
}

/** The session in its stored and shared form. */
export function sessionFileOf({ session, events }: SessionSnapshot): SessionFile {
  return { format: 'fixpoint-session/1', id: session.id, events };
}
