import { bashBuiltins } from './bash.ts';
import type { Builtin } from './builtin.ts';
import { controlBuiltins } from './control.ts';
import { declareBuiltins } from './declare.ts';
import { bashJobBuiltins, jobBuiltins } from './jobs.ts';
import { limitBuiltins } from './limits.ts';
import { textBuiltins } from './text.ts';
import { variableBuiltins } from './variables.ts';

export type { Builtin } from './builtin.ts';

export const builtins: ReadonlyMap<string, Builtin> = new Map([
  ...controlBuiltins,
  ...variableBuiltins,
  ...textBuiltins,
  ...limitBuiltins,
  ...jobBuiltins,
]);

/** What bash has besides. */
const bashOnly: ReadonlyMap<string, Builtin> = new Map([...bashBuiltins, ...bashJobBuiltins, ...declareBuiltins]);

/** The builtin of this shell with the name. */
export function builtinOf(shell: { bash: boolean }, name: string): Builtin | undefined {
  if (name === 'source' && !shell.bash) return undefined;
  return builtins.get(name) ?? (shell.bash ? bashOnly.get(name) : undefined);
}

export const builtinNames = (bash: boolean): string[] => [...builtins.keys(), ...(bash ? bashOnly.keys() : [])];

/** Their errors end a script, and assignments in front of them stay (POSIX 2.14). */
export const specialBuiltins: ReadonlySet<string> = new Set([
  ':',
  '.',
  'break',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'trap',
  'unset',
]);

/** What fails in the commands that they run is no failure of their own. */
export const runsText: ReadonlySet<string> = new Set(['eval', '.', 'source', 'builtin', 'command', 'exec', 'trap']);

/** Their arguments `NAME=value` are expanded as assignments. */
export const assignmentBuiltins: ReadonlySet<string> = new Set(['export', 'readonly', 'local', 'declare', 'typeset']);
