import type { TreeEntry } from './sandbox.ts';

/** The sandbox at the level of single programs: what the command line needs beyond `Sandbox`. */

/** What was written to stdout (1) or stderr (2): bytes, in base64. */
export interface OutputFrame {
  readonly fd: 1 | 2;
  readonly data: string;
}

/** `merged`: stdout and stderr in their order, all as stdout. `split`: each as its own, without order between them. */
export type OutputStreams = 'merged' | 'split';

export interface SpawnedProcess {
  readonly output: ReadableStream<OutputFrame>;
  /** The exit code; 128 + n when a signal ended it. */
  readonly exit: Promise<number>;
  /** Ends it and what it started. */
  kill(): void;
}

export interface ProgramSandbox {
  /** Absolute path of the project's folder. */
  readonly workdir: string;
  /** As the promise; rejects with SandboxLostError when the sandbox is gone: what runs in it never ends. */
  whileAlive<T>(promise: Promise<T>): Promise<T>;
  /** `cwd` is relative to the project's folder, or absolute. Rejects with SandboxLostError. */
  spawn(
    argv: readonly string[],
    options: {
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly streams: OutputStreams;
    },
  ): Promise<SpawnedProcess>;
  /** Mounts at a path relative to the project's folder, or absolute; makes it. */
  mountTree(path: string, entries: readonly TreeEntry[]): Promise<void>;
  /** Removes a file or a folder with all in it; a missing one is no error. */
  remove(path: string): Promise<void>;
  dispose(): void;
}
