import type { Sys } from '../process/system-calls/sys.ts';
import type { Descriptor } from './descriptor.ts';
import type { Shell } from './shell.ts';
import type { Reader, Writer } from './streams.ts';

/** What a utility gets: its arguments and descriptors, as a process would. It runs in the shell's own Worker. */
export interface UtilityContext {
  /** A signal that it sent itself ends it, as far as its caller can tell. */
  endedBySignal?: (signal: number) => void;
  /** The name it was called by, without its folder. */
  readonly name: string;
  /** argv[0] as it is. */
  readonly calledAs: string;
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly pid: number;
  readonly ppid: number;
  readonly sys: Sys;
  /** By the number the command sees; they belong to the caller. */
  readonly descriptors: Iterable<[number, Descriptor]>;
  readonly stdin: Reader;
  /** Collected and flushed at the end, and before a read from stdin waits. */
  readonly stdout: Writer;
  readonly stderr: Writer;
  /** Aborted when the job it belongs to is killed. */
  readonly signal: AbortSignal;
  readonly abort: AbortController;
  /** Told of a shell that runs as the process itself, so that signals reach its traps. */
  readonly adopt?: (shell: Shell) => void;
  /** Path for a system call: absolute, a trailing slash kept. */
  resolve(path: string): string;
  /** Prints `name: message` on stderr. */
  complain(message: string): Promise<void> | undefined;
  /** Runs another command with the same descriptors, or these; its exit code (127 when it does not exist). */
  run(argv: readonly string[], options?: RunOptions): Promise<number>;
}

export interface RunOptions {
  /** Taken over by the callee. */
  descriptors?: ReadonlyMap<number, Descriptor>;
  env?: ReadonlyMap<string, string>;
  cwd?: string;
  /** Ends the command when it aborts. */
  abort?: AbortController;
  /** It must end then, also in the middle of a computation. */
  mustEnd?: boolean;
  /** argv[0], when it is not the program's path. */
  name?: string;
  /** What is said of a program that cannot be started, given why; without it only the exit code tells. */
  complain?: (reason: string) => string;
}

/** The exit code. A SystemError that it lets through is reported as `name: message`, exit code 1. */
export type Utility = (context: UtilityContext) => Promise<number> | number;
