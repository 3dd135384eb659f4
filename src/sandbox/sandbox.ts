import type { Content, FileChange, Files } from '../session/files.ts';

/** The state of a sandbox, for its user. */
export type SandboxStatus =
  | { readonly state: 'idle' }
  | { readonly state: 'booting' }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly message: string };

/** A server that a program of the sandbox runs. */
export interface SandboxServer {
  readonly port: number;
  /** Where a browser reaches it while the sandbox's page is open; see docs/webcontainer-api.md. */
  readonly url: string;
}

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
  | {
      readonly path: string;
      readonly type: 'file';
      readonly bytes: Uint8Array;
      /** Scripts with `#!` are in any case; the hosted runtime has no way to be told of others. */
      readonly executable?: boolean;
    }
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
 * A copy of the task's files in which commands run. Paths are relative to its folder.
 * Calls are serialised: each sees the ones before it done.
 */
export interface WorkingCopy {
  /** The absolute path of its folder in the sandbox. */
  readonly folder: string;
  /** Runs a line of sh in the folder. Rejects only when the sandbox itself is lost (SandboxLostError). */
  run(command: string, options: RunOptions): Promise<CommandResult>;
  /** Applies all changes; creates folders as needed. */
  write(changes: readonly FileChange[]): Promise<void>;
  /** The source files: without node_modules, .git, what git ignores, links, files with secrets (`.env*`, keys, npm's tokens) and files over 1 MiB (the omitted are named). */
  snapshot(): Promise<Snapshot>;
  /** Makes the source files exactly these: writes what differs, removes what is not in them, leaves what a snapshot omits. */
  restore(files: Files): Promise<RestoreResult>;
  /**
   * One file as it is there, also of what a snapshot leaves out; of what is larger than LARGEST_READ the beginning alone, larger by one
   * byte. null: there is no such file. Links are followed in node_modules only.
   */
  read(path: string): Promise<Content | null>;
  /** What is in a folder ('' for the copy's own), also in those that a snapshot leaves out. null: there is no such folder. */
  list(folder: string): Promise<readonly FolderEntry[] | null>;
  /**
   * Drops every process and the file system, boots again, and this copy has these files. Other copies have theirs again at their next
   * call; what ran in them rejects with SandboxLostError. A branch whose sandbox was booted again by another does not boot it once more.
   */
  reboot(files: Files): Promise<void>;
}

/** A place where the task's files live and commands run. The agent knows only this. */
export interface Sandbox extends WorkingCopy {
  /** Writes a whole project: files, folders and links, installed code too. A reboot brings back what a snapshot leaves out of it. */
  mount(entries: readonly TreeEntry[]): Promise<void>;
  /**
   * A further working copy with these files, beside the main one and beside other branches: calls on different copies run at the same
   * time. What is installed for the main copy (node_modules) is there, too, and is shared. `name` is of letters, digits, `-` and `_`.
   */
  branch(name: string, files: Files): Promise<Branch>;
  dispose(): void;
}

export interface Branch extends WorkingCopy {
  readonly name: string;
  /** Removes the copy. No call may follow. */
  remove(): Promise<void>;
}

export interface FolderEntry {
  readonly name: string;
  /** A link is a file here. */
  readonly kind: 'file' | 'folder';
}

export interface Snapshot {
  readonly files: Files;
  readonly omitted: readonly string[];
  /** Where the links among the omitted lead, as they say it. */
  readonly links?: Readonly<Record<string, string>>;
}

export interface RestoreResult {
  readonly written: number;
  readonly removed: number;
  readonly milliseconds: number;
}

/** A program may leave files behind that no page could hold. */
export const LARGEST_READ = 16 * 1024 * 1024;

/** Exit code of a command that was killed at its deadline, as `timeout` has it. */
export const TIMED_OUT = 124;
/** Exit code of a command that took the sandbox with it: 128 + SIGKILL, what a shell says of a program killed for lack of memory. */
export const KILLED = 137;

/** The sandbox is gone (its renderer died, it does not answer): `reboot` may bring it back. */
export class SandboxLostError extends Error {
  override name = 'SandboxLostError';
  /** What the command that was running had written. */
  output = '';
  /** It was booted again for another working copy: this one has its files again at its next call. */
  elsewhere = false;
}
