import { bytesToContent, contentToBytes } from '../session/content.ts';
import type { FileChange, Files } from '../session/files.ts';
import { watchHeartbeat } from './heartbeat.ts';
import { mountTree } from './mount-tree.ts';
import { createOutputKeeper } from './output-keeper.ts';
import { isUnseen, restoreChanges } from './restore-changes.ts';
import type { TreeEntry } from './sandbox.ts';
import {
  type CommandResult,
  type RestoreResult,
  type RunOptions,
  type Sandbox,
  SandboxLostError,
  type Snapshot,
} from './sandbox.ts';
import { isOmitted, pickSources, unexported } from './source-files.ts';
import {
  bootContainer,
  type Container,
  PIPES,
  type Runtime,
  type WebContainerProcess,
  withDeadline,
} from './webcontainer.ts';

/** After a kill a process has this long to be gone. */
const KILL_SECONDS = 15;
/** A call on files that takes longer means that the sandbox is gone. */
const CALL_SECONDS = 60;
const MOUNT_SECONDS = 300;
const RESTORE_ROUNDS = 3;
const TIMED_OUT = 124;
const STOPPED = 130;

/** Boots a sandbox. Rejects with SandboxLostError. */
export async function createSandbox(runtime: Runtime): Promise<Sandbox> {
  return new ContainerSandbox(await bootContainer(runtime));
}

class ContainerSandbox implements Sandbox {
  #container: Container;
  #queue: Promise<unknown> = Promise.resolve();
  /** What was written but is no source (installed code): a reboot brings it back. */
  readonly #beside = new Map<string, FileChange>();
  readonly #mounted: (readonly TreeEntry[])[] = [];

  constructor(container: Container) {
    this.#container = container;
  }

  run(command: string, options: RunOptions): Promise<CommandResult> {
    return this.#inTurn(() => this.#run(command, options));
  }

  write(changes: readonly FileChange[]): Promise<void> {
    return this.#inTurn(() => this.#write(changes));
  }

  snapshot(): Promise<Snapshot> {
    return this.#inTurn(() => this.#snapshot());
  }

  restore(files: Files): Promise<RestoreResult> {
    return this.#inTurn(() => this.#restore(files));
  }

