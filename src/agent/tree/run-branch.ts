import { SandboxLostError } from '../../sandbox/sandbox.ts';
import type { AgentRun } from '../agent-run.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { prefixLines } from './prefix-lines.ts';

/** A working copy beside the run's own, for as long as a candidate works on it. */
export interface RunBranch {
  readonly name: string;
  readonly workspace: Workspace;
  /** Keeps what is not an attempt yet, and resolves with the best that was made here. */
  settle(): BookedAttempt;
  /** Removes the copy; `kept`: the run goes on from its best attempt. */
  end(kept: boolean): Promise<void>;
}

/** Begins with the run's files as they are. Rejects with SandboxLostError. */
export async function openBranch(run: AgentRun, name: string): Promise<RunBranch> {
  const { workspace, sandbox, emit, onOutput } = run;
  const from = workspace.keep();
  const copy = await sandbox.branch(name, workspace.files);
  emit({ type: 'branch-started', run: run.id, branch: name, from });
  const forked = workspace.fork(copy, onOutput && prefixLines(`${name} | `, onOutput));
  const settle = () => {
    forked.close();
    return forked.attempts.best;
  };
  return {
    name,
    workspace: forked,
    settle,
    end: async (kept) => {
      emit({ type: 'branch-ended', run: run.id, branch: name, attempt: settle().id, kept });
      try {
        await copy.remove();
      } catch (error) {
        // A sandbox that is gone has no copies any more.
        if (!(error instanceof SandboxLostError)) throw error;
      }
    },
  };
}
