import { type CommandResult, type RunOptions, SandboxLostError, TIMED_OUT } from '../sandbox.ts';
import type { LiveContainer } from './live-container.ts';
import { createOutputKeeper } from './output-keeper.ts';
import { PIPES, type WebContainerProcess, withDeadline } from './webcontainer.ts';

/** After a kill a process has this long to be gone, also on a machine that is short of processors. */
const KILL_SECONDS = 60;
const STOPPED = 130;

/** Runs a line of the shell in a folder below the project's. Rejects with SandboxLostError, which holds what was written so far. */
export async function runInContainer(
  container: LiveContainer,
  { command, folder }: { readonly command: string; readonly folder: string },
  { timeoutSeconds, signal, onOutput, env }: RunOptions,
): Promise<CommandResult> {
  const started = performance.now();
  if (signal?.aborted) return { exitCode: STOPPED, output: '', milliseconds: 0, ended: 'stopped' };
  const { api, shell } = container;
  const cwd = folder === '' ? {} : { cwd: folder };
  const process = await container.call(api.spawn(shell, ['-c', command], { ...cwd, env: { ...env, ...PIPES } }));
  const kept = createOutputKeeper();
  const reading = readOutput(process, (text) => {
    kept.add(text);
    onOutput?.(text);
  });
  const stopWatching = container.watch();
  try {
    const { exitCode, ended } = await container.whileAlive(waitForEnd(process, timeoutSeconds, signal));
    await withDeadline(
      container.whileAlive(reading),
      KILL_SECONDS,
      'The output of a command that has ended does not end: the sandbox is lost.',
    );
    return { exitCode, ended, output: kept.text(), milliseconds: Math.round(performance.now() - started) };
  } catch (error) {
    if (!(error instanceof SandboxLostError)) throw error;
    // Not the error itself: of a retired container several commands get the same one.
    const lost = new SandboxLostError(error.message, { cause: error });
    lost.output = kept.text();
    lost.elsewhere = error.elsewhere;
    throw lost;
  } finally {
    stopWatching();
  }
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
