/** What is done to variables when they are set. */
import { ReadOnlyError, ShellError } from '../errors.ts';
import { evaluateArithmetic } from '../expansion/arithmetic.ts';
import { arithmeticVariables } from '../expansion/expand.ts';
import type { Shell } from '../shell.ts';
import type { Variable } from './variable.ts';

/** Throws for one that is read-only; makes one that is missing. */
export function writableVariable(shell: Shell, name: string): Variable {
  const old = shell.variables.get(name);
  if (old?.readOnly) {
    throw shell.bash ? new ReadOnlyError(name) : new ShellError(`${name}: is read only`);
  }
  if (old) return old;
  const made: Variable = { value: undefined, exported: shell.options.allexport, readOnly: false };
  shell.variables.set(name, made);
  return made;
}

/** The element that `name[key]` means. */
export function elementOf(shell: Shell, text: string): string | undefined {
  const [, name = '', key = ''] = /^(\w+)\[(.*)\]$/s.exec(text) ?? [];
  return shell.arrayOf(name)?.get(key);
}

/** What `declare -i`, `-u` and `-l` make of a value. */
export function converted(shell: Shell, variable: Variable, value: string): string {
  if (variable.integer) return evaluateArithmetic(value, arithmeticVariables(shell));
  if (!variable.letterCase) return value;
  return variable.letterCase === 'upper' ? value.toUpperCase() : value.toLowerCase();
}
