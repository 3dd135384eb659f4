import type { Descriptor } from './descriptor.ts';
import { BROKEN_PIPE, ExitRequest, errorCode, ReturnRequest, ShellError, SyntaxFailureError } from './errors.ts';
import { runSource } from './execute.ts';
import { signalNumbers } from './jobs/signals.ts';
import type { Shell } from './shell.ts';
import { Writer } from './streams.ts';

/** A subshell that gets a pipe: where it is refused the pipe goes. */
export function forkWith(shell: Shell, ends: readonly Descriptor[]): Shell {
  try {
    return shell.fork();
  } catch (error) {
    for (const end of ends) end.release();
    throw error;
  }
}

/** Runs a shell to its end, whatever ends it. */
export async function runScope(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    let status = await settle(shell, body);
    const action = shell.traps.get('EXIT');
    if (action && mayEndItsWay(shell)) {
      shell.traps.delete('EXIT');
      // What ended the commands does not end the last ones.
      if (shell.abort.signal.aborted) shell.abort = new AbortController();
      if (shell.ownSignal === undefined) shell.status = status;
      status = await settle(shell, async () => {
        await runSource(shell, action);
        return status;
      });
    }
    return status;
  } finally {
    shell.end();
  }
}

/** Where a signal ends a shell, only bash still does what was to be done at its end, and no subshell does. */
function mayEndItsWay(shell: Shell): boolean {
  if (shell.ownSignal === undefined && !shell.abort.signal.aborted) return true;
  return shell.bash && shell === shell.main && shell.ownSignal !== signalNumbers.KILL;
}

async function settle(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof ExitRequest || error instanceof ReturnRequest) return error.status;
    if (error instanceof ShellError) {
      await report(shell, error);
      return error.status;
    }
    if (errorCode(error) === 'EPIPE') return BROKEN_PIPE;
    if (shell.abort.signal.aborted) return 143;
    throw error;
  }
}

/** Prints an error that ended a script or, on a terminal, a command. */
export async function report(shell: Shell, error: ShellError): Promise<void> {
  if (!(error instanceof SyntaxFailureError)) await shell.complain(error.message, error.place);
  else await new Writer(shell.descriptors.get(2)).print(`${error.message}\n`);
}