  mount(entries: readonly TreeEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#mount(entries);
      this.#mounted.push(entries);
    });
  }

  reboot(files: Files): Promise<void> {
    // Not in turn: what is in the queue may wait for ever for the sandbox that is gone.
    const booted = this.#reboot(files);
    this.#queue = booted.catch(() => undefined);
    return booted;
  }

  dispose(): void {
    this.#container.teardown();
  }

  async #reboot(files: Files): Promise<void> {
    this.#container.teardown();
    this.#container = await bootContainer(this.#container.runtime);
    for (const entries of this.#mounted) await this.#mount(entries);
    await this.#write([...this.#beside.values()]);
    await this.#restore(files);
  }

  #mount(entries: readonly TreeEntry[]): Promise<void> {
    // Tens of thousands of files take their time.
    return this.#call(mountTree(this.#container, '.', entries), MOUNT_SECONDS);
  }

  async #restore(files: Files): Promise<RestoreResult> {
    const started = performance.now();
    const written = new Set<string>();
    const removed = new Set<string>();
    // A second round is due when a restored .gitignore brings other files to light.
    for (let round = 0; ; round += 1) {
      const snapshot = await this.#snapshot();
      const hidden = round === 0 ? Object.entries(files).filter(([path]) => isUnseen(path, snapshot)) : [];
      const changes = [
        ...restoreChanges(files, snapshot),
        ...hidden.map(([path, content]): FileChange => ({ path, content })),
      ];
      if (changes.length === 0) {
        return { written: written.size, removed: removed.size, milliseconds: performance.now() - started };
      }
      if (round === RESTORE_ROUNDS) throw notRestored(changes);
      await this.#write(changes);
      for (const { path, content } of changes) (content === null ? removed : written).add(path);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #run(command: string, { timeoutSeconds, signal, onOutput, env }: RunOptions): Promise<CommandResult> {
    const started = performance.now();
    if (signal?.aborted) return { exitCode: STOPPED, output: '', milliseconds: 0, ended: 'stopped' };
    const { api, shell } = this.#container;
    const process = await this.#call(api.spawn(shell, ['-c', command], { env: { ...env, ...PIPES } }));
    const kept = createOutputKeeper();
    const reading = readOutput(process, (text) => {
      kept.add(text);
      onOutput?.(text);
    });
    const heartbeat = watchHeartbeat(this.#container);
    try {
      const { exitCode, ended } = await Promise.race([waitForEnd(process, timeoutSeconds, signal), heartbeat.lost]);
      await withDeadline(
        reading,
        KILL_SECONDS,
        'The output of a command that has ended does not end: the sandbox is lost.',
      );
      return { exitCode, ended, output: kept.text(), milliseconds: Math.round(performance.now() - started) };
    } catch (error) {
      if (error instanceof SandboxLostError) error.output = kept.text();
      throw error;
    } finally {
      heartbeat.stop();
    }
  }

  async #write(changes: readonly FileChange[]): Promise<void> {
    const { fs } = this.#container.api;
    const made = new Set<string>();
    for (const change of changes) {
      const { path, content } = change;
      if (isOmitted(path)) this.#beside.set(path, change);
      if (content === null) {
        await this.#call(fs.rm(path, { force: true, recursive: true }));
        continue;
      }
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (folder !== '' && !made.has(folder)) await this.#call(fs.mkdir(folder, { recursive: true }));
      made.add(folder);
      await this.#call(fs.writeFile(path, typeof content === 'string' ? content : contentToBytes(content)));
    }
  }

  async #snapshot(): Promise<Snapshot> {
    const { fs } = this.#container.api;
    const entries = await this.#call(fs.readdir('.', { withFileTypes: true }));
    const hasRules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
    const { globs, folders } = unexported(
      entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
      hasRules ? await this.#call(fs.readFile('.gitignore', 'utf-8')) : null,
    );
    const tree = await this.#call(this.#container.api.export('.', { format: 'json', excludes: globs }));
    const { files, omitted } = pickSources(tree, bytesToContent);
    // What the export leaves out is not in its tree.
    return { files, omitted: [...new Set([...folders.map((name) => `${name}/`), ...omitted])] };
  }

  /** Errors of the files pass; silence means that the sandbox is gone. */
  #call<T>(promise: Promise<T>, seconds = CALL_SECONDS): Promise<T> {
    return withDeadline(promise, seconds, `The sandbox has not answered for ${seconds} s.`);
  }
}

function notRestored(changes: readonly FileChange[]): SandboxLostError {
  const paths = changes.slice(0, 3).map(({ path }) => path);
  const more = changes.length > paths.length ? ` and ${changes.length - paths.length} more` : '';
  return new SandboxLostError(
    `The files could not be restored: ${paths.join(', ')}${more} still differ after ${RESTORE_ROUNDS} tries. A program that is still running may be writing them.`,
  );
}

async function readOutput(process: WebContainerProcess, onText: (text: string) => void): Promise<void> {
  for (const reader = process.output.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    onText(value);
  }
}

/** Waits for the exit, the deadline or the stop; a process that survives its kill means a lost sandbox. */
async function waitForEnd(
  process: WebContainerProcess,
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Pick<CommandResult, 'exitCode' | 'ended'>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  const late = new Promise<'timed-out'>((resolve) => {
    timer = setTimeout(() => resolve('timed-out'), timeoutSeconds * 1000);
  });
  const stopped = new Promise<'stopped'>((resolve) => {
    onAbort = () => resolve('stopped');
    signal?.addEventListener('abort', onAbort);
  });
  try {
    const first = await Promise.race([process.exit, late, stopped]);
    if (typeof first === 'number') return { exitCode: first, ended: 'exited' };
    process.kill();
    await withDeadline(process.exit, KILL_SECONDS, 'A command did not end when it was killed: the sandbox is lost.');
    return { exitCode: first === 'stopped' ? STOPPED : TIMED_OUT, ended: first };
  } catch (error) {
    if (error instanceof SandboxLostError) throw error;
    throw new SandboxLostError('The sandbox ended in mid-command.', { cause: error });
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}
