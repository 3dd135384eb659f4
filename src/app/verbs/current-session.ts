/** The session in view, and its place in the browser's storage: stored as it grows, owned by one tab. */
import type { SessionEvent, SessionFile } from '../../session/events.ts';
import type { Files } from '../../session/files.ts';
import { createLog, type SessionLog } from '../../session/log.ts';
import { startSession } from '../../session/start-session.ts';
import { endInterruptedRun } from '../../session/storage/interrupted.ts';
import {
  deleteSession,
  readStoredSession,
  type Saving,
  saveLog,
  takeOwnership,
  watchSessions,
} from '../../session/storage/persistence.ts';
import {
  createMemoryStorage,
  openIndexedDbStorage,
  type SessionStorage,
  StorageError,
} from '../../session/storage/session-storage.ts';
import { appendToStore, createSessionStore, followLog, type SessionStore, sessionFileOf } from '../../session/store.ts';
import { hashTree } from '../../session/tree.ts';
import { loadTask } from '../../task/gallery.ts';
import { TaskError } from '../../task/parse-task.ts';
import type { Task } from '../../task/task.ts';
import { messageOf, newSessionId, type Page } from '../page.ts';
import { type Access, NOTHING_SELECTED } from '../view.ts';

interface Owned {
  readonly id: string;
  readonly events: readonly SessionEvent[];
  /** How many of the events are in the storage. */
  readonly stored: number;
  readonly release: (() => Promise<void>) | null;
}

export class CurrentSession {
  readonly #page: Page;
  #storage: SessionStorage = createMemoryStorage();
  #log: SessionLog = createLog({ now: Date.now });
  #store: SessionStore = createSessionStore('none');
  #hidden: { readonly session: string; readonly files: Files | null } | null = null;
  /** Ends following, saving and owning; in this order. */
  #leave: () => Promise<void> = () => Promise.resolve();

  constructor(page: Page) {
    this.#page = page;
  }

  get log(): SessionLog {
    return this.#log;
  }

