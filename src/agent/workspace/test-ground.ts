import type { CommandResult } from '../../sandbox/sandbox.ts';
import type { FileChange, Files } from '../../session/files.ts';
import type { AttemptId } from '../../session/values.ts';
import type { Policy } from '../policy/policy.ts';
import type { Undone } from '../policy/put-back.ts';
import type { AttemptBook } from './attempt-book.ts';
import type { SupervisedCopy } from './supervised-copy.ts';
import type { WorkspaceOptions } from './workspace-options.ts';

/** A command that has run. */
export interface DoneCommand {
  readonly command: string;
  readonly result: CommandResult;
  readonly changes: readonly FileChange[];
  /** What it wrote was put back. */
  readonly putBack?: true;
}

/** What of a workspace those need who run its tests and checks. */
export interface TestGround {
  readonly options: WorkspaceOptions;
  readonly copy: SupervisedCopy;
  readonly attempts: AttemptBook;
  /** The working copy's name, where it is not the run's own. */
  readonly place: { readonly branch?: string };
  files(): Files;
  policy(): Policy;
  /** The attempt that the files are: made now if there is none. */
  keep(): AttemptId;
  /** The files of the copy are what they were before a command. What it did to hidden files is told. */
  putBack(): Promise<readonly Undone[]>;
  /** Likewise of installed code; the sandbox is booted again where there was something. */
  putBackInstalled(): Promise<readonly Undone[]>;
  logCommand(call: string, done: DoneCommand): void;
  logUndone(call: string, undone: readonly Undone[]): void;
  /** As much of an output as the log keeps. */
  forLog(output: string): string;
}
