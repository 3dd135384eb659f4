import type { WorkingCopy } from '../../sandbox/sandbox.ts';
import type { NewEvent } from '../../session/events.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import type { Limits, RunId } from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';
import type { Spending } from '../limits/spending.ts';
import type { Permissions } from '../policy/permissions.ts';
import type { Redactor } from '../policy/secrets/redact.ts';

export interface WorkspaceOptions {
  readonly run: RunId;
  readonly task: TaskDescription;
  readonly state: SessionState;
  readonly sandbox: WorkingCopy;
  readonly limits: Limits;
  readonly spending: Spending;
  readonly signal: AbortSignal;
  readonly emit: (event: NewEvent) => void;
  readonly onOutput: ((text: string) => void) | undefined;
  /** Without it nothing is asked: the policy alone decides. */
  readonly permissions?: Permissions;
  /** Secrets that it knows never come out of a command. */
  readonly redactor?: Redactor;
}
