/** Commands whose output, or a pipe to or from them, takes their place among the words of another. */

import type { ParsedScript } from 'unbash';
import { runScript } from './execute.ts';
import { makePipe } from './pipes.ts';
import { forkWith, runScope } from './scope.ts';
import type { Shell } from './shell.ts';
import { concatenate, Reader } from './streams.ts';

const FIRST_NUMBER = 63;

/** `$(…)`: the output of a script, which a subshell runs. */
export async function captureOutput(shell: Shell, script: ParsedScript): Promise<string> {
  const [input, output] = makePipe(shell);
  const child = forkWith(shell, [input, output]);
  // bash goes on after a failure within a substitution, unless it is told otherwise.
  if (shell.bash && !shell.isSet('inherit_errexit')) child.options.errexit = false;
  child.descriptors.set(1, output);
  const source = script.source ?? shell.source;
  const only = script.commands.length === 1 ? script.commands[0]?.command : undefined;
  child.traceDepth += 1;
  child.capturing = only?.type === 'Command' ? only : undefined;
  const running = runScope(child, async () => await runScript(child, script, source));
  const chunks: Uint8Array[] = [];
  for await (const chunk of new Reader(input).chunks()) chunks.push(chunk);
  input.release();
  shell.substitutionStatus = await running;
  shell.status = shell.substitutionStatus;
  return new TextDecoder().decode(concatenate(chunks)).replaceAll('\0', '');
}

/** `<(…)` and `>(…)`: the path of a pipe's end, which gets a number that no script uses, while a subshell has the other one. */
export function substituteProcess(shell: Shell, script: ParsedScript, operator: '<' | '>'): string {
  const [readEnd, writeEnd] = makePipe(shell);
  const child = forkWith(shell, [readEnd, writeEnd]);
  child.descriptors.set(operator === '<' ? 1 : 0, operator === '<' ? writeEnd : readEnd);
  let number = FIRST_NUMBER;
  while (shell.descriptors.get(number)) number -= 1;
  shell.descriptors.set(number, operator === '<' ? readEnd : writeEnd);
  shell.substitutions.push(number);
  const source = script.source ?? shell.source;
  void runScope(child, async () => await runScript(child, script, source)).catch((error: unknown) => {
    if (!child.abort.signal.aborted) throw error;
  });
  return `/dev/fd/${number}`;
}
