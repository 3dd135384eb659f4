import type { Builtin } from './builtin.ts';
import { controlBuiltins } from './control.ts';
import { textBuiltins } from './text.ts';
import { variableBuiltins } from './variables.ts';

export type { Builtin } from './builtin.ts';

export const builtins: ReadonlyMap<string, Builtin> = new Map([
  ...controlBuiltins,
  ...variableBuiltins,
  ...textBuiltins,
]);

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

/** Their arguments `NAME=value` are expanded as assignments. */
export const assignmentBuiltins: ReadonlySet<string> = new Set(['export', 'readonly', 'local']);
