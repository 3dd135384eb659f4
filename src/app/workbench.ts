/**
 * The page's verbs. Everything that happens here ends in the session's log or in the view; components only call verbs and read.
 * Heavy parts (agent, models, sandbox) are loaded when they are first needed, or after the first paint.
 */
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Attempt, AttemptId, SessionEvent } from '../session/events.ts';
import { createLog, type SessionLog } from '../session/log.ts';
import { START_ATTEMPT } from '../session/reducer.ts';
import { changesBetween, filesOf } from '../session/selectors.ts';
import { createSessionStore, followLog, type SessionStore, sessionFileOf } from '../session/store.ts';
import { hashTree } from '../session/tree.ts';
import { loadGallery, loadTask } from '../task/gallery.ts';
import type { Task } from '../task/task.ts';
import { formatRollback } from './format.ts';
import { chooseModel } from './models.ts';
import { createObservable, type Observable } from './observable.ts';
import { createOutputBuffer, type OutputBuffer } from './output/output-buffer.ts';
import { readSettings, type Settings, storeSettings } from './settings.ts';
import { createStepGate, type StepGate } from './step-gate.ts';
import { isBusy, type Notice, type Panel, type Selection, type View } from './view.ts';

export interface Workbench {
  readonly view: Observable<View>;
  readonly output: OutputBuffer;
  /** Loads the gallery and the first task, then boots the sandbox. Called once. */
  open(): Promise<void>;
  selectTask(name: string): Promise<void>;
  /** Starts a run, or lets a paused one go on to its end. */
  run(): Promise<void>;
  /** Starts a run that waits before each tool call, or lets a waiting one make one call. */
  step(): Promise<void>;
  stop(): void;
  rollback(attempt: AttemptId): Promise<void>;
  select(selection: Partial<Selection>): void;
  showPanel(panel: Panel): void;
  saveSettings(settings: Settings): void;
  dismissNotice(): void;
  /** The address that holds the whole session. Rejects when it cannot be made. */
  shareLink(): Promise<string>;
  /** Makes a session out of a link one's own, to run on from its head. */
  continueShared(): Promise<void>;
  /** The session as a JSON file's text. */
  exportSession(): string;
}

const NOTHING_SELECTED: Selection = { attempt: null, against: 'parent', file: null, tab: 'file' };

export function createWorkbench(): Workbench {
  return new PageWorkbench();
}

class PageWorkbench implements Workbench {
  readonly view: Observable<View>;
  readonly output = createOutputBuffer((callback) => requestAnimationFrame(callback));
  #log: SessionLog = createLog({ now: Date.now });
  #store: SessionStore = createSessionStore('none');
  #unfollow: () => void = () => undefined;
  #sandbox: Promise<Sandbox> | null = null;
  #gate: StepGate | null = null;
  #abort: AbortController | null = null;
  #linkProblem: string | null = null;

  constructor() {
    this.view = createObservable<View>({
      access: 'own',
      session: this.#store.getState().session,
      activity: { kind: 'loading' },
      sandbox: { state: 'idle' },
      gallery: [],
      selection: NOTHING_SELECTED,
      notice: null,
      settings: readSettings(localStorage),
      liveText: '',
      panel: 'task',
    });
  }

