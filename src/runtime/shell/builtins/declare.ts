/** bash's declare (typeset), and its export, readonly and local, which take declare's options. */

import { ReadOnlyError, ShellError } from '../errors.ts';
import { evaluateText } from '../expansion/expand.ts';
import { arrayText, doubleQuoted } from '../expansion/transformations.ts';
import { printBody } from '../print-bash.ts';
import type { Shell, ShellFunction } from '../shell.ts';
import { ShellArray } from '../variables/arrays.ts';
import { ARRAY_ARGUMENT, assignArray, assignScalar } from '../variables/assign.ts';
import { attributeLetters, cloneVariable, type Variable } from '../variables/variable.ts';
import type { Builtin, BuiltinCall } from './builtin.ts';

interface Attributes {
  /** Letters after `-` and after `+`. */
  on: Set<string>;
  off: Set<string>;
  operands: string[];
}

function readAttributes(call: BuiltinCall): Attributes {
  const on = new Set<string>();
  const off = new Set<string>();
  let index = 0;
  for (; /^[-+]./.test(call.args[index] ?? ''); index += 1) {
    const word = call.args[index] ?? '';
    if (word === '--') {
      index += 1;
      break;
    }
    for (const letter of word.slice(1)) {
      if (!'aAfFgiIlnprtuxs'.includes(letter)) throw new ShellError(`${word}: invalid option`, 2, true);
      (word.startsWith('-') ? on : off).add(letter);
    }
  }
  return { on, off, operands: call.args.slice(index) };
}

/** `letters` are the attributes that the builtin's own name gives. */
function declaring(letters: string): Builtin {
  return async (call) => {
    const attributes = readAttributes(call);
    // `export -n`: the attribute goes.
    const removes = letters === 'x' && attributes.on.delete('n');
    for (const letter of letters) (removes ? attributes.off : attributes.on).add(letter);
    const { shell, stdout } = call;
    if (attributes.on.has('f') || attributes.on.has('F')) return await functions(call, attributes);
    if (attributes.operands.length === 0) {
      await list(call, attributes);
      return 0;
    }
    if (attributes.on.has('p') && letters === '') {
      let status = 0;
      for (const name of attributes.operands) {
        const variable = shell.variables.get(name);
        if (variable) await stdout.line(describe(name, variable, shell.arrayOf(name)));
        else {
          await shell.complain(`${call.name}: ${name}: not found`);
          status = 1;
        }
      }
      return status;
    }
    const isLocal = call.name === 'local' || (letters === '' && shell.locals.length > 0 && !attributes.on.has('g'));
    if (call.name === 'local' && shell.locals.length === 0) throw new ShellError('can only be used in a function', 1);
    let status = 0;
    for (const operand of attributes.operands) {
      if (!(await declareOne(call, operand, attributes, isLocal))) status = 1;
    }
    return status;
  };
}

async function declareOne(
  call: BuiltinCall,
  operand: string,
  attributes: Attributes,
  isLocal: boolean,
): Promise<boolean> {
  const { shell } = call;
  const match = /^([A-Za-z_]\w*)(?:\[(.*?)\])?(?:(\+?)=([\s\S]*))?$/.exec(operand);
  if (!match) {
    await shell.complain(`${call.name}: \`${operand}': not a valid identifier`);
    return false;
  }
  const [, name = '', index, plus, text] = match;
  if (isLocal) makeLocal(shell, name);
  const variable = shell.variables.get(name) ?? { value: undefined, exported: false, readOnly: false };
  if (variable.readOnly && text !== undefined) throw new ReadOnlyError(name);
  shell.variables.set(name, variable);
  setAttributes(variable, attributes);
  if (attributes.on.has('n')) {
    variable.reference = true;
    if (text !== undefined) variable.value = text;
  } else if (text === ARRAY_ARGUMENT) {
    const at = shell.arrayArguments.findIndex((argument) => argument.name === name);
    const [argument] = shell.arrayArguments.splice(at, 1);
    if (argument) await assignArray(shell, argument);
  } else if (text !== undefined && index !== undefined) {
    const key = variable.array?.associative ? index.replace(/^(['"])(.*)\1$/, '$2') : await evaluateText(shell, index);
    shell.setElement(name, key, text);
  } else if (text !== undefined) assignScalar(shell, name, text, plus === '+');
  if (attributes.on.has('r')) variable.readOnly = true;
  return true;
}

function setAttributes(variable: Variable, { on, off }: Attributes): void {
  if (on.has('A')) variable.array ??= new ShellArray(true);
  else if (on.has('a') && !variable.array) {
    variable.array = variable.value === undefined ? new ShellArray(false) : ShellArray.of([variable.value]);
    variable.value = undefined;
  }
  if (on.has('x')) variable.exported = true;
  if (off.has('x')) variable.exported = false;
  if (on.has('i')) variable.integer = true;
  if (off.has('i')) variable.integer = false;
  if (on.has('u')) variable.letterCase = 'upper';
  if (on.has('l')) variable.letterCase = 'lower';
}

/** The variable's value comes back when the function returns. */
function makeLocal(shell: Shell, name: string): void {
  const scope = shell.locals.at(-1);
  if (!scope || scope.has(name)) return;
  const old = shell.variables.get(name);
  scope.set(name, old && cloneVariable(old));
  if (!old?.readOnly) shell.variables.delete(name);
}

async function functions({ shell, stdout }: BuiltinCall, { on, operands }: Attributes): Promise<number> {
  let status = 0;
  for (const name of operands.length > 0 ? operands : [...shell.functions.keys()].sort()) {
    const definition = shell.functions.get(name);
    if (!definition) status = 1;
    else if (on.has('x')) definition.exported = true;
    else if (on.has('F')) await stdout.line(operands.length > 0 ? name : `declare -f ${name}`);
    else await stdout.line(functionText(name, definition));
  }
  return status;
}

export function functionText(name: string, { node, source }: ShellFunction): string {
  return `${name} () \n${printBody(node.body, source)}`;
}

async function list({ shell, stdout }: BuiltinCall, { on }: Attributes): Promise<void> {
  for (const [name, variable] of [...shell.variables].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (on.has('x') && !variable.exported) continue;
    if (on.has('r') && !variable.readOnly) continue;
    if (on.has('a') && (!variable.array || variable.array.associative)) continue;
    if (on.has('A') && !variable.array?.associative) continue;
    await stdout.line(describe(name, variable, shell.arrayOf(name)));
  }
}

/** `declare -x NAME="value"`. */
function describe(name: string, variable: Variable, array: ShellArray | undefined): string {
  const head = `declare -${attributeLetters(variable) || '-'} ${name}`;
  if (array) return `${head}=${arrayText(array)}`;
  return variable.value === undefined ? head : `${head}=${doubleQuoted(variable.value)}`;
}

export const bashDeclare = declaring('');
export const bashExport = declaring('x');
export const bashReadonly = declaring('r');

export const declareBuiltins: readonly [string, Builtin][] = [
  ['declare', bashDeclare],
  ['typeset', bashDeclare],
];
