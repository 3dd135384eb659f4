/** `trap`: what a script does on signals, between its commands. */
import type { CommandNode } from 'unbash';
import { runSource } from '../execute.ts';
import type { Shell } from '../shell.ts';
import { lineAt } from '../syntax.ts';
import { signalNumbers } from './signals.ts';

/** Runs the actions of the signals that came in. The status of the command before stays. */
export async function runPendingTraps(shell: Shell): Promise<void> {
  for (let name = shell.pendingSignals.shift(); name !== undefined; name = shell.pendingSignals.shift()) {
    const action = shell.traps.get(name);
    if (!action) continue;
    const status = shell.status;
    await runAction(shell, action);
    shell.status = status;
  }
}

/** Tells the shell of a signal from the kernel. False when it has no trap for it. */
export function receiveSignal(shell: Shell, signal: number): boolean {
  const name = Object.entries(signalNumbers).find(([, number]) => number === signal)?.[0];
  if (name === undefined || !shell.traps.has(name)) return false;
  shell.pendingSignals.push(name);
  shell.onSignal?.();
  return true;
}

async function runAction(shell: Shell, action: string): Promise<void> {
  const outer = shell.inTrap;
  shell.inTrap = true;
  try {
    await runSource(shell, action);
  } finally {
    shell.inTrap = outer;
  }
}

/** `trap … ERR` of bash: functions have it only under `set -E`. */
export async function runErrorTrap(shell: Shell): Promise<void> {
  const action = shell.traps.get('ERR');
  if (!action || (shell.inFunction && !shell.options.errtrace)) return;
  shell.traps.delete('ERR');
  try {
    await aboutCommand(shell, () => runAction(shell, action));
  } finally {
    shell.traps.set('ERR', action);
  }
}

/** LINENO is then the line of the command, not one of the action. */
async function aboutCommand(shell: Shell, run: () => Promise<void>): Promise<void> {
  shell.trappedLine = lineAt(shell.source, shell.position);
  try {
    await run();
  } finally {
    shell.trappedLine = undefined;
  }
}

/** For BASH_COMMAND. */
export function noteCommand(shell: Shell, command: CommandNode): void {
  if (shell.bash && !shell.inTrap) shell.command = { node: command, source: shell.source };
}

/** Notes the command that begins, and runs `trap … DEBUG` of bash: functions have it only under `set -T`. */
export async function beginCommand(shell: Shell, command: CommandNode): Promise<void> {
  if (!shell.bash || shell.inTrap) return;
  noteCommand(shell, command);
  const action = shell.traps.get('DEBUG');
  if (!action || (shell.inFunction && !shell.options.functrace)) return;
  const { status } = shell;
  await aboutCommand(shell, () => runAction(shell, action));
  shell.status = status;
}

/** `trap … RETURN` of bash, for the function that set it. */
export async function runReturnTrap(shell: Shell, before: string | undefined): Promise<void> {
  const action = shell.traps.get('RETURN');
  if (!action || (action === before && !shell.options.functrace)) return;
  const { status } = shell;
  await runAction(shell, action);
  shell.status = status;
}
