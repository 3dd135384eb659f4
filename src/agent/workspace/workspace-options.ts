import type { SessionState } from '../../session/state/session-state.ts';
import type { Limits } from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';
import type { Spending } from '../limits/spending.ts';
import type { Permissions } from '../policy/permissions.ts';
import type { SupervisedCopyOptions } from './supervised-copy.ts';

export interface WorkspaceOptions extends SupervisedCopyOptions {
  readonly task: TaskDescription;
  readonly state: SessionState;
  readonly limits: Limits;
  readonly spending: Spending;
  /** Without it nothing is asked: the policy alone decides. */
  readonly permissions?: Permissions;
}