  get file(): SessionFile {
    return sessionFileOf(this.#store.getState());
  }

  /** Opens the storage; where the browser refuses it, sessions live in memory and the page says so. */
  async openStorage(): Promise<void> {
    try {
      if (!navigator.locks) throw new StorageError(UNSAFE);
      this.#storage = await openIndexedDbStorage();
    } catch (error) {
      this.#lose(error);
    }
    watchSessions((id) => void this.#changedElsewhere(id));
    await this.refreshList();
  }

  /** A new session of one's own. */
  async begin(task: Task): Promise<void> {
    await this.#ownNew([]);
    startSession(this.#log, task);
    this.#hidden = { session: this.#store.getState().session.id, files: task.hidden ?? null };
    this.#page.view.set({ selection: { ...NOTHING_SELECTED, file: firstSource(Object.keys(task.files)) } });
  }

  /**
   * The held-out tests of the session's task, which no session carries: remembered since it began, or those of the gallery's task that
   * it began with. Null when there are none, or none can be had.
   */
  async heldOut(): Promise<Files | null> {
    const { session } = this.#store.getState();
    if (this.#hidden?.session === session.id) return this.#hidden.files;
    if (!session.task) return null;
    try {
      const task = await loadTask(session.task.name);
      const isSame = hashTree(task.files) === hashTree(session.files);
      return isSame ? (task.hidden ?? null) : null;
    } catch (error) {
      if (error instanceof TaskError) return null;
      throw error;
    }
  }

  /** A stored session: one's own, or read-only when another tab owns it. Rejects, and leaves all as it is, when it cannot be read. */
  async openStored(id: string): Promise<void> {
    const { events } = await readStoredSession(this.#storage, id);
    const release = await takeIfPossible(id);
    if (release) await this.#own({ id, events, stored: events.length, release });
    else await this.#readOnly(id, events, 'elsewhere');
    this.#page.view.set({ selection: { ...NOTHING_SELECTED, tab: 'diff' } });
  }

  /** Shows what came as a link or a file; nothing of it is stored. */
  async show({ id, events }: SessionFile): Promise<void> {
    await this.#readOnly(id, events, 'shared');
    this.#page.view.set({ selection: { ...NOTHING_SELECTED, tab: 'diff' }, panel: 'steps' });
  }

  /** Makes what is shown one's own, as a new session. */
  adopt(): Promise<void> {
    return this.#ownNew(this.#log.events);
  }

  async remove(id: string): Promise<void> {
    if (navigator.locks) await deleteSession(this.#storage, id);
    else await this.#storage.remove(id);
    await this.refreshList();
  }

  async refreshList(): Promise<void> {
    try {
      this.#page.view.set({ sessions: await this.#storage.list() });
    } catch (error) {
      this.#page.tell('bad', messageOf(error));
    }
  }

  async #ownNew(events: readonly SessionEvent[]): Promise<void> {
    const id = newSessionId();
    await this.#own({ id, events, stored: 0, release: await takeIfPossible(id) });
  }

  async #own({ id, events, stored, release }: Owned): Promise<void> {
    await this.#leave();
    this.#follow(id, events, 'own');
    const log = this.#log;
    const savings: Saving[] = [this.#save(id, stored, () => savings.push(this.#save(id, 0, () => undefined)))];
    endInterruptedRun(log);
    this.#leave = async () => {
      while (savings.length > 0) await savings.shift()?.stop();
      await release?.();
      // Looking at a task is no session worth keeping.
      if (log.events.length <= 1) await this.#storage.remove(id).catch((error) => this.#lose(error));
      await this.refreshList();
    };
  }

  /** Where storing fails, `again` is called once there is the memory to store in. */
  #save(id: string, stored: number, again: () => void): Saving {
    const onProblem = (error: StorageError) => {
      this.#lose(error);
      again();
    };
    return saveLog({ id, log: this.#log, storage: this.#storage, stored, onProblem });
  }

  async #readOnly(id: string, events: readonly SessionEvent[], access: Access): Promise<void> {
    await this.#leave();
    this.#leave = () => Promise.resolve();
    this.#follow(id, events, access);
  }

  #follow(id: string, events: readonly SessionEvent[], access: Access): void {
    this.#unfollow();
    const { view, output } = this.#page;
    this.#log = createLog({ now: Date.now, events });
    this.#store = createSessionStore(id, events);
    const stopLog = followLog(this.#store, this.#log);
    const stopView = this.#store.subscribe(({ session }) => view.set({ session }));
    output.clear();
    view.set({ session: this.#store.getState().session, access, rerun: null, notice: null });
    this.#unfollow = () => {
      stopLog();
      stopView();
    };
  }

  #unfollow: () => void = () => undefined;

  /** Another tab changed a session: the list is new, and a session that is only read here grows along. */
  async #changedElsewhere(id: string): Promise<void> {
    await this.refreshList();
    const store = this.#store;
    if (this.#page.view.get().access !== 'elsewhere' || store.getState().session.id !== id) return;
    try {
      const { events } = await readStoredSession(this.#storage, id);
      for (const event of events.slice(store.getState().events.length)) appendToStore(store, event);
    } catch (error) {
      this.#page.tell('bad', messageOf(error));
    }
  }

  /** From now on in memory alone. */
  #lose(error: unknown): void {
    this.#storage = createMemoryStorage();
    this.#page.view.set({ unsaved: messageOf(error), sessions: [] });
  }
}

const UNSAFE =
  'The browser does not let this page save the session: the page must come over HTTPS or from localhost. The session goes on in this tab, but it is lost when the tab is closed: export it as a file.';

/** Without locks nothing is stored either, and no other tab can have the session. */
async function takeIfPossible(id: string): Promise<(() => Promise<void>) | null> {
  return navigator.locks ? takeOwnership(id) : () => Promise.resolve();
}

/** What one wants to see first: a source file, not a manifest or a test. */
function firstSource(paths: readonly string[]): string | null {
  const isSource = (path: string) => /\.[cm]?[jt]sx?$/.test(path) && !/test/.test(path);
  return paths.find((path) => path.startsWith('src/') && isSource(path)) ?? paths.find(isSource) ?? paths[0] ?? null;
}
