import type { Model, ToolCall } from '../model/model.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { NewEvent } from '../session/events.ts';
import type { SessionState } from '../session/state/session-state.ts';
import type { Limits, RunId } from '../session/values.ts';
import type { TaskDescription } from '../task/task.ts';
import type { RunClock } from './limits/run-clock.ts';
import type { Spending } from './limits/spending.ts';
import type { Person } from './person.ts';
import type { Tell } from './policy/tell.ts';
import type { Acceptance, Tool } from './tools/tool.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Who may have a model of its own. */
export type ModelRole = 'planner' | 'executor' | 'reviewer';
export type Models = Readonly<Partial<Record<ModelRole, Model>>>;

/**
 * One run, as strategies and conversations see it. A plain object without state of its own: a strategy may hand on a copy with
 * other parts (`{ ...run, focus }`).
 */
export interface AgentRun {
  readonly id: RunId;
  readonly task: TaskDescription;
  /** As it was when the run started. */
  readonly state: SessionState;
  readonly sandbox: Sandbox;
  readonly limits: Limits;
  /** Attempts in a row, each built on the last, that may fail to make things better. */
  readonly patience: number;
  /** How many candidates a strategy that makes several at once makes. */
  readonly candidates: number;
  /** What to attend to now, told after the task; null when the task says it all. */
  readonly focus: string | null;
  /** The files that the run is about: what it ends with. */
  readonly workspace: Workspace;
  readonly acceptance: Acceptance;
  /** What whoever writes the code can call beside the usual tools. */
  readonly moreTools: readonly Tool[];
  /** A reviewer was asked for: by a model of its own, or by the strategy. */
  readonly hasReviewer: boolean;
  /** What a model may read of a tool's result. */
  readonly tell: Tell;
  readonly spending: Spending;
  readonly clock: RunClock;
  readonly emit: (event: NewEvent) => void;
  /** The model of a role; the run's own where the role has none. */
  modelFor(role: string): Model;
  /** The number of the next step: steps are numbered through the run, whoever makes them. */
  nextStep(): number;
  /** An id for a call that no other call of this run has: `wanted` if it is free. */
  callId(wanted: string): string;
  /** Whoever can be asked. The clock stands still while they think. */
  readonly person?: Person;
  /** Awaited before each tool call; the clock of the run stands still meanwhile. */
  readonly gate?: (call: ToolCall) => Promise<void>;
  /** A model's text as it streams. */
  readonly onText?: (text: string) => void;
  /** Output of commands as it arrives. */
  readonly onOutput?: (text: string) => void;
}
