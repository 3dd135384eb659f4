import type { ShellArray } from './arrays.ts';

export interface Variable {
  value: string | undefined;
  exported: boolean;
  readOnly: boolean;
  /** bash's `declare -i`: what is assigned is evaluated. */
  integer?: boolean;
  /** bash's `declare -u` and `-l`. */
  letterCase?: 'upper' | 'lower' | undefined;
  array?: ShellArray | undefined;
  /** bash's `declare -n`: the value is the name of the variable that is meant. */
  reference?: boolean;
}

export function cloneVariable(variable: Variable): Variable {
  return { ...variable, array: variable.array?.clone() };
}