  async open(): Promise<void> {
    if (location.hash.length > 1 && (await this.#openLink())) return;
    try {
      const gallery = await loadGallery();
      this.view.set({ gallery });
      const [first] = gallery;
      if (!first) throw new Error('The gallery has no task.');
      this.#begin(await loadTask(first.name));
      this.view.set({ activity: { kind: 'idle' } });
      if (this.#linkProblem) this.#tell('bad', this.#linkProblem);
    } catch (error) {
      this.view.set({ activity: { kind: 'idle' } });
      this.#tell('bad', messageOf(error));
    }
    // In the background: the page is already usable, and Run will find the sandbox ready.
    await this.#boot().catch(() => undefined);
  }

  async selectTask(name: string): Promise<void> {
    if (isBusy(this.view.get().activity)) return;
    this.view.set({ activity: { kind: 'loading' } });
    try {
      this.#begin(await loadTask(name));
    } catch (error) {
      this.#tell('bad', messageOf(error));
    } finally {
      this.view.set({ activity: { kind: 'idle' } });
    }
  }

  run(): Promise<void> {
    if (this.view.get().activity.kind === 'paused') {
      this.#gate?.open();
      return Promise.resolve();
    }
    return this.#start(createStepGate('open', this.#onWait));
  }

  step(): Promise<void> {
    if (this.view.get().activity.kind === 'paused') {
      this.#gate?.pass();
      return Promise.resolve();
    }
    return this.#start(createStepGate('closed', this.#onWait));
  }

  stop(): void {
    const { activity } = this.view.get();
    if (!this.#abort || activity.kind === 'stopping') return;
    this.view.set({ activity: { kind: 'stopping', since: 'since' in activity ? activity.since : Date.now() } });
    this.#abort.abort(new DOMException('Stopped by you.', 'AbortError'));
  }

  async rollback(attempt: AttemptId): Promise<void> {
    const { access, activity, session } = this.view.get();
    if (access === 'shared' || isBusy(activity)) return;
    const target = session.attempts[attempt];
    if (!target) return;
    this.view.set({ activity: { kind: 'rolling-back', attempt } });
    try {
      await this.#moveHead(target);
    } catch (error) {
      this.#tell('bad', `Nothing was rolled back: ${messageOf(error)}`);
    } finally {
      this.view.set({ activity: { kind: 'idle' } });
    }
  }

  select(selection: Partial<Selection>): void {
    this.view.set({ selection: { ...this.view.get().selection, ...selection } });
  }

  showPanel(panel: Panel): void {
    this.view.set({ panel });
  }

  saveSettings(settings: Settings): void {
    const changed = settings.sandbox !== this.view.get().settings.sandbox;
    this.view.set({ settings });
    try {
      storeSettings(localStorage, settings);
    } catch (error) {
      this.#tell('bad', `The settings hold for this visit only: ${messageOf(error)}`);
    }
    if (changed) this.#tell('info', 'The other sandbox starts with the next page load: reload the page to use it.');
  }

  dismissNotice(): void {
    this.view.set({ notice: null });
  }

  async shareLink(): Promise<string> {
    const { encodeLink } = await import('../share/link.ts');
    const fragment = await encodeLink(sessionFileOf(this.#store.getState()));
    return `${location.origin}${location.pathname}${fragment}`;
  }

  async continueShared(): Promise<void> {
    if (this.view.get().access !== 'shared') return;
    this.#follow(crypto.randomUUID(), this.#log.events);
    history.replaceState(null, '', location.pathname);
    this.view.set({ access: 'own', notice: null });
    this.view.set({ gallery: await loadGallery().catch(() => []) });
    await this.#boot().catch(() => undefined);
  }

  exportSession(): string {
    return JSON.stringify(sessionFileOf(this.#store.getState()));
  }

  #begin(task: Task): void {
    const { files, ...description } = task;
    this.#follow(crypto.randomUUID(), []);
    this.#log.append({
      type: 'session-started',
      task: description,
      files,
      tree: hashTree(files),
      attempt: START_ATTEMPT,
    });
    this.output.clear();
    this.view.set({ selection: { ...NOTHING_SELECTED, file: firstSource(Object.keys(files)) }, notice: null });
  }

  #follow(id: string, events: readonly SessionEvent[]): void {
    this.#unfollow();
    this.#log = createLog({ now: Date.now, events });
    this.#store = createSessionStore(id, events);
    const stopLog = followLog(this.#store, this.#log);
    const stopView = this.#store.subscribe(({ session }) => this.view.set({ session }));
    this.view.set({ session: this.#store.getState().session });
    this.#unfollow = () => {
      stopLog();
      stopView();
    };
  }

  /** Whether the address held a session; one that cannot be read is said, and the page opens as without it. */
  async #openLink(): Promise<boolean> {
    try {
      const { decodeLink } = await import('../share/link.ts');
      const { id, events } = await decodeLink(location.hash);
      this.#follow(id, events);
      this.view.set({ access: 'shared', activity: { kind: 'idle' }, panel: 'steps' });
      this.select({ tab: 'diff' });
      return true;
    } catch (error) {
      this.#linkProblem = messageOf(error);
      return false;
    }
  }

  #boot(): Promise<Sandbox> {
    if (this.#sandbox) return this.#sandbox;
    this.view.set({ sandbox: { state: 'booting' } });
    const booting = import('../sandbox/create-sandbox.ts').then(({ createSandbox }) =>
      createSandbox(this.view.get().settings.sandbox),
    );
    this.#sandbox = booting;
    booting.then(
      () => this.view.set({ sandbox: { state: 'ready' } }),
      (error) => {
        this.#sandbox = null;
        this.view.set({ sandbox: { state: 'failed', message: messageOf(error) } });
      },
    );
    return booting;
  }

  async #start(gate: StepGate): Promise<void> {
    const { access, activity, session, settings } = this.view.get();
    if (access === 'shared' || isBusy(activity) || !session.task) return;
    const since = Date.now();
    const abort = new AbortController();
    this.#gate = gate;
    this.#abort = abort;
    this.output.clear();
    this.view.set({ activity: { kind: 'starting', since }, notice: null, liveText: '', panel: 'steps' });
    try {
      const [{ runAgent }, model, sandbox] = await abortable(
        Promise.all([import('../agent/run-agent.ts'), chooseModel(settings), this.#boot()]),
        abort.signal,
      );
      this.view.set({ activity: { kind: 'running', since } });
      const unsubscribe = this.#log.subscribe(({ type }) => {
        if (type === 'model-replied') this.view.set({ liveText: '' });
        if (type === 'attempt-made' || type === 'verdict-reached')
          this.select({ attempt: null, tab: 'diff', file: null });
      });
      try {
        await runAgent({
          task: session.task,
          log: this.#log,
          state: session,
          sandbox,
          model,
          strategy: 'loop',
          limits: settings.limits,
          signal: abort.signal,
          gate: (call) => gate.wait(call.name, abort.signal),
          onText: (text) => this.view.set({ liveText: this.view.get().liveText + text }),
          onOutput: (text) => this.output.append(text),
        });
      } finally {
        unsubscribe();
      }
    } catch (error) {
      if (abort.signal.aborted) this.#tell('info', 'Stopped before the run began.');
      else this.#tell('bad', `The run could not go on: ${messageOf(error)}`);
    } finally {
      this.#abort = null;
      this.#gate = null;
      this.view.set({ activity: { kind: 'idle' }, liveText: '' });
    }
  }

  #onWait = (tool: string | null): void => {
    const { activity } = this.view.get();
    if (activity.kind !== 'running' && activity.kind !== 'paused') return;
    const { since } = activity;
    this.view.set({ activity: tool === null ? { kind: 'running', since } : { kind: 'paused', since, tool } });
  };

  async #moveHead(target: Attempt): Promise<void> {
    const { session } = this.view.get();
    const changes = changesBetween(session, session.head, target.id);
    const files = filesOf(session, target.id);
    const sandbox = await this.#boot();
    const { milliseconds } = await sandbox.restore(files);
    const tree = hashTree((await sandbox.snapshot()).files);
    if (tree !== target.tree) {
      throw new Error(`the files' hash is ${tree.slice(0, 10)}, and should be ${target.tree.slice(0, 10)}.`);
    }
    const removed = changes.filter(({ content }) => content === null).length;
    const written = changes.length - removed;
    this.#log.append({ type: 'head-moved', attempt: target.id, tree, written, removed, milliseconds });
    this.select({ attempt: null });
    this.#tell(
      'good',
      `Rolled back to attempt ${target.id}: ${formatRollback(written, removed)}. Verified: tree ${tree.slice(0, 12)}.`,
    );
  }

  #tell(tone: Notice['tone'], text: string): void {
    this.view.set({ notice: { tone, text } });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

/** What one wants to see first: a source file, not a manifest or a test. */
function firstSource(paths: readonly string[]): string | null {
  const isSource = (path: string) => /\.[cm]?[jt]sx?$/.test(path) && !/test/.test(path);
  return paths.find((path) => path.startsWith('src/') && isSource(path)) ?? paths.find(isSource) ?? paths[0] ?? null;
}
