/** What the page shows beside the session's own state. */
import type { Ask } from '../agent/person.ts';
import type { ReplayStep } from '../agent/replay/replay.ts';
import type { ToolDescription } from '../model/model.ts';
import type { SandboxServer, SandboxStatus } from '../sandbox/sandbox.ts';
import type { SessionState } from '../session/state/session-state.ts';
import type { SessionSummary } from '../session/storage/session-storage.ts';
import type { AttemptId } from '../session/values.ts';
import type { GalleryEntry } from '../task/gallery.ts';
import type { Settings } from './settings.ts';

/** What goes on now; exactly one of these. */
export type Activity =
  | { readonly kind: 'loading' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'starting'; readonly since: number }
  | { readonly kind: 'running'; readonly since: number }
  /** Step by step: the tool call waits for its person. */
  | { readonly kind: 'paused'; readonly since: number; readonly tool: string }
  | { readonly kind: 'stopping'; readonly since: number }
  | { readonly kind: 'rolling-back'; readonly attempt: AttemptId }
  | { readonly kind: 'rerunning'; readonly since: number };

export type CodeTab = 'diff' | 'file' | 'output';

export interface Selection {
  /** null: the head. */
  readonly attempt: AttemptId | null;
  readonly against: 'parent' | 'start';
  readonly file: string | null;
  readonly tab: CodeTab;
}

export const NOTHING_SELECTED: Selection = { attempt: null, against: 'parent', file: null, tab: 'file' };

export interface Notice {
  readonly tone: 'info' | 'good' | 'bad';
  readonly text: string;
}

/** Where there is no room for all of them, one is in view. */
export type Panel = 'task' | 'steps' | 'code' | 'tests' | 'attempts';

/** Only one's own session grows here: one out of a link or a file is shown, and so is one that another tab owns. */
export type Access = 'own' | 'shared' | 'elsewhere';

/** A session done again in an empty sandbox. */
export interface Rerun {
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  /** How many steps there are to do; `steps` are those done. */
  readonly total: number;
  readonly steps: readonly ReplayStep[];
  /** Why it failed. */
  readonly message: string | null;
}

/** What the run waits for its person to say. */
export type Asking =
  | { readonly kind: 'permission'; readonly ask: Ask }
  | { readonly kind: 'question'; readonly question: string }
  /** The person sits in the agent's seat: the next call is theirs. */
  | { readonly kind: 'seat'; readonly tools: readonly ToolDescription[] };

export interface View {
  readonly access: Access;
  readonly session: SessionState;
  readonly activity: Activity;
  readonly sandbox: SandboxStatus;
  /** What listens in the sandbox. */
  readonly servers: readonly SandboxServer[];
  readonly gallery: readonly GalleryEntry[];
  readonly selection: Selection;
  readonly notice: Notice | null;
  /** Why sessions are not stored; null when they are. */
  readonly unsaved: string | null;
  /** What is stored, newest first. */
  readonly sessions: readonly SessionSummary[];
  /** The report of the last re-run; null when it was closed. */
  readonly rerun: Rerun | null;
  readonly settings: Settings;
  readonly asking: Asking | null;
  /** The reply that is being written, before it is in the log. */
  readonly liveText: string;
  readonly panel: Panel;
}

export function isBusy({ kind }: Activity): boolean {
  return kind !== 'idle';
}
