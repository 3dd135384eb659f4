import type { CommandResult } from '../../sandbox/sandbox.ts';
import type { Files } from '../../session/files.ts';
import type { AttemptId, Verdict } from '../../session/values.ts';
import type { AgainstStart } from '../verdict/against-start.ts';

/** What a run of the tests says of the files as they are. */
export interface Verification {
  readonly attempt: AttemptId;
  readonly verdict: Verdict;
  readonly output: string;
  readonly ended: CommandResult['ended'];
  /** How long the tests ran. */
  readonly seconds: number;
  /** What they did to the tests that failed when the run began; null on the files of then, and where it is not known. */
  readonly sinceStart: AgainstStart | null;
  /** Names of tests that failed in one of two runs on the same files; they were run twice where one or two alone had failed anew. */
  readonly unsteady?: readonly string[];
  /** Keys of the tests that fail with the message of the start. */
  readonly asAtStart?: ReadonlySet<string>;
  /** Keys of failing tests that the task does not ask for. */
  readonly unasked?: ReadonlySet<string>;
  /** Where the task lists tests: what they say of the failing ones, in a sentence for the model. */
  readonly asked?: string;
}

/** What the tests said before anything was changed. */
export interface Baseline {
  readonly files: Files;
  readonly verdict: Verdict;
}

/** What the tests said of the files that the run started from, and which protected files they write themselves. */
export interface StartVerdict {
  /** The tests' command. */
  readonly command: string;
  readonly files: Files;
  readonly verdict: Verdict | null;
  readonly touched: ReadonlySet<string>;
}
