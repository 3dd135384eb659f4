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

/** As `declare` takes them; empty for a plain variable. */
export function attributeLetters(variable: Variable | undefined): string {
  if (!variable) return '';
  const { array, integer, reference, letterCase, readOnly, exported } = variable;
  return [
    array?.associative ? 'A' : array ? 'a' : '',
    integer ? 'i' : '',
    reference ? 'n' : '',
    letterCase === 'lower' ? 'l' : '',
    readOnly ? 'r' : '',
    letterCase === 'upper' ? 'u' : '',
    exported ? 'x' : '',
  ].join('');
}

/** A copy that shares nothing that may change. */
export function cloneVariable(variable: Variable): Variable {
  return { ...variable, array: variable.array?.clone() };
}
