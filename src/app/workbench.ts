/**
 * The page's verbs. Everything that happens here ends in the session's log or in the view; components only call verbs and read.
 * Heavy parts (agent, models, sandbox) are loaded when they are first needed, or after the first paint.
 */

import { foldEvents } from '../session/state/reducer.ts';
import type { SecretFinding } from '../share/redact.ts';
import { createObservable, type Observable } from './observable.ts';
import { createOutputBuffer, type OutputBuffer } from './output/output-buffer.ts';
import { messageOf, type Page } from './page.ts';
import { deviceStorage, readSettings, type Settings, storeSettings } from './settings.ts';
import { CurrentSession } from './verbs/current-session.ts';
import { Opener } from './verbs/opener.ts';
import { PagePerson } from './verbs/page-person.ts';
import { Runner } from './verbs/runner.ts';
import { SandboxHolder } from './verbs/sandbox-holder.ts';
import { findSecrets, makeFile, makeLink } from './verbs/share.ts';
import { NOTHING_SELECTED, type Panel, type Selection, type View } from './view.ts';

/** The verbs of what is in view; each does nothing while the page is busy, and tells what fails. */
type OpeningVerbs = Pick<
  Opener,
  'selectTask' | 'openStored' | 'openFile' | 'beginAgain' | 'adopt' | 'closeShared' | 'takeOver' | 'removeStored'
>;
type RunningVerbs = Pick<Runner, 'run' | 'step' | 'stop' | 'rollback' | 'rerun'>;

export interface Workbench {
  readonly view: Observable<View>;
  readonly output: OutputBuffer;
  readonly opening: OpeningVerbs;
  readonly running: RunningVerbs;
  /** Answers to what the run asks; they do nothing when it asks nothing. */
  readonly person: Pick<PagePerson, 'decide' | 'reply' | 'call'>;
  /** Opens a link's session, the last one or the first task, then boots the sandbox. Called once. */
  open(): Promise<void>;
  select(selection: Partial<Selection>): void;
  showPanel(panel: Panel): void;
  saveSettings(settings: Settings): void;
  dismissNotice(): void;
  closeRerun(): void;
  /** What in the session looks like a secret. */
  findSecrets(): Promise<readonly SecretFinding[]>;
  /** The address that holds the whole session, with these secrets masked. Rejects when it cannot be made. */
  shareLink(masked: readonly SecretFinding[]): Promise<string>;
  /** The session as a JSON file's text, with these secrets masked. */
  exportSession(masked: readonly SecretFinding[]): Promise<string>;
}

export function createWorkbench(): Workbench {
  const view = createObservable<View>(emptyView());
  const output = createOutputBuffer((callback) => requestAnimationFrame(callback));
  const page: Page = { view, output, tell: (tone, text) => view.set({ notice: { tone, text } }) };
  const session = new CurrentSession(page);
  const sandbox = new SandboxHolder(page);
  const opening = new Opener(page, session);
  const person = new PagePerson(page);
  const running = new Runner(page, { session, sandbox, person });
  return {
    view,
    output,
    opening,
    running,
    person,
    async open() {
      await opening.start();
      window.addEventListener('hashchange', () => void opening.linkChanged());
      // In the background: the page is already usable, Run will find the sandbox ready, and a failure is in the view.
      // Whoever only looks at a link's session needs none.
      if (view.get().access !== 'shared') await sandbox.boot().catch(() => undefined);
    },
    select: (selection) => view.set({ selection: { ...view.get().selection, ...selection } }),
    showPanel: (panel) => view.set({ panel }),
    saveSettings: (settings) => saveSettings(page, settings),
    dismissNotice: () => view.set({ notice: null }),
    closeRerun() {
      if (view.get().rerun?.state === 'running') running.stop();
      view.set({ rerun: null });
    },
    findSecrets: () => findSecrets(session.file),
    shareLink: (masked) => makeLink(session.file, masked),
    exportSession: (masked) => makeFile(session.file, masked),
  };
}

function emptyView(): View {
  return {
    access: 'own',
    session: foldEvents('none', []),
    activity: { kind: 'loading' },
    sandbox: { state: 'idle' },
    servers: [],
    gallery: [],
    sessions: [],
    selection: NOTHING_SELECTED,
    notice: null,
    unsaved: null,
    rerun: null,
    asking: null,
    settings: readSettings(deviceStorage),
    liveText: '',
    panel: 'task',
  };
}

function saveSettings({ view, tell }: Page, settings: Settings): void {
  const changed = settings.sandbox !== view.get().settings.sandbox;
  view.set({ settings });
  try {
    storeSettings(deviceStorage, settings);
  } catch (error) {
    tell('bad', `The settings hold for this visit only: ${messageOf(error)}`);
  }
  if (changed) tell('info', 'The other sandbox starts with the next page load: reload the page to use it.');
}
