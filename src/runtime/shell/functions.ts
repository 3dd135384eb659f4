/** Calls of functions. */
import { ReturnRequest, ShellError } from './errors.ts';
import { runRedirected, runStatements } from './execute.ts';
import { runReturnTrap } from './jobs/traps.ts';
import type { Shell, ShellFunction } from './shell.ts';
import { lineAt } from './syntax.ts';

/** Beyond it the Worker's own stack would overflow. */
const DEEPEST_CALL = 1000;

/** Runs a function with its arguments as positional parameters. */
export async function runFunction(shell: Shell, definition: ShellFunction, args: readonly string[]): Promise<number> {
  const { node, source } = definition;
  if (shell.callStack.length >= DEEPEST_CALL)
    throw new ShellError(`${node.name.value}: maximum function nesting level exceeded (${DEEPEST_CALL})`, 1);
  const outer = {
    positional: shell.positional,
    source: shell.source,
    loopDepth: shell.loopDepth,
    position: shell.position,
  };
  const returnTrap = shell.traps.get('RETURN');
  shell.positional = [...args];
  shell.loopDepth = 0;
  shell.locals.push(new Map());
  const line = lineAt(shell.source, shell.position);
  shell.callStack.push({ kind: 'function', name: node.name.value, line, file: definition.file });
  shell.source = source;
  try {
    if (node.body.type === 'Redirected') return await runRedirected(shell, node.body);
    const statement = { type: 'Statement', pos: node.body.pos, end: node.body.end, background: undefined } as const;
    if (node.body.type === 'CompoundList') return await runStatements(shell, node.body.commands);
    return await runStatements(shell, [{ ...statement, command: node.body }]);
  } catch (error) {
    if (error instanceof ReturnRequest) return error.status;
    if (error instanceof ShellError) error.place ??= shell.errorPlace();
    throw error;
  } finally {
    if (shell.traps.has('RETURN')) await runReturnTrap(shell, returnTrap);
    restoreLocals(shell);
    shell.callStack.pop();
    shell.positional = outer.positional;
    shell.source = outer.source;
    shell.position = outer.position;
    shell.loopDepth = outer.loopDepth;
  }
}

function restoreLocals(shell: Shell): void {
  for (const [name, old] of shell.locals.pop() ?? []) {
    if (old) shell.variables.set(name, old);
    else shell.variables.delete(name);
  }
}
