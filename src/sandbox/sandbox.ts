import type { FileChange, Files } from '../session/files.ts';

/** The state of a sandbox, for its user. */
export type SandboxStatus =
  | { readonly state: 'idle' }
  | { readonly state: 'booting' }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly message: string };

export interface RunOptions {
  /** Seconds until the command is killed. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal;
  /** Output as it arrives, stdout and stderr in their order. */
  readonly onOutput?: (text: string) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** An entry of a tree to mount; `path` is relative to where it is mounted. Parents are made as needed. */
export type TreeEntry =
  | { readonly path: string; readonly type: 'file'; readonly bytes: Uint8Array }
  | { readonly path: string; readonly type: 'directory' }
  | { readonly path: string; readonly type: 'link'; readonly target: string };

/** How a command ended. A failing, killed or timed out command is a result, not an error. */
export interface CommandResult {
  /** 124 when it timed out, 130 when it was stopped. */
  readonly exitCode: number;
  readonly output: string;
  readonly milliseconds: number;
  readonly ended: 'exited' | 'timed-out' | 'stopped';
}

/**
 * A place where the task's files live and commands run. The agent knows only this.
 * Paths are relative to the project's folder. Calls are serialised: each sees the ones before it done.
 */
export interface Sandbox {
  /** Runs a line of sh in the project's folder. Rejects only when the sandbox itself is lost (SandboxLostError). */
  run(command: string, options: RunOptions): Promise<CommandResult>;
  /** Applies all changes; creates folders as needed. */
  write(changes: readonly FileChange[]): Promise<void>;
  /** Writes a whole project: files, folders and links, installed code too. A reboot brings back what a snapshot leaves out of it. */
  mount(entries: readonly TreeEntry[]): Promise<void>;
  /** The project's source files: without node_modules, .git, what git ignores, links, `.env*` and files over 1 MiB (the omitted are named). */
  snapshot(): Promise<Snapshot>;
  /** Makes the project's source files exactly these: writes what differs, removes what is not in them, leaves what a snapshot omits. */
  restore(files: Files): Promise<RestoreResult>;
  /** Drops every process and the file system, and boots again with these files. */
  reboot(files: Files): Promise<void>;
  dispose(): void;
}

export interface Snapshot {
  readonly files: Files;
  readonly omitted: readonly string[];
}

export interface RestoreResult {
  readonly written: number;
  readonly removed: number;
  readonly milliseconds: number;
}

/** Exit code of a command that took the sandbox with it: 128 + SIGKILL, what a shell says of a program killed for lack of memory. */
export const KILLED = 137;

/** The sandbox is gone (its renderer died, it does not answer): `reboot` may bring it back. */
export class SandboxLostError extends Error {
  override name = 'SandboxLostError';
  /** What the command that was running had written. */
  output = '';
}
