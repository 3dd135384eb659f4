import type { Outcome } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';

/** How a run goes about its task. Made of `converse` (a model with tools) and the workspace's `verify`. */
export interface Strategy {
  /** As it is named in the log and on the command line: "plan", "tree+review". */
  readonly name: string;
  /** One sentence for a person who chooses. */
  readonly description: string;
  /** A second model must approve before an attempt is accepted. */
  readonly reviewed: boolean;
  /**
   * Resolves with what came of it, in words without the best attempt, which the run adds. Rejects when the run is stopped, a limit is
   * reached, a model fails or the sandbox is lost for good: the run makes an outcome of each.
   */
  pursue(run: AgentRun): Promise<Outcome>;
}

/** Changes how another strategy works: "+review". */
export interface Modifier {
  readonly name: string;
  readonly description: string;
  modify(strategy: Strategy): Strategy;
}
