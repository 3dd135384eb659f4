/** What the page shows beside the session's own state. */
import type { SandboxStatus } from '../sandbox/sandbox.ts';
import type { AttemptId, SessionState } from '../session/events.ts';
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
  | { readonly kind: 'rolling-back'; readonly attempt: AttemptId };

export type CodeTab = 'diff' | 'file' | 'output';

export interface Selection {
  /** null: the head. */
  readonly attempt: AttemptId | null;
  readonly against: 'parent' | 'start';
  readonly file: string | null;
  readonly tab: CodeTab;
}

export interface Notice {
  readonly tone: 'info' | 'good' | 'bad';
  readonly text: string;
}

/** Where there is no room for all of them, one is in view. */
export type Panel = 'task' | 'steps' | 'code' | 'tests' | 'attempts';

/** A session out of a link is only shown, until it is made one's own. */
export type Access = 'own' | 'shared';

export interface View {
  readonly access: Access;
  readonly session: SessionState;
  readonly activity: Activity;
  readonly sandbox: SandboxStatus;
  readonly gallery: readonly GalleryEntry[];
  readonly selection: Selection;
  readonly notice: Notice | null;
  readonly settings: Settings;
  /** The reply that is being written, before it is in the log. */
  readonly liveText: string;
  readonly panel: Panel;
}

export function isBusy({ kind }: Activity): boolean {
  return kind !== 'idle';
}
