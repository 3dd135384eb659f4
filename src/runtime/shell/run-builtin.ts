/** How a builtin of the shell is called, and what is said of its errors. */

import { assignmentBuiltins, type Builtin, runsText, specialBuiltins } from './builtins/index.ts';
import { orLackOfMemory } from './engine-limits.ts';
import { describeError, errorCode, ReadOnlyError, RedirectionError, ShellError } from './errors.ts';
import type { Shell } from './shell.ts';
import { Writer } from './streams.ts';

/** Calls a builtin with the scope's descriptors, and writes what it has printed. */
export async function runBuiltin(shell: Shell, builtin: Builtin, argv: readonly string[]): Promise<number> {
  const stdout = new Writer(shell.descriptors.get(1));
  let status: number;
  try {
    status = await callBuiltin(shell, builtin, argv, stdout);
  } catch (error) {
    await stdout.flush();
    throw error;
  }
  return (await flushOutput(shell, argv[0] ?? '', stdout)) ? status : 1;
}

/** False when it could not be written; a reader that is gone is another matter. */
async function flushOutput(shell: Shell, name: string, stdout: Writer): Promise<boolean> {
  try {
    await stdout.flush();
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || code === 'EPIPE') throw error;
    await shell.complain(`${name}: ${shell.bash ? `write error: ${describeError(error)}` : `${name}: I/O error`}`);
    return false;
  }
}

async function callBuiltin(
  shell: Shell,
  builtin: Builtin,
  [name = '', ...args]: readonly string[],
  stdout: Writer,
): Promise<number> {
  try {
    return await builtin({ shell, name, args, stdout });
  } catch (thrown) {
    const error = runsText.has(name) ? thrown : orLackOfMemory(thrown);
    if (error instanceof ReadOnlyError && !runsText.has(name)) {
      await shell.complain(
        assignmentBuiltins.has(name) && !specialBuiltins.has(name) ? `${name}: ${error.message}` : error.message,
      );
      return error.status;
    }
    if (error instanceof ShellError && (!specialBuiltins.has(name) || (shell.bash && error.named))) {
      await shell.complain(`${name}: ${error.message}`);
      if (error.usage) await new Writer(shell.descriptors.get(2)).print(`${name}: usage: ${error.usage}\n`);
      return error.status;
    }
    if (error instanceof ShellError && !(error instanceof RedirectionError) && error.named) {
      throw new ShellError(`${name}: ${error.message}`, error.status);
    }
    throw error;
  }
}
