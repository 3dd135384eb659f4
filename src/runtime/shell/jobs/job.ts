/** A background job. Parts of a script that run in this Worker have numbers above those of real processes. */
export interface Job {
  pid: number;
  status: Promise<number>;
  abort: AbortController;
  done: boolean;
  /** As in `%1`. */
  number: number;
  /** The command, as it was written. */
  text: string;
  /** Once it is done. */
  exitStatus: number;
  /** What is said of the signal that ended it, to whoever waits for it. */
  ending?: string | undefined;
}

/** Numbers of what has no process: parts of a script that run in the shell's Worker, and subshells. */
export const FIRST_VIRTUAL_PID = 1_000_000;
let virtualPids = 0;

export function nextVirtualPid(): number {
  virtualPids += 1;
  return FIRST_VIRTUAL_PID + virtualPids;
}
