/** `trap`: what a script does on signals, between its commands. */
import { runSource } from '../execute.ts';
import type { Shell } from '../shell.ts';
import { signalNumbers } from './signals.ts';

/** Runs the actions of the signals that came in. The status of the command before stays. */
export async function runPendingTraps(shell: Shell): Promise<void> {
  for (let name = shell.pendingSignals.shift(); name !== undefined; name = shell.pendingSignals.shift()) {
    const action = shell.traps.get(name);
    if (!action) continue;
    const status = shell.status;
    await runSource(shell, action);
    shell.status = status;
  }
}

/** Tells the shell of a signal from the kernel. False when it has no trap for it. */
export function receiveSignal(shell: Shell, signal: number): boolean {
  const name = Object.entries(signalNumbers).find(([, number]) => number === signal)?.[0];
  if (name === undefined || !shell.traps.has(name)) return false;
  shell.pendingSignals.push(name);
  return true;
}

/** `trap … ERR` of bash: functions have it only under `set -E`. */
export async function runErrorTrap(shell: Shell): Promise<void> {
  const action = shell.traps.get('ERR');
  if (!action || (shell.callStack.length > 0 && !shell.options.errtrace)) return;
  shell.traps.delete('ERR');
  try {
    await runSource(shell, action);
  } finally {
    shell.traps.set('ERR', action);
  }
}
