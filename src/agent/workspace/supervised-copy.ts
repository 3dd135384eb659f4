import { type CommandResult, KILLED, SandboxLostError, TIMED_OUT, type WorkingCopy } from '../../sandbox/sandbox.ts';
import type { NewEvent } from '../../session/events.ts';
import type { FileChange, Files } from '../../session/files.ts';
import type { RunId } from '../../session/values.ts';
import type { Redactor } from '../policy/secrets/redact.ts';

/** How a command ended that took the sandbox with it: by its memory, or by ignoring its deadline. */
const LOST = { exitCode: KILLED, ended: 'exited' } as const;
const TOO_LATE = { exitCode: TIMED_OUT, ended: 'timed-out' } as const;

/** Where a candidate's working copy stands: its paths are told as those of the project. */
const BRANCH_FOLDER = /\/\.fixpoint\/branches\/[\w.-]+/g;

export interface SupervisedCopyOptions {
  readonly run: RunId;
  readonly sandbox: WorkingCopy;
  readonly signal: AbortSignal;
  readonly emit: (event: NewEvent) => void;
  readonly onOutput: ((text: string) => void) | undefined;
  /** Secrets that it knows never come out of a command. */
  readonly redactor?: Redactor;
}

/** What else than the run's own signal and files a command may have. */
interface Circumstances {
  readonly signal?: AbortSignal;
  /** What the copy holds while the command runs. */
  readonly files?: Files;
}

/** A run's working copy in a sandbox that may be lost: it is booted again then, with the files as the log has them, and the log told. */
export class SupervisedCopy {
  readonly #options: SupervisedCopyOptions;
  readonly #files: () => Files;
  #furniture: readonly FileChange[] = [];
  #startedAt = 0;

  /** `files` are those that the copy must hold now. */
  constructor(options: SupervisedCopyOptions, files: () => Files) {
    this.#options = options;
    this.#files = files;
  }

  /** When the last command started, or the sandbox was booted after it. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Written before the next command. */
  furnish(changes: readonly FileChange[]): void {
    this.#furniture = changes;
  }

  /** What loses the sandbox is done once more in a new one. After a stop nothing is booted: the run is at its end. */
  async use<T>(work: (sandbox: WorkingCopy) => Promise<T>): Promise<T> {
    const { sandbox, signal } = this.#options;
    try {
      return await work(sandbox);
    } catch (error) {
      if (!(error instanceof SandboxLostError)) throw error;
      signal.throwIfAborted();
      await this.#replace(error, this.#files());
      return await work(sandbox);
    }
  }

  /** All that runs, and all that is not among the files, is gone after it. */
  async reboot(reason: string): Promise<void> {
    const { emit, run, sandbox } = this.#options;
    await sandbox.reboot(this.#files());
    this.#startedAt = Date.now();
    emit({ type: 'sandbox-rebooted', run, reason });
  }

  /** Runs a line of sh. One that takes the sandbox with it is a command that failed: the sandbox is booted again. */
  async execute(command: string, timeoutSeconds: number, circumstances: Circumstances = {}): Promise<CommandResult> {
    const { sandbox, onOutput } = this.#options;
    const { signal = this.#options.signal, files = this.#files() } = circumstances;
    signal.throwIfAborted();
    const started = Date.now();
    try {
      await this.#prepare();
      const result = await sandbox.run(command, { timeoutSeconds, signal, ...(onOutput ? { onOutput } : {}) });
      return { ...result, output: this.#redact(result.output) };
    } catch (error) {
      if (!(error instanceof SandboxLostError)) throw error;
      signal.throwIfAborted();
      await this.#replace(error, files);
      // What runs in another working copy is not this command's fault.
      if (error.elsewhere) return this.execute(command, timeoutSeconds, { signal, files });
      const milliseconds = Date.now() - started;
      const late = milliseconds >= timeoutSeconds * 1000;
      const output = `${this.#redact(error.output)}\n${error.message} It was started again, and this command counts as killed.\n`;
      return { output, milliseconds, ...(late ? TOO_LATE : LOST) };
    }
  }

  async #prepare(): Promise<void> {
    const { sandbox } = this.#options;
    if (this.#furniture.length > 0) await sandbox.write(this.#furniture);
    this.#furniture = [];
    // A copy that has to be made again is, before the time is taken: what it writes is no command's doing.
    await sandbox.list('');
    this.#startedAt = Date.now();
  }

  /** Rejects with SandboxLostError when it cannot be brought back. */
  async #replace(lost: SandboxLostError, files: Files): Promise<void> {
    const { emit, run, sandbox } = this.#options;
    await sandbox.reboot(files);
    // All that a fresh boot has made is newer than the command.
    this.#startedAt = Date.now();
    if (!lost.elsewhere) emit({ type: 'sandbox-rebooted', run, reason: lost.message });
  }

  #redact(output: string): string {
    const plain = output.replaceAll(BRANCH_FOLDER, '');
    return this.#options.redactor?.redact(plain, this.#files()) ?? plain;
  }
}
